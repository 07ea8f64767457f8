"""The bundle as a repository of its own: complete, in both languages, with a demonstration, able to run alone."""

import json
import subprocess
import sys
import time
import tomllib
from contextlib import closing
from pathlib import Path

import pytest
from lumbung_plugin import connect, i18n, today
from lumbung_plugin.testing import Siblings
from rencana import follow, plan, tasks
from rencana.migrations import upgrade
from rencana.plan import Wanted

BUNDLE = Path(__file__).parent.parent


def test_every_message_is_translated():
    assert i18n.missing(BUNDLE / "rencana") == []


def test_the_manifest_asks_for_what_is_followed():
    manifest = tomllib.loads((BUNDLE / "lumbung.toml").read_text())
    assert manifest["connect"]["uses"] == [f"{app}:kpi.read" for app in follow.APPS]
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


def test_a_demonstration_is_rich_marked_and_quick(host, db, client):
    host.setenv("TENANT_DEMO", "1")
    began = time.monotonic()
    upgrade()
    upgrade()
    assert time.monotonic() - began < 3
    found = plan.programmes(db, Wanted(), today())
    assert len({one.row["aim_id"] for one in found}) == 7 and sum(one.row["quick"] for one in found) == 3
    assert len({one.health for one in found}) >= 3 and plan.blockers(db)
    assert not db.execute("SELECT 1 FROM programme WHERE demo = 0").fetchall()
    assert len(client.get("/").data) < 100_000
    host.delenv("TENANT_DEMO")
    assert "contoh (demo)" in client.get("/").text


def test_the_city_hears_the_figures(host, milestone):
    milestone()
    with Siblings(host) as lumbung:
        tasks.kpi()
    assert "rencana.kemajuan" in {figure["name"] for figure in lumbung.figures}


@pytest.mark.timeout(60)
def test_it_runs_alone_with_nothing_set(tmp_path):
    code = (
        "from rencana import create_app; c = create_app().test_client(); "
        "assert c.get('/').status_code == 200; assert c.get('/kerja').status_code == 403; print('runs')"
    )
    path = ":".join([str(BUNDLE), *(entry for entry in sys.path if entry)])
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": path}, capture_output=True, text=True
    )
    assert done.stdout == "runs\n", done.stderr
