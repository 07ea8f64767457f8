"""What every page has in common: language, safety, weight."""

import gzip
import re
from datetime import UTC, date, datetime

from registry.config import REPOSITORY
from registry.web import assets, i18n
from registry.web.templating import STATIC
from registry.web.translations import __main__ as translations

MAX_FIRST_PAGE = 100 * 1024


def test_bahasa_indonesia_comes_first(client):
    assert '<html lang="id">' in client.get("/cities").text


def test_the_address_the_cookie_and_the_browser_choose_the_language(client):
    assert 'lang="en"' in client.get("/cities", headers={"Accept-Language": "en-GB,id;q=0.5"}).text[:200]
    assert '<html lang="en">' in client.get("/cities?lang=en").text
    assert '<html lang="en">' in client.get("/cities").text
    assert '<html lang="id">' in client.get("/cities?lang=id&q=x").text


def test_an_unknown_language_changes_nothing(client):
    assert '<html lang="id">' in client.get("/cities?lang=xx").text


def test_a_moment_is_of_the_day_that_the_programme_s_seat_has_then(app):
    with app.test_request_context("/?lang=en"):
        assert i18n.day(datetime(2026, 11, 23, 17, tzinfo=UTC)) == "November 24, 2026"
        assert i18n.day(datetime(2026, 11, 23, 16, 59, tzinfo=UTC)) == i18n.day(date(2026, 11, 23))


def test_no_page_takes_a_script_or_a_frame_from_elsewhere(client):
    policy = client.get("/cities").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy
    headers = client.get("/cities").headers
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "same-origin"


def test_templates_hold_no_inline_style_or_script():
    """Of pages: mails and documents on paper are not shown by a browser under our policy."""
    inline = re.compile(r"<[a-z][^>]*\s(style|on[a-z]+)=|<script(?![^>]*\bsrc=)[^>]*>|<style(?![^>]*nonce)")
    for path in (REPOSITORY / "registry").rglob("templates/**/*.html"):
        is_page = path.name != "mail.html" and not {"documents", "pdf"} & set(path.parts)
        assert not is_page or not inline.search(path.read_text()), path


def test_the_first_page_is_light():
    files = [STATIC / "lumbung.css", STATIC / "lumbung.js", STATIC / "logo.svg", *(STATIC / "vendor").glob("*.min.*")]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < MAX_FIRST_PAGE - 15 * 1024


def test_every_icon_that_is_named_exists():
    icons = REPOSITORY / "node_modules" / assets.ICONS
    named = re.compile(r"""(?:icon|svg_icon)\(\s*"([a-z0-9-]+)\"""")
    for path in (REPOSITORY / "registry").rglob("templates/**/*.html"):
        for name in named.findall(path.read_text()):
            assert (icons / f"{name}.svg").is_file(), f"{path.name}: {name}"


def test_assets_say_what_to_do_when_npm_has_not_run(tmp_path):
    try:
        assets.install(tmp_path)
    except assets.AssetsMissingError as error:
        assert "npm ci" in str(error)
    else:
        raise AssertionError("nothing was missing")


def test_every_string_is_translated():
    assert list(translations.missing("id")) == []


def test_translations_keep_their_placeholders():
    assert list(translations.wrong("id")) == []
