import json
import re
from datetime import date
from urllib.parse import urlsplit

import pytest
from flask import render_template_string
from lumbung_plugin import Form, charts, document, maps, paper, qr, theme
from wtforms import DecimalField

PARTS = """{% extends "lumbung/base.html" %}
{% from "lumbung/components.html" import progress, steps, timeline, facts, stacked_bar, columns, search_form, honeypot,
   table_actions, confirm %}{% from "lumbung/map.html" import map_of, map_picker %}
{% block content %}{{ progress(3, 10) }}{{ progress(0, 0) }}{{ steps([("Masuk", "done"), ("Periksa", "now", "PUPR")]) }}
{{ timeline([("2026-11-03T16:30:00", "Diterima", "a < b")]) }}{{ facts([("Alamat", None)]) }}
{{ stacked_bar("Izin", [("PUPR", [3, 1])], [("Selesai", "good"), ("Ditolak", "wrong")]) }}
{{ columns("Bulan", [], "b", "n") }}
{{ search_form(value='"><b>') }}{{ honeypot() }}{% call table_actions("A") %}x{% endcall %}
{{ confirm("Hapus", "/send", "12 <berkas>") }}{{ map_of("Peta", features) }}{{ map_of("Dua", [], url="/big") }}
{{ map_picker(form.lat, form.lon) }}{% endblock %}"""
WALL = """{% extends "lumbung/wall.html" %}{% block title %}Dasbor{% endblock %}{% block every %}9{% endblock %}
{% block content %}<p>isi</p>{% endblock %}"""
ADMIN = """{% extends "lumbung/admin.html" %}{% block tabs %}<li>tab</li>{% endblock %}
{% block content %}<h1>isi</h1>{% endblock %}"""


class Place(Form):
    lat = DecimalField("Lintang")
    lon = DecimalField("Bujur")


def point(lon: object, lat: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [lon, lat]}}


