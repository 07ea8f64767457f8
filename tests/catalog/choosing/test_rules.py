"""Which apps stand side by side, whose vote weighs what, which quarters can be planned."""

from datetime import date

import pytest

from registry.catalog.choosing import rules
from registry.catalog.choosing.features import align

TODAY = date(2026, 11, 23)


def test_apps_are_named_by_commas_or_one_by_one():
    assert rules.chosen(["a,b", "c"]).slugs == ("a", "b", "c")


def test_a_fifth_and_a_doubled_app_are_told_apart_from_the_rest():
    found = rules.chosen(["a,b,a,c,d,e"])
    assert found == rules.Chosen(("a", "b", "c", "d"), twice=("a",), over=("e",))


def test_an_endless_address_is_read_to_its_bound():
    assert len(rules.chosen([",".join(f"a{n}" for n in range(9999))]).over) == rules.MAX_NAMES - rules.MOST


def test_most_wanted_come_first():
    tallies = [rules.tally(votes.split()) for votes in ("yes", "yes yes no no", "yes yes no", "maybe", "no", "")]
    assert sorted(tallies, key=lambda one: one.rank) == [tallies[n] for n in (2, 0, 1, 3, 5, 4)]


@pytest.mark.parametrize("wanted, field", [
    (rules.Decision("perhaps", "why not", 1, "2027-Q1"), "decision"),
    (rules.Decision("adopt", "  x ", 1, "2027-Q1"), "reason"),
    (rules.Decision("not", "x" * 501), "reason"),
    (rules.Decision("adopt", "needed", None, "2027-Q1"), "opd_id"),
    (rules.Decision("adopt", "needed", 1, "2027-Q5"), "quarter"),
    (rules.Decision("adopt", "needed", 1, "=2027-Q1"), "quarter"),
    (rules.Decision("adopt", "needed", 1, "2026-Q3"), "quarter"),
    (rules.Decision("adopt", "needed", 1, "2031-Q4"), "quarter"),
])  # fmt: skip
def test_a_decision_that_cannot_be_meant_is_refused_at_its_field(wanted, field):
    assert rules.decision_problem(wanted, TODAY)[0] == field


@pytest.mark.parametrize("quarter", ["2026-Q4", "2027-Q1", "2031-Q3"])
def test_one_plans_from_this_quarter_for_five_years(quarter):
    assert rules.decision_problem(rules.Decision("adopt", "needed", 1, quarter), TODAY) is None


def test_the_same_feature_in_other_words_stands_on_one_line():
    lines = align([["Queue numbers online", "SMS to the waiting"], ["Online number for the queue", "Map"]])
    assert lines[0].said == ("Queue numbers online", "Online number for the queue")
    assert [line.said for line in lines[1:]] == [("SMS to the waiting", ""), ("", "Map")]


def test_features_match_by_their_roots_in_indonesian():
    assert align([["Pengaduan dengan foto"], ["Aduan warga dengan foto"]])[0].count == 2


def test_no_feature_is_lost_and_none_takes_two_places_of_one_app():
    [first, second] = align([["Peta aduan", "Peta aduan warga"], ["Peta aduan"]])
    assert {first.said[0], second.said[0]} == {"Peta aduan", "Peta aduan warga"} and first.said[1] == "Peta aduan"


def test_features_of_empty_words_or_signs_are_kept_apart():
    assert [line.said for line in align([["!!!", "???"], []])] == [("!!!", ""), ("???", "")]
