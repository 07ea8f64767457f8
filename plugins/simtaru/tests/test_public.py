"""The citizen's look-up, and what siblings are told."""

import pytest
from lumbung_plugin.testing import as_sibling

from .conftest import collection, feature, square

INSIDE = {"lat": "0.1005", "lon": "117.4005"}


def test_without_a_plan_every_page_says_so(client):
    for path in ("/", "/cek", "/permohonan"):
        assert client.get(path).status_code == 200
    assert client.get("/_zona?lat=0.1&lon=117.4").json["zone"] is None


def test_a_place_is_answered_with_zone_verdict_and_condition(published, ruled, client):
    published()
    ruled("R-2", "RUKO", "B", "Parkir di dalam persil")
    text = client.get("/cek", query_string=INSIDE | {"use": "RUKO", "lang": "id"}).text
    assert "R-2 · Perumahan kepadatan tinggi" in text and "Diizinkan bersyarat" in text and "Parkir di dalam" in text


def test_a_place_outside_of_the_plan_is_no_error(published, client):
    published()
    assert "Di luar rencana" in client.get("/cek?lat=0.9&lon=117.9&lang=id").text


def test_nonsense_coordinates_stay_in_the_form_with_a_sentence(published, client):
    published()
    answer = client.get("/cek?lat=utara&lon=117.4&lang=id")
    assert answer.status_code == 422 and 'value="utara"' in answer.text and "Tulis lintang" in answer.text


def test_looking_up_keeps_a_count_and_nothing_else(published, client, db):
    published()
    for _ in range(3):
        client.get("/cek", query_string=INSIDE)
    assert [tuple(row)[1:] for row in db.execute("SELECT * FROM lookup")] == [("R-2", 1)]


def test_a_use_shows_where_it_is_allowed(published, ruled, client):
    published()
    ruled("K-1", "RUKO", "I")
    text = client.get("/kegiatan/RUKO?lang=en").text
    assert "Allowed" in text and "Not laid down" in text


def test_a_large_plan_keeps_the_first_page_small(published, client):
    zones = [feature("R-2", square(117.1 + at % 40 * 0.001, 0.1 + at // 40 * 0.001)) for at in range(900)]
    published(collection(*zones))
    assert len(client.get("/").data) < 100_000
    assert len(client.get("/peta.json").json["features"]) == 900
    assert client.get("/peta.svg").text.count("<path") == 900


def test_a_search_for_a_wildcard_finds_nothing(published, client):
    published()
    assert client.get("/cek?q=%25%25%25").status_code == 200


@pytest.mark.parametrize("letter", ["I", "X"])
def test_a_sibling_gets_zone_use_verdict_and_the_public_page(published, ruled, client, letter):
    published()
    ruled("R-2", "RUKO", letter)
    told = as_sibling(client, "perizinan", "zoning.read").get("/_zona", query_string=INSIDE | {"use": "RUKO"}).json
    assert told["zone"]["code"] == "R-2" and told["zone"]["class"] == "Perumahan"
    assert told["use"]["code"] == "RUKO"
    assert told["verdict"] == {"I": "allowed", "X": "forbidden"}[letter]
    assert told["url"].startswith("http://simtaru.bontang.localhost:8000/cek?")


@pytest.mark.parametrize("query", ["", "lat=x&lon=1", "lat=51&lon=0", "lat=0.1&lon=117.4&use=NONSENSE"])
def test_a_sibling_that_asks_badly_is_told_so(published, client, query):
    published()
    answer = client.get(f"/_zona?{query}")
    assert answer.status_code == 422 and answer.json["error"]


def test_a_sibling_gets_the_open_uses(client, administrator):
    administrator.post("/admin/kegiatan/RUKO/pakai", data={"active": "0"})
    codes = [use["code"] for use in client.get("/_zona/kegiatan").json["uses"]]
    assert "KOS" in codes and "RUKO" not in codes


def test_a_city_suffix_follows_the_rules_of_its_class(published, ruled, client):
    published(collection(feature("R-2.a", square(117.4, 0.1))))
    ruled("R-2", "RUKO", "X")
    assert client.get("/_zona", query_string=INSIDE | {"use": "RUKO"}).json["verdict"] == "forbidden"
