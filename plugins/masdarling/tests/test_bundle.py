"""The bundle as a repository of its own: complete, in both languages, and able to run alone."""

import os
import sqlite3
from contextlib import closing
from typing import ClassVar

import pytest
from lumbung_plugin.contract import BundleContract, in_a_new_process
from masdarling import numbers, rollout
from masdarling.rules import Refusal
from masdarling.words import SENTENCES


class TestBundle(BundleContract):
    cities: ClassVar[tuple[str, ...]] = ("64.74", "21.72", "32.73", "99.99")
    heavy: ClassVar[tuple[str, ...]] = ("fpdf", "segno", "holidays")
    """A first start alone migrates, and what migrates can draw the pictures of a demonstration."""


@pytest.fixture(autouse=True)
def monday() -> None:
    """It is today: a demonstration ends now."""


def test_a_woken_plugin_can_neither_migrate_nor_draw(bundle, tmp_path) -> None:
    heavy = (*BundleContract.heavy, "masdarling.migrations", "masdarling.demo")
    code = f"import masdarling, sys; masdarling.create_app(); print(*(n for n in {heavy} if n in sys.modules))"
    assert in_a_new_process(bundle, tmp_path, code, **os.environ) == ""


def test_every_refusal_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Refusal)


@pytest.mark.parametrize("code", TestBundle.cities)
def test_each_city_has_a_rich_demonstration(code, demonstrations) -> None:
    with closing(sqlite3.connect(demonstrations(code).folder / "data.sqlite3")) as db:
        db.row_factory = sqlite3.Row
        reaches = {row["reach"] for row in rollout.kelurahan(db)}
        assert reaches == {"running", "prepared", "planned"}
        assert numbers.total(db).grams > 500_000 and numbers.total(db).paid
        worst = db.execute("SELECT min(b) FROM (SELECT sum(amount) AS b FROM entry GROUP BY customer_id)").fetchone()
        assert worst[0] >= 0
        assert db.execute("SELECT count(*) FROM activity_photo").fetchone()[0] >= 6
