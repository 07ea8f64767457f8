import json
import subprocess
import sys
from pathlib import Path

import pytest
from lumbung_plugin import city, i18n, public_url, settings
from lumbung_plugin.colour import FALLBACK, READABLE, WHITE, contrast, foreground, parse, readable

PACKAGE = Path(i18n.__file__).parent


def test_the_city_is_what_the_host_says():
    assert (city().code, city().name, city().timezone) == ("64.74", "Kota Bontang", "Asia/Makassar")


def test_settings_are_the_citys_choice_over_the_defaults(app, environment, tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"title": "Kesah Etam"}))
    environment.setenv("CONFIG_FILE", str(tmp_path / "config.json"))
    with app.app_context():
        assert dict(settings()) == {"title": "Kesah Etam", "days": 5}


def test_settings_cannot_be_changed_by_accident(app):
    with app.app_context(), pytest.raises(TypeError):
        settings()["title"] = "x"


def test_public_addresses_never_follow_the_host_header(app):
    with app.test_request_context("/", headers={"Host": "evil.example"}):
        assert public_url("home") == "http://lapor.bontang.localhost:8000/"


@pytest.mark.parametrize("colour", ["#ffd400", "#ffffff", "#000000", "#0b6e6e", "#ff0000", "#7ec8e3"])
def test_any_city_colour_stays_legible(colour):
    rgb = parse(colour)
    assert contrast(rgb, foreground(rgb)) >= READABLE
    assert contrast(readable(rgb), WHITE) >= READABLE


def test_a_colour_that_is_none_is_the_house_colour():
    assert parse("red; background:url(x)") == FALLBACK


def test_every_message_is_translated():
    assert i18n.missing(PACKAGE) == []


def test_indonesian_has_one_plural_form(app):
    catalogue = i18n.load(str(PACKAGE / "translations"), "id")
    one = catalogue.ungettext(
        "Field must be at least %(min)d character long.", "Field must be at least %(min)d characters long.", 3
    )
    assert one == "Isian minimal %(min)d karakter."


def test_the_applications_catalogue_overrides_the_librarys(app):
    folder = Path(app.root_path) / "translations/id/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "Demo data"\nmsgstr "Contoh saja"\n')
    assert "<h1>Contoh saja</h1>" in app.test_client().get("/").text


def test_the_library_imports_nothing_of_the_registry():
    code = "import sys, lumbung_plugin; sys.exit(any(m.split('.')[0] == 'registry' for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, timeout=60).returncode == 0
