"""The bundle as a repository of its own: complete, in both languages, and able to run alone."""

import os
from typing import ClassVar

import pytest
from lumbung_plugin.contract import BundleContract, in_a_new_process


class TestBundle(BundleContract):
    tasks = ("kpi", "tidy", "remind")
    provides: ClassVar[dict[str, str]] = {"reports.create": "/_laporan"}
    pages = ("/", "/lapor", "/laporan")
    figures = frozenset({"lapor.terlambat"})


def test_demo_reports_are_many_and_of_every_state(demo, db):
    row = db.execute("SELECT count(*) AS n, count(DISTINCT state) AS states FROM report").fetchone()
    assert (row["n"], row["states"]) == (300, 7)


def test_without_the_wish_there_is_no_report(db):
    assert db.execute("SELECT count(*) FROM report").fetchone()[0] == 0


HEAVY = ("PIL", "holidays", "fpdf", "segno", "lapor.demo_texts", "lapor.migrations")


@pytest.mark.timeout(60)
def test_waking_loads_no_library_that_pages_do_not_need(bundle, tmp_path):
    code = (
        "import sys; from lapor import create_app; c = create_app().test_client(); "
        "assert c.get('/lapor').status_code == c.get('/laporan').status_code == 200; "
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    assert in_a_new_process(bundle, tmp_path, code, **os.environ) == "[]"
