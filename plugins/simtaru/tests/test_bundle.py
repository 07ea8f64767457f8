"""The bundle as a repository of its own: complete, in both languages, and able to run alone."""

from typing import ClassVar

import pytest
from lumbung_plugin.contract import BundleContract
from simtaru import demo_map, importing


class TestBundle(BundleContract):
    provides: ClassVar[dict[str, str]] = {"zoning.read": "/_zona"}
    pages = ("/", "/zona")
    figures = frozenset({"simtaru.lookups", "simtaru.waiting", "simtaru.green"})


@pytest.mark.parametrize("code", ["64.74", "21.72", "32.73", "00.00"])
def test_the_invented_plan_has_no_problem_and_only_its_draft_has_warnings(code):
    reads = [importing.read(demo_map.geojson(code, edition)) for edition in (1, 2, 3)]
    assert [read.problems for read in reads] == [[], [], []]
    assert [bool(read.warnings) for read in reads] == [False, False, True]


def test_the_invented_plans_of_two_cities_differ():
    assert demo_map.geojson("64.74", 2) != demo_map.geojson("32.73", 2)


def test_the_demo_is_marked(demo, client, db):
    assert db.execute("SELECT count(*), min(invented) FROM plan").fetchone()[:] == (3, 1)
    assert "Peta rekaan" in client.get("/?lang=id").text


def test_without_the_wish_there_is_no_plan(db):
    assert db.execute("SELECT count(*) FROM plan").fetchone()[0] == 0


def test_an_invented_plan_stays_marked_in_a_city_that_is_no_demo(demo, client):
    demo.delenv("TENANT_DEMO")
    assert "Invented map" in client.get("/zona?lang=en").text
