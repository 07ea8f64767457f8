"""The bundle as a repository of its own: complete, in both languages, and able to run alone."""

import os
import sqlite3
from contextlib import closing

from lumbung_plugin import attachments
from lumbung_plugin.contract import BundleContract
from spbe import tasks


class TestBundle(BundleContract):
    cities = ("64.74", "32.73", "21.72")
    figures = frozenset({"spbe.index", "spbe.answered", "spbe.missing"})


def test_a_demonstration_has_seven_years(demo, db):
    assert db.execute("SELECT count(*) FROM year").fetchone()[0] == 7


def test_cities_have_demonstrations_of_their_own(demonstrations):
    found = []
    for code in TestBundle.cities:
        with closing(sqlite3.connect(demonstrations(code).folder / "data.sqlite3")) as db:
            found.append(db.execute("SELECT level FROM score ORDER BY id").fetchall())
    assert found[0] != found[1] != found[2]


def test_files_nobody_names_go_after_a_day():
    old, young = (attachments.folder() / f"{letter * 32}.pdf" for letter in "ab")
    for path in (old, young):
        path.write_bytes(b"x")
    os.utime(old, (0, 0))
    tasks.tidy()
    assert not old.exists() and young.exists()
