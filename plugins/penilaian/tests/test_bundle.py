"""The bundle as a repository of its own: metadata, settings, languages."""

from lumbung_plugin.contract import BundleContract
from penilaian import demo as demonstration
from penilaian import words
from penilaian.rules import Kind, Refusal


class TestBundle(BundleContract):
    cities = ("64.74", "21.72", "32.73", "11.01")


def test_whatever_the_rules_name_has_words() -> None:
    assert set(words.REFUSALS) == set(Refusal) and set(words.KINDS) == set(Kind)


def test_a_demonstration_has_its_answers_once(demo, db) -> None:
    demonstration.fill(db)
    assert db.execute("SELECT count(*) FROM response").fetchone()[0] == demonstration.RESPONSES


def test_without_the_wish_there_is_no_answer(db) -> None:
    assert db.execute("SELECT count(*) FROM response").fetchone()[0] == 0