def square(side: float, **properties: object) -> dict[str, object]:
    ring = [[117, 0], [117 + side, 0], [117 + side, side], [117, side], [117, 0]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


@pytest.fixture
def parts(app):
    features = [point(117.4, 0.1, name="</script>'\"<b>", url="javascript:alert(1)", tone="good"), square(1, name="D")]
    app.add_url_rule("/parts", "parts", lambda: render_template_string(PARTS, features=features, form=Place()))
    app.add_url_rule("/wall", "wall", lambda: render_template_string(WALL))
    app.add_url_rule("/tabs", "tabs", lambda: render_template_string(ADMIN))
    return app.test_client()


def test_every_part_does_without_inline_script_or_style(parts):
    text = parts.get("/parts").text
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", text)


def test_what_people_wrote_never_becomes_markup(parts):
    text = parts.get("/parts").text
    assert "<b>" not in text and "javascript:" not in text and "12 &lt;berkas&gt;" in text and "a &lt; b" in text


def test_a_page_with_several_maps_brings_their_files_once(parts):
    text = parts.get("/parts").text
    assert text.count("data-map=") == 3 and text.count("map.js") == 1


def test_a_map_is_also_a_drawing_and_a_list(parts):
    text = parts.get("/parts").text
    assert '<svg class="map-drawing"' in text and '<th scope="row">D</th>' in text


def test_a_destructive_act_names_what_it_destroys_and_carries_the_token(parts):
    form = parts.get("/parts").text.split('<details class="confirm">')[1].split("</form>")[0]
    assert 'name="csrf_token"' in form and "Yang akan dihapus: 12" in form


def test_nothing_is_a_dash_and_none_of_none_is_no_error(parts):
    text = parts.get("/parts").text
    assert "<dd>–</dd>" in text and "0 dari 0" in text


def test_a_wall_renews_itself_with_and_without_javascript(parts):
    text = parts.get("/wall").text
    assert '<noscript><meta http-equiv="refresh" content="9"></noscript>' in text and 'data-every="9"' in text
    assert "<title>Dasbor ·" in text


def test_a_staff_page_keeps_its_tabs_beside_the_content(parts):
    text = parts.get("/tabs").text
    assert text.index("<li>tab</li>") < text.index("<h1>isi</h1>") < text.index("</main>")


def test_the_themes_files_may_be_kept_at_their_own_address_only(parts):
    found = re.search(r'href="([^"]+map\.css)"', parts.get("/parts").text)
    assert found
    path = urlsplit(found[1]).path
    assert "immutable" in parts.get(path).headers["Cache-Control"]
    assert parts.get(re.sub(r"/theme/\w+/", "/theme/000000000000/", path)).status_code == 404
    assert parts.get(path.replace("map.css", "lumbung.css")).status_code == 404


def test_leaflet_is_served_from_here(parts):
    found = re.search(r'data-leaflet="([^"]+)"', parts.get("/parts").text)
    assert found and "Leaflet" in parts.get(found[1]).text


def test_without_the_wheel_a_map_stays_a_drawing(parts, monkeypatch):
    monkeypatch.setattr(theme, "_leaflet", lambda name: None)
    text = parts.get("/parts").text
    assert "map.js" not in text and "map-drawing" in text


def test_a_drawing_keeps_north_up_and_within_its_box():
    drawing = maps.shape([point(117, 1), point(118, 0)])
    places = [[float(n) for n in re.findall(r"[\d.]+", mark.path)][:2] for mark in drawing.marks]
    (left, top), (right, bottom) = places
    assert 0 < left < right < drawing.width and 0 < top < bottom < drawing.height


def test_areas_lie_beneath_points():
    assert [mark.kind for mark in maps.shape([point(117, 0), square(1)]).marks] == ["area", "point"]


@pytest.mark.parametrize(
    "feature",
    [
        {},
        None,
        point(200, 0),
        point("x", 0),
        point(float("nan"), 0),
        {"geometry": {"type": "Circle", "coordinates": [1, 2]}},
        {"geometry": {"type": ["Point"], "coordinates": [1, 2]}},
        {"geometry": {"type": "Polygon", "coordinates": [[1, 2]]}},
        {"geometry": {"type": "Polygon", "coordinates": {"a": 1}}},
        {"geometry": {"type": "Point"}},
    ],
)
def test_what_is_no_place_is_left_out_and_counted(feature):
    drawing = maps.shape([feature, point(117, 0)])
    assert (drawing.left_out, len(drawing.marks)) == (1, 1)


def test_a_map_has_a_largest_size():
    many = maps.shape([point(117, 0)] * (maps.MOST_FEATURES + 5))
    assert many.left_out == 5
    line = {"geometry": {"type": "LineString", "coordinates": [[117, 0]] * (maps.MOST_POINTS + 1)}}
    assert maps.shape([line]).left_out == 1


@pytest.mark.parametrize("url", ["javascript:x", "//evil.example", "/\\evil.example", "data:text/html,x", " /a"])
def test_an_address_that_leads_astray_is_dropped(url):
    assert maps.shape([point(117, 0, url=url)]).marks[0].url == ""


def test_unknown_tones_and_colours_are_the_usual_one():
    mark = maps.shape([point(117, 0, tone="x onload=1", colour='"><b>')]).marks[0]
    assert (mark.tone, mark.colour) == ("info", "")


def test_an_empty_map_is_still_a_drawing():
    drawing = maps.shape([])
    assert drawing.marks == () and json.loads(drawing.geojson)["features"] == []


def test_parts_of_a_bar_lie_one_after_another():
    assert charts.stack([[1, 3], [0, -2]]) == [[(0.0, 25.0), (25.0, 75.0)], [(0.0, 0.0), (0.0, 0.0)]]


def test_a_qr_code_is_a_drawing_without_its_text_as_markup():
    drawn = qr.svg("https://a.example/<b>", label='"x')
    assert drawn.startswith("<svg ") and "<b>" not in drawn and 'aria-label="&#34;x"' in drawn and "style=" not in drawn


def test_a_qr_code_too_long_to_read_is_refused():
    with pytest.raises(ValueError, match="at most 1000"):
        qr.svg("x" * 1001)


def letter() -> document.Document:
    made = document.Document("Izin", "PRZ-2026-000001", "Dinas PUPR", "Jalan Contoh 1")
    made.paragraph("Dengan ini – “sah”.").facts([("Nama", "Ş 漢\x00"), ("Luas", None)]).table(
        ["a", "n"], [["x", 1]] * 3
    )
    return made.qr("https://a.example", "Periksa").signature("Bontang", date(2026, 11, 23), "Kepala Dinas", "Pejabat")


def test_equal_letters_are_equal_bytes():
    assert letter().bytes() == letter().bytes() and letter().bytes().startswith(b"%PDF-")


def test_a_letter_says_its_language_and_title():
    made = letter().bytes()
    assert b"id-ID" in made and b"/Title (Izin)" in made


def test_letters_the_font_lacks_are_replaced_readably():
    assert document.latin("Ş – “é” 漢\x00") == 'S - "é" ?'


def test_a_demo_letter_differs_from_a_real_one(environment):
    real = letter().bytes()
    environment.setenv("TENANT_DEMO", "1")
    assert letter().bytes() != real


def test_a_letter_has_a_largest_size(monkeypatch):
    monkeypatch.setattr(paper, "MOST_PAGES", 2)
    with pytest.raises(document.TooLongError):
        letter().paragraph("x" * 20_001)
    with pytest.raises(document.TooLongError):
        letter().table(["a"], [["x"]] * 200)


def test_a_long_fact_and_many_facts_go_on_to_the_next_page():
    assert letter().facts([(f"Nama {n}", "kata " * 400) for n in range(4)]).bytes().count(b"/Type /Page\n") >= 3
