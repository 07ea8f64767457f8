import re
from urllib.parse import urlsplit

import pytest


def test_the_page_speaks_the_citys_language_unless_asked_otherwise(client):
    assert "<h1>Data demo</h1>" in client.get("/").text


def test_the_browsers_wish_counts_before_the_citys_language(client):
    assert "<h1>Demo data</h1>" in client.get("/", headers={"Accept-Language": "en"}).text


def test_a_chosen_language_is_remembered(client):
    assert '<html lang="en">' in client.get("/?lang=en").text
    assert '<html lang="en">' in client.get("/", headers={"Accept-Language": "id"}).text


def test_an_unknown_language_is_no_choice(client):
    assert '<html lang="id">' in client.get("/?lang=xx").text


def test_the_language_switch_keeps_the_filters(client):
    assert "/?q=jalan&amp;lang=en" in client.get("/?q=jalan").text


def test_times_are_the_citys(client):
    assert '<p id="when">4 Nov 2026 00.30</p>' in client.get("/").text.replace("00:30", "00.30")


def test_money_is_whole_rupiah(client):
    assert "Rp" in (text := client.get("/").text) and "1.500.000</p>" in text


def test_no_page_carries_inline_script_or_style(client):
    page = client.get("/")
    assert not re.search(r"<script(?![^>]* src=\"/theme/)|<style| style=| on\w+=", page.text)
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "script-src 'self'" in policy and "frame-ancestors 'none'" in policy


def test_the_citys_logo_may_be_shown_and_nothing_else_from_elsewhere(environment, make_app):
    environment.setenv("TENANT_LOGO", "https://bontang.example/logo.svg")
    policy = make_app().test_client().get("/").headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://bontang.example;" in policy


def test_staff_pages_are_not_kept_by_the_browser(client, staff):
    assert client.get("/", environ_overrides=staff("operator")).headers["Cache-Control"] == "no-store"


def test_the_stylesheet_carries_the_citys_colour_and_may_be_kept(client):
    page = client.get("/").text
    href = page.split('rel="stylesheet" href="')[1].split('"')[0]
    sheet = client.get(urlsplit(href).path)
    assert "--city:#ffd400" in sheet.text and "immutable" in sheet.headers["Cache-Control"]
    assert len(sheet.data) < 26_000


@pytest.mark.parametrize("code", [400, 403, 404, 413, 429])
@pytest.mark.parametrize(("lang", "back"), [("id", "Ke halaman depan"), ("en", "To the first page")])
def test_every_refusal_has_a_page_in_both_languages(client, code, lang, back):
    answer = client.get(f"/stop/{code}?lang={lang}")
    assert answer.status_code == code and back in answer.text


def test_a_crash_tells_nothing_of_itself(client, app):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get("/crash")
    assert answer.status_code == 500 and "ZeroDivision" not in answer.text and "Ada yang salah" in answer.text


def test_a_form_without_token_is_refused(client):
    assert client.post("/send", data={"a": "1"}).status_code == 400


def test_a_body_over_the_limit_is_refused(client, app):
    app.config["MAX_CONTENT_LENGTH"] = 10
    assert client.post("/send", data={"a": "x" * 100}).status_code == 413


def test_demo_data_is_marked(environment, make_app):
    environment.setenv("TENANT_DEMO", "1")
    assert "badge-demo" in make_app().test_client().get("/").text


def test_a_chart_is_also_a_table(client):
    text = client.get("/").text
    assert text.count("<svg") >= 3 and 'scope="row">PUPR</th>' in text and '<th scope="row">2</th>' in text


def test_only_a_page_with_a_table_brings_what_folds_it_on_a_phone(client):
    assert "tables.js" in client.get("/").text
    assert "tables.js" not in client.get("/nowhere").text


def test_health_says_ok_or_ill(make_app):
    def broken() -> None:
        raise OSError("disk is gone")

    assert make_app().test_client().get("/healthz").text == "ok\n"
    assert make_app(health=broken).test_client().get("/healthz").status_code == 503
    assert make_app(health=lambda: False).test_client().get("/healthz").status_code == 503
