from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from penilaian import rules
from penilaian.elements import ELEMENTS, GRADES

WINDOW = timedelta(minutes=10)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_there_are_nine_elements_with_four_answers_in_two_languages() -> None:
    assert [one.code for one in ELEMENTS] == [f"U{at}" for at in range(1, 10)]
    assert all(len(answers) == 4 for one in ELEMENTS for answers in one.answers)


def test_all_fours_are_one_hundred_and_all_ones_twenty_five() -> None:
    assert rules.index([8] * 9, 2).value == Decimal("100.00")
    assert rules.index([2] * 9, 2).value == Decimal("25.00")


def test_the_rounded_weight_of_the_regulations_example_ends_at_99() -> None:
    assert rules.index([8] * 9, 2, rules.WEIGHTS["0.11"]).value == Decimal("99.00")


def test_an_index_is_reckoned_by_hand() -> None:
    # Averages 3.1 3.2 2.9 3.9 3.3 3.4 3.5 3.0 2.8: their sum 29.1 / 9 × 25 = 80.8333…
    found = rules.index([31, 32, 29, 39, 33, 34, 35, 30, 28], 10)
    assert (found.value, found.grade.letter) == (Decimal("80.83"), "B")
    assert [ELEMENTS[at].code for at in found.weakest()] == ["U9", "U3", "U8"]
    assert found.element_grade(8).letter == "C" and found.element_grade(3).letter == "A"


@pytest.mark.parametrize(("value", "letter"), [
    ("100.00", "A"), ("88.31", "A"), ("88.30", "B"), ("76.61", "B"), ("76.60", "C"), ("65.00", "C"), ("64.99", "D"),
    ("25.00", "D"),
])  # fmt: skip
def test_the_bounds_of_the_grades_are_the_regulations(value: str, letter: str) -> None:
    assert rules.grade(Decimal(value)).letter == letter


def test_the_table_of_grades_has_no_gap_at_two_decimals() -> None:
    assert all(low.most + Decimal("0.01") == high.least for high, low in zip(GRADES, GRADES[1:], strict=False))


def test_a_half_is_rounded_upwards_and_only_then_graded() -> None:
    assert rules.rounded(Fraction(88305, 1000)) == Decimal("88.31")
    assert rules.grade(rules.rounded(Fraction(88305, 1000))).letter == "A"
    assert rules.rounded(Fraction(88304999, 1000000)) == Decimal("88.30")


@pytest.mark.parametrize(("sums", "respondents"), [([4] * 9, 0), ([4] * 8, 1), ([0] * 9, 1), ([5] * 9, 1)])
def test_an_index_of_nonsense_is_refused(sums: list[int], respondents: int) -> None:
    with pytest.raises(ValueError):
        rules.index(sums, respondents)


@pytest.mark.parametrize(("people", "sample"), [
    (10, 10), (15, 14), (20, 19), (25, 24), (50, 44), (100, 80), (150, 108), (200, 132), (220, 140), (300, 169),
    (500, 217), (700, 248), (1000, 278), (1500, 306), (2000, 322), (3000, 341), (5000, 357), (10000, 370),
    (50000, 381), (100000, 383), (1000000, 384),
])  # fmt: skip
def test_sample_sizes_are_those_of_the_table_of_krejcie_and_morgan(people: int, sample: int) -> None:
    assert rules.sample_size(people) == sample


@pytest.mark.parametrize("people", [0, -1, 10**9])
def test_no_sample_of_nobody(people: int) -> None:
    with pytest.raises(ValueError):
        rules.sample_size(people)


def test_periods_are_half_years_or_years() -> None:
    assert rules.period_of(date(2026, 6, 30), "semester").code == "2026-1"
    assert rules.period_of(date(2026, 7, 1), "semester") == rules.Period("2026-2", date(2026, 7, 1), date(2026, 12, 31))
    assert rules.period_of(date(2026, 7, 1), "year").code == "2026"
    assert [one.code for one in rules.recent(date(2026, 3, 1), "semester", 3)] == ["2026-1", "2025-2", "2025-1"]


def test_a_burst_is_many_in_a_short_time_and_begins_with_its_first() -> None:
    moments = [NOON + timedelta(seconds=20 * at) for at in range(6)]
    assert rules.burst(moments, 6, WINDOW) == NOON
    assert rules.burst(moments[:5], 6, WINDOW) is None
    assert rules.burst([], 6, WINDOW) is None


def test_the_same_number_spread_over_a_day_is_no_burst() -> None:
    assert rules.burst([NOON + timedelta(minutes=11 * at) for at in range(40)], 6, WINDOW) is None


def test_small_groups_are_folded_and_cannot_be_reckoned_out() -> None:
    assert rules.folded(Counter(a=20, b=12, c=3), 5) == ([("a", 20)], 15)
    assert rules.folded(Counter(a=20, b=4, c=3), 5) == ([("a", 20)], 7)
    assert rules.folded(Counter(a=3, b=1), 5) == ([], 0)
    assert rules.folded(Counter(a=6, b=7), 5) == ([("b", 7), ("a", 6)], 0)
