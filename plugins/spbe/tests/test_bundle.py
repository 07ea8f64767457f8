"""The bundle as a repository of its own: complete, in both languages, and able to run alone."""

import json
import os
import subprocess
import sys
import time
import tomllib
from contextlib import closing
from pathlib import Path

import pytest
from lumbung_plugin import attachments, connect, i18n
from lumbung_plugin.testing import Siblings, as_sibling
from spbe import tasks
from spbe.migrations import upgrade

BUNDLE = Path(__file__).parent.parent


def test_every_message_is_translated():
    assert i18n.missing(BUNDLE / "spbe") == []


def test_every_setting_has_a_default_and_words_in_both_languages():
    for rule in json.loads((BUNDLE / "config.schema.json").read_text())["properties"].values():
        assert "default" in rule and rule["title"] and rule["description"]
        assert rule["x-en"]["title"] and rule["x-en"]["description"]


def test_the_manifest_names_what_siblings_ask_for():
    assert tomllib.loads((BUNDLE / "lumbung.toml").read_text())["connect"]["provides"] == {"kpi.read": "/_kpi"}


def test_migrating_again_changes_nothing(db):
    before = list(db.iterdump())
    upgrade()
    with closing(connect()) as fresh:
        assert list(fresh.iterdump()) == before


def test_the_demo_comes_once_quickly_and_marked(host, app, db):
    host.setenv("TENANT_DEMO", "1")
    started = time.monotonic()
    upgrade()
    upgrade()
    assert time.monotonic() - started < 3
    assert db.execute("SELECT count(*), min(demo) FROM year").fetchone()[:] == (7, 1)
    assert len(app.test_client().get("/").data) < 100_000


def test_cities_have_demos_of_their_own(host, tmp_path):
    host.setenv("TENANT_DEMO", "1")
    found = []
    for code in ("64.74", "32.73", "21.72"):
        host.setenv("TENANT_CODE", code)
        host.setenv("DATA_DIR", str(tmp_path / code))
        upgrade()
        with closing(connect()) as db:
            found.append([tuple(row) for row in db.execute("SELECT level FROM score ORDER BY id")])
    assert found[0] != found[1] != found[2]


def test_figures_name_nobody(host, app):
    host.setenv("TENANT_DEMO", "1")
    upgrade()
    told = as_sibling(app.test_client(), "rencana", "kpi.read").get("/_kpi").json["figures"]
    assert {"spbe.index", "spbe.answered", "spbe.missing"} <= {one["name"] for one in told}
    assert "(demo)" not in json.dumps(told)


def test_the_task_reports_the_same_figures(host, begun):
    begun()
    with Siblings(host) as lumbung:
        tasks.kpi()
        assert "spbe.answered" in {one["name"] for one in lumbung.figures}


def test_files_nobody_names_go_after_a_day(host):
    old, young = (attachments.folder() / f"{letter * 32}.pdf" for letter in "ab")
    for path in (old, young):
        path.write_bytes(b"x")
    os.utime(old, (0, 0))
    tasks.tidy()
    assert not old.exists() and young.exists()


@pytest.mark.timeout(60)
def test_it_runs_alone_with_nothing_set(tmp_path):
    code = (
        "from spbe import create_app; c = create_app().test_client(); "
        "assert c.get('/').status_code == 200; assert c.get('/kerja').status_code == 403; "
        "import sys; assert 'fpdf' not in sys.modules, 'a woken plugin is light'; print('runs')"
    )
    path = ":".join([str(BUNDLE), *(entry for entry in sys.path if entry)])
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": path}, capture_output=True, text=True
    )
    assert done.stdout == "runs\n", done.stderr
