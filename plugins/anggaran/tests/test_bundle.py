"""The bundle as a repository of its own: complete, in both languages, with a demonstration, able to run alone."""

import json
import subprocess
import sys
import time
import tomllib
from contextlib import closing
from pathlib import Path

import pytest
from anggaran import figures, sums, tasks
from anggaran.migrations import upgrade
from lumbung_plugin import connect, i18n
from lumbung_plugin.testing import Siblings

BUNDLE = Path(__file__).parent.parent


def test_every_message_is_translated():
    assert i18n.missing(BUNDLE / "anggaran") == []


def test_the_manifest_names_what_exists():
    manifest = tomllib.loads((BUNDLE / "lumbung.toml").read_text())
    assert manifest["plugin"]["entrypoint"] == "anggaran:create_app"
    assert manifest["connect"]["provides"] == {"kpi.read": "/_kpi"}
    assert all(hasattr(tasks, task["call"].partition(":")[2]) for task in manifest["task"])


def test_every_setting_has_a_default_and_words_in_both_languages():
    for rule in json.loads((BUNDLE / "config.schema.json").read_text())["properties"].values():
        assert "default" in rule and rule["title"] and rule["description"]
        assert rule["x-en"]["title"] and rule["x-en"]["description"]


def test_migrating_again_changes_nothing(db):
    before = list(db.iterdump())
    upgrade()
    with closing(connect()) as fresh:
        assert list(fresh.iterdump()) == before


def test_a_demonstration_is_rich_marked_and_quick(host, db):
    host.setenv("TENANT_DEMO", "1")
    began = time.monotonic()
    upgrade()
    upgrade()
    assert time.monotonic() - began < 3
    assert [tuple(row) for row in db.execute("SELECT count(*), sum(demo) FROM year")] == [(1, 1)]
    for row in db.execute("SELECT id FROM version").fetchall():
        total = sums.total(db, row["id"])
        assert total.struck and total.cut > total.struck and total.n > 400
    assert {row[0] for row in db.execute("SELECT DISTINCT state FROM item")} == {"draft", "submitted", "struck"}
    told = {figure.name: figure.value for figure in figures.figures(db)}
    assert told["anggaran.menunggu"] and told["anggaran.dihemat"]
    assert not db.execute("SELECT 1 FROM event WHERE julianday(at) > julianday('now', '+1 minute')").fetchall()
    assert not db.execute("SELECT 1 FROM event WHERE actor_name NOT LIKE '%(demo)'").fetchall()


def test_made_up_sums_stay_marked_when_the_city_is_real(host, client):
    host.setenv("TENANT_DEMO", "1")
    upgrade()
    host.delenv("TENANT_DEMO")
    assert "contoh (demo)" in client.get("/").text


def test_the_city_hears_the_figures(host, propose):
    propose()
    with Siblings(host) as lumbung:
        tasks.kpi()
    assert "anggaran.pagu" in {figure["name"] for figure in lumbung.figures}


@pytest.mark.timeout(60)
def test_it_runs_alone_with_nothing_set(tmp_path):
    code = (
        "from anggaran import create_app; c = create_app().test_client(); "
        "assert c.get('/').status_code == 200; assert c.get('/kerja').status_code == 403; print('runs')"
    )
    path = ":".join([str(BUNDLE), *(entry for entry in sys.path if entry)])
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": path}, capture_output=True, text=True
    )
    assert done.stdout == "runs\n", done.stderr
