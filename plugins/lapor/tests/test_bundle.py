"""The bundle as a repository of its own: complete, in both languages, and able to run alone."""

import json
import os
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path

import pytest
from lapor.migrations import upgrade
from lumbung_plugin import connect, i18n

BUNDLE = Path(__file__).parent.parent


def dump(db: sqlite3.Connection) -> list[str]:
    return list(db.iterdump())


def test_every_message_is_translated():
    assert i18n.missing(BUNDLE / "lapor") == []


def test_the_manifest_names_what_exists():
    manifest = tomllib.loads((BUNDLE / "lumbung.toml").read_text())
    assert manifest["plugin"]["entrypoint"] == "lapor:create_app"
    assert (BUNDLE / manifest["config"]["schema"]).is_file()
    assert set(manifest["access"]["staff"]) == {"/kerja", "/admin"}
    assert manifest["connect"]["provides"] == {"kpi.read": "/_kpi", "reports.create": "/_laporan"}


def test_every_setting_has_a_default_and_words_in_both_languages():
    for rule in json.loads((BUNDLE / "config.schema.json").read_text())["properties"].values():
        assert "default" in rule and rule["title"] and rule["description"]
        assert rule["x-en"]["title"] and rule["x-en"]["description"]


def test_migrating_again_changes_nothing(db):
    upgrade()
    before = dump(db)
    upgrade()
    with closing(connect()) as fresh:
        assert dump(fresh) == before


def test_demo_reports_are_marked_and_come_only_once(host, db):
    host.setenv("TENANT_DEMO", "1")
    upgrade()
    upgrade()
    rows = db.execute("SELECT count(*) AS n, sum(demo) AS demo, count(DISTINCT state) AS states FROM report").fetchone()
    assert (rows["n"], rows["demo"]) == (300, 300) and rows["states"] == 7


def test_without_the_wish_there_is_no_demo(db):
    assert db.execute("SELECT count(*) FROM report").fetchone()[0] == 0


def test_demo_history_never_lies_in_the_future(host, db):
    host.setenv("TENANT_DEMO", "1")
    upgrade()
    assert not db.execute("SELECT 1 FROM event WHERE julianday(at) > julianday('now', '+1 minute')").fetchall()


HEAVY = ("PIL", "holidays", "fpdf", "segno", "lapor.demo_texts", "lapor.migrations")


@pytest.mark.timeout(60)
def test_waking_loads_no_library_that_pages_do_not_need(tmp_path):
    code = (
        "import sys; from lapor import create_app; c = create_app().test_client(); "
        "assert c.get('/lapor').status_code == c.get('/laporan').status_code == 200; "
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    path = ":".join([str(BUNDLE), *(entry for entry in sys.path if entry)])
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "[]\n", done.stderr


@pytest.mark.timeout(60)
def test_it_runs_alone_with_nothing_set(tmp_path, host):
    code = (
        "from lapor import create_app; c = create_app().test_client(); "
        "assert c.get('/').status_code == 200; assert c.get('/kerja').status_code == 403; print('runs')"
    )
    path = ":".join([str(BUNDLE), *(entry for entry in sys.path if entry)])
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": path}, capture_output=True, text=True
    )
    assert done.stdout == "runs\n", done.stderr
    assert (tmp_path / "instance" / "data.sqlite3").is_file()
