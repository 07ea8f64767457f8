"""The bundle as a repository of its own: complete, in both languages, and able to run alone."""

import json
import subprocess
import sys
import time
import tomllib
from contextlib import closing
from pathlib import Path

import pytest
from lumbung_plugin import connect, i18n
from lumbung_plugin.testing import Siblings, as_sibling
from simtaru import demo_map, importing, tasks
from simtaru.migrations import upgrade

BUNDLE = Path(__file__).parent.parent


def test_every_message_is_translated():
    assert i18n.missing(BUNDLE / "simtaru") == []


def test_every_setting_has_a_default_and_words_in_both_languages():
    for rule in json.loads((BUNDLE / "config.schema.json").read_text())["properties"].values():
        assert "default" in rule and rule["title"] and rule["description"]
        assert rule["x-en"]["title"] and rule["x-en"]["description"]


def test_the_manifest_names_what_siblings_ask_for():
    manifest = tomllib.loads((BUNDLE / "lumbung.toml").read_text())
    assert manifest["connect"]["provides"] == {"kpi.read": "/_kpi", "zoning.read": "/_zona"}


def test_migrating_again_changes_nothing(db):
    before = list(db.iterdump())
    upgrade()
    with closing(connect()) as fresh:
        assert list(fresh.iterdump()) == before


@pytest.mark.parametrize("code", ["64.74", "21.72", "32.73", "00.00"])
def test_the_invented_plan_has_no_problem_and_only_its_draft_has_warnings(code):
    reads = [importing.read(demo_map.geojson(code, edition)) for edition in (1, 2, 3)]
    assert [read.problems for read in reads] == [[], [], []]
    assert [bool(read.warnings) for read in reads] == [False, False, True]


def test_the_invented_plans_of_two_cities_differ():
    assert demo_map.geojson("64.74", 2) != demo_map.geojson("32.73", 2)


def test_the_demo_comes_once_quickly_and_marked(host, app, db):
    host.setenv("TENANT_DEMO", "1")
    started = time.monotonic()
    upgrade()
    upgrade()
    assert time.monotonic() - started < 3
    assert db.execute("SELECT count(*), min(invented) FROM plan").fetchone()[:] == (3, 1)
    home = app.test_client().get("/?lang=id")
    assert "Peta rekaan" in home.text and len(home.data) < 100_000


def test_an_invented_plan_stays_marked_in_a_city_that_is_no_demo(host, app):
    host.setenv("TENANT_DEMO", "1")
    upgrade()
    host.delenv("TENANT_DEMO")
    assert "Invented map" in app.test_client().get("/zona?lang=en").text


def test_the_demo_is_never_in_the_future(host, db):
    host.setenv("TENANT_DEMO", "1")
    upgrade()
    late = "SELECT 1 FROM request WHERE julianday(coalesce(closed_at, created_at)) > julianday('now', '+1 minute')"
    assert not db.execute(late).fetchall()


def test_figures_name_no_person_and_no_place(host, app):
    host.setenv("TENANT_DEMO", "1")
    upgrade()
    told = as_sibling(app.test_client(), "pusatkendali", "kpi.read").get("/_kpi").json["figures"]
    assert {"simtaru.lookups", "simtaru.waiting", "simtaru.green"} <= {one["name"] for one in told}
    assert all(one["label"]["id"] and one["label"]["en"] for one in told)


def test_the_task_reports_the_same_figures(host, published):
    published()
    with Siblings(host) as lumbung:
        tasks.kpi()
        assert "simtaru.waiting" in {one["name"] for one in lumbung.figures}


@pytest.mark.timeout(60)
def test_it_runs_alone_with_nothing_set(tmp_path):
    code = (
        "from simtaru import create_app; c = create_app().test_client(); "
        "assert c.get('/').status_code == 200; assert c.get('/kerja').status_code == 403; "
        "import sys; assert 'fpdf' not in sys.modules, 'a woken plugin is light'; print('runs')"
    )
    path = ":".join([str(BUNDLE), *(entry for entry in sys.path if entry)])
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": path}, capture_output=True, text=True
    )
    assert done.stdout == "runs\n", done.stderr
