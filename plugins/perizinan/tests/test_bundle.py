"""The bundle as a repository of its own: complete, in both languages, and able to run alone."""

import json
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path

import pytest
from lumbung_plugin import connect, i18n
from lumbung_plugin.testing import Siblings
from perizinan import tasks
from perizinan.migrations import upgrade

BUNDLE = Path(__file__).parent.parent

HEAVY = ("holidays", "fpdf", "PIL", "segno")


def test_every_message_is_translated():
    assert i18n.missing(BUNDLE / "perizinan") == []


def test_the_manifest_names_what_exists():
    manifest = tomllib.loads((BUNDLE / "lumbung.toml").read_text())
    assert manifest["plugin"]["entrypoint"] == "perizinan:create_app"
    assert manifest["connect"]["uses"] == ["simtaru:zoning.read"]
    assert {task["call"] for task in manifest["task"]} == {"perizinan.tasks:kpi", "perizinan.tasks:tidy"}


def test_every_setting_has_a_default_and_words_in_both_languages():
    for rule in json.loads((BUNDLE / "config.schema.json").read_text())["properties"].values():
        assert "default" in rule and rule["title"] and rule["description"]
        assert rule["x-en"]["title"] and rule["x-en"]["description"]


def test_every_file_of_facts_names_its_source():
    for path in (BUNDLE / "perizinan" / "data").glob("*.json"):
        assert len(json.loads(path.read_text())["source"]) > 40


@pytest.fixture
def demo(host):
    host.setenv("TENANT_DEMO", "1")
    upgrade()
    return host


def test_the_demonstration_has_every_state_is_marked_and_comes_once(demo, db):
    upgrade()
    row = db.execute(
        "SELECT count(*) AS n, sum(demo) AS demo, count(DISTINCT state) AS states FROM application"
    ).fetchone()
    assert row["n"] == row["demo"] == 140 and row["states"] == 8
    assert not db.execute("SELECT 1 FROM application WHERE name NOT LIKE '%(demo)%'").fetchone()


def test_the_demonstration_has_permits_of_every_standing_and_late_applications(demo, app):
    client = app.test_client()
    for standing in ("valid", "expired", "revoked"):
        assert "/periksa/" in client.get(f"/daftar?status={standing}").text
    late = {one["name"]: one["value"] for one in client.get("/_kpi").json["figures"]}["perizinan.terlambat"]
    assert 1 <= late <= 6


def test_nothing_of_the_demonstration_lies_in_the_future(demo, db):
    assert not db.execute("SELECT 1 FROM event WHERE julianday(at) > julianday('now', '+1 minute')").fetchall()


def test_the_demonstrations_code_opens_made_up_applications_only_there(demo, app, db):
    number = db.execute("SELECT number FROM application WHERE state = 'correction'").fetchone()["number"]
    form = {"number": number, "code": "demo-2026"}
    assert app.test_client().post("/ikuti", data=form).status_code == 302
    demo.delenv("TENANT_DEMO")
    assert app.test_client().post("/ikuti", data=form).status_code == 400


def test_without_the_wish_there_is_no_demonstration(db):
    assert db.execute("SELECT count(*) FROM application").fetchone()[0] == 0


def test_the_city_is_told_figures_every_hour(host, issued):
    issued()
    with Siblings(host) as lumbung:
        tasks.kpi()
        assert len(lumbung.figures) == 8


def test_tidying_says_how_much_was_forgotten(capsys):
    tasks.tidy()
    assert capsys.readouterr().out == "0 applications forgotten\n"


def test_migrating_again_changes_nothing(db):
    before = list(db.iterdump())
    upgrade()
    with closing(connect()) as fresh:
        assert list(fresh.iterdump()) == before


@pytest.mark.timeout(60)
def test_it_runs_alone_with_nothing_set_and_stays_small(tmp_path, host):
    code = (
        "import sys; from perizinan import create_app; c = create_app().test_client(); "
        "assert c.get('/').status_code == 200; assert c.get('/izin').status_code == 200; "
        "assert c.get('/kerja').status_code == 403; "
        f"assert not [m for m in {HEAVY} if m in sys.modules], 'heavy'; print('runs')"
    )
    path = ":".join([str(BUNDLE), *(entry for entry in sys.path if entry)])
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": path}, capture_output=True, text=True
    )
    assert done.stdout == "runs\n", done.stderr
    assert (tmp_path / "instance" / "data.sqlite3").is_file()


PAGES = ("/", "/izin", "/izin/reklame", "/izin/reklame/ajukan", "/ikuti", "/periksa", "/daftar", "/angka", "/tentang")


@pytest.mark.parametrize("address", PAGES)
def test_first_pages_are_small_and_speak_both_languages(demo, app, address):
    client = app.test_client()
    texts = [client.get(f"{address}?lang={lang}") for lang in ("id", "en")]
    assert all(len(text.data) < 100_000 and text.status_code == 200 for text in texts)
    assert texts[0].text != texts[1].text
