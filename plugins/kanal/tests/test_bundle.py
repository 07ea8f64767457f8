"""The bundle as a repository of its own: metadata, settings, languages."""

from kanal import demo as demonstration
from kanal import words
from kanal.rules import Due, State
from lumbung_plugin.contract import BundleContract
from lumbung_plugin.outside import CODES


class TestBundle(BundleContract):
    tasks = ("kpi", "send", "tidy")
    cities = ("64.74", "21.72", "32.73", "11.01")


def test_whatever_the_rules_name_has_words() -> None:
    assert set(words.STATES) == set(State) == set(words.TONES) and set(words.DUE) == set(Due)
    assert set(words.TROUBLES) <= {*CODES, "alone", "sibling-unclear"}


def test_the_manifest_asks_for_reports_only(bundle) -> None:
    assert bundle.manifest["connect"]["uses"] == ["lapor:reports.create"]


def test_the_secret_is_written_only(bundle) -> None:
    rule = bundle.schema["properties"]["webhook_secret"]
    assert rule["writeOnly"] is True and rule["default"] == ""


def test_a_demonstration_has_its_mentions_once(demo, db) -> None:
    demonstration.fill(db)
    assert db.execute("SELECT count(*) FROM mention").fetchone()[0] == demonstration.NUMBER


def test_without_the_wish_there_is_no_mention(db) -> None:
    assert db.execute("SELECT count(*) FROM mention").fetchone()[0] == 0
