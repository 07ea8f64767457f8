"""The index: exact, honest, and what raises it."""

from decimal import Decimal
from fractions import Fraction

import pytest
from spbe import instruments, rules

OLD = instruments.known()["permenpanrb-5-2018"]
NEW = instruments.known()["permenpanrb-59-2020"]


def all_at(instrument, level: int) -> dict[int, int]:
    return {one.number: level for one in instrument.indicators}


@pytest.mark.parametrize(("instrument", "domains", "aspects", "indicators"), [(OLD, 3, 7, 35), (NEW, 4, 8, 47)])
def test_each_instrument_is_complete_and_weighs_a_hundred(instrument, domains, aspects, indicators):
    counted = (len(instrument.domains), len(instrument.aspects), len(instrument.indicators))
    assert counted == (domains, aspects, indicators)
    assert sum(one.weight for one in instrument.indicators) == 100
    assert [one.number for one in instrument.indicators] == list(range(1, indicators + 1))
    assert instrument.source


@pytest.mark.parametrize(("instrument", "weights"), [(OLD, [17, 28, 55]), (NEW, [13, 25, 16.5, 45.5])])
def test_domains_weigh_what_the_regulation_says(instrument, weights):
    assert [float(sum(one.weight for one in domain.indicators)) for domain in instrument.domains] == weights


@pytest.mark.parametrize(("instrument", "weights"), [(OLD, [7, 10, 8, 8, 12, 35, 20]),
                                                     (NEW, [13, 10, 10, 5, 12, 4.5, 27.5, 18])])  # fmt: skip
def test_aspects_weigh_what_the_regulation_says(instrument, weights):
    assert [float(sum(one.weight for one in aspect.indicators)) for aspect in instrument.aspects] == weights


@pytest.mark.parametrize("instrument", [OLD, NEW])
@pytest.mark.parametrize("level", [1, 3, 5])
def test_all_at_one_level_is_that_index(instrument, level):
    assert rules.score(instrument, instrument, all_at(instrument, level)).exact == level


def test_what_is_not_answered_counts_as_the_lowest_level():
    assert rules.score(NEW, NEW, {}).exact == 1
    assert rules.score(OLD, OLD, {}).exact == 0
    assert rules.score(NEW, NEW, {32: 5}).answered == 1


def test_the_index_is_the_weighted_mean():
    levels = all_at(NEW, 3) | {32: 5}
    assert rules.score(NEW, NEW, levels).exact == 3 + 2 * Fraction("2.75") / 100


@pytest.mark.parametrize(("value", "shown"), [("3.495", "3.50"), ("3.4949", "3.49"), ("2.675", "2.68"), ("0", "0.00")])
def test_numbers_are_rounded_half_up_without_binary_fractions(value, shown):
    assert rules.shown(Fraction(value)) == Decimal(shown)


@pytest.mark.parametrize(("value", "name"), [("1.79", "Kurang"), ("1.8", "Cukup"), ("2.6", "Baik"),
                                             ("3.5", "Sangat Baik"), ("4.2", "Memuaskan"), ("5", "Memuaskan"),
                                             ("4.199", "Sangat Baik"), ("0", "Kurang")])  # fmt: skip
def test_a_bound_belongs_to_the_better_predicate_and_rounding_up_to_it_does_not(value, name):
    assert rules.predicate(NEW, Fraction(value)).name == name


def test_a_number_that_only_looks_like_the_better_predicate_is_told():
    near = rules.Score(Fraction("4.199"), Decimal("4.20"), NEW.predicates[1], 1, 1, Fraction("4.2"))
    far = rules.Score(Fraction("4.1"), Decimal("4.10"), NEW.predicates[1], 1, 1, Fraction("4.2"))
    assert near.is_just_below and not far.is_just_below


def test_the_heaviest_indicator_raises_most_and_among_equals_the_lowest():
    levels = all_at(NEW, 3) | {45: 1, 42: 5}
    gaps = rules.gaps(NEW, levels)
    assert gaps[0].indicator.number == 45 and gaps[0].step == Fraction(3, 100) and gaps[0].all == Fraction(12, 100)
    assert 42 not in [gap.indicator.number for gap in gaps]


def test_the_shortest_way_reaches_the_goal_with_its_last_step_and_not_before():
    levels = all_at(NEW, 3)
    steps = rules.steps_to(NEW, levels, Fraction("3.5"))
    assert 3 + sum(step.step for step in steps) >= Fraction("3.5") > 3 + sum(step.step for step in steps[:-1])


def test_the_steps_of_one_indicator_are_one_climb():
    way = rules.way(rules.steps_to(NEW, all_at(NEW, 5) | {42: 2, 1: 4}, Fraction(5)))
    assert [(one.indicator.number, one.start, one.end) for one in way] == [(42, 2, 5), (1, 4, 5)]
    assert way[0].gain == Fraction(9, 100) and way[0].levels == 3


def test_nothing_is_to_do_at_the_goal_or_at_the_top():
    assert rules.steps_to(NEW, all_at(NEW, 5), Fraction(5)) == []
    assert rules.gaps(NEW, all_at(NEW, 5)) == []
    assert rules.next_predicate(NEW, Fraction(5)) is None


def test_within_one_instrument_every_indicator_is_compared():
    pairs = rules.compared(NEW, all_at(NEW, 2), NEW, all_at(NEW, 3))
    assert len(pairs) == 47 and {pair.change for pair in pairs} == {1}


def test_between_instruments_only_the_same_subject_is_compared():
    pairs = {pair.indicator.number: pair for pair in rules.compared(OLD, all_at(OLD, 2), NEW, all_at(NEW, 4))}
    assert pairs[42].change == 2 and pairs[1].change is None and pairs[1].why == "new"
    assert {one.number for one in rules.dropped(OLD, NEW)} >= {2, 16, 24, 34}


def test_counterparts_exist():
    numbers = {one.number for one in OLD.indicators}
    assert all(set(one.before) <= numbers for one in NEW.indicators)


def test_the_year_chooses_the_instrument():
    assert instruments.of_year(2019) is OLD and instruments.of_year(2021) is NEW and instruments.of_year(2050) is NEW


@pytest.mark.parametrize("text", ["javascript:alert(1)", "ftp://a.b/c", "https://", "https://u:p@a.b", "a.b/c", "//a.b",
                                  "https://a.b/ c", "http://[", ""])  # fmt: skip
def test_what_is_no_address_is_no_evidence(text):
    assert rules.link(text) is None


def test_four_eyes():
    assert not rules.may_review("2", "2", True) and not rules.may_review("", "3", True)
    assert not rules.may_review("2", "3", False) and rules.may_review("2", "3", True)


def test_the_later_round_counts_indicator_by_indicator():
    rounds = {"self": {1: 4, 2: 4, 3: 4}, "internal": {1: 3, 2: 3}, "external": {1: 2}}
    assert rules.final_levels(rounds) == {1: 2, 2: 3, 3: 4}
