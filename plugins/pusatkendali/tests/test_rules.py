"""Dispositions: who may what, when it is late, when somebody is reminded; and what a row of numbers says."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pusatkendali import rules, trends
from pusatkendali.forms import number
from pusatkendali.models import Act, Part, Refusal, State

MONDAY = date(2026, 11, 23)
TUESDAY, FRIDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)


@pytest.mark.parametrize("state", [State.ACCEPTED, State.WITHDRAWN])
def test_what_is_closed_stays_closed(state):
    assert rules.possible(state, leader=True, part=Part.LEAD) == []
    assert all(rules.after(state, act) is Refusal.WRONG_STATE for act in Act)


def test_an_office_answers_and_the_leader_judges():
    assert rules.possible(State.GIVEN, leader=False, part=Part.LEAD) == [Act.START, Act.REPORT, Act.NOTE]
    assert rules.possible(State.REPORTED, leader=False, part=Part.LEAD) == [Act.NOTE]
    assert set(rules.possible(State.REPORTED, leader=True)) == {
        Act.NOTE, Act.ACCEPT, Act.RETURN, Act.WITHDRAW,
    }  # fmt: skip


def test_a_partner_does_its_part_once_and_never_reports():
    assert rules.possible(State.WORKING, leader=False, part=Part.PARTNER) == [Act.PART, Act.NOTE]
    assert rules.possible(State.WORKING, leader=False, part=Part.PARTNER, done=True) == [Act.NOTE]
    assert rules.possible(State.REPORTED, leader=False, part=Part.PARTNER) == [Act.NOTE]


def test_who_is_neither_may_nothing():
    assert all(rules.possible(state, leader=False) == [] for state in State)


def test_what_was_sent_back_is_reported_again():
    assert rules.after(State.RETURNED, Act.REPORT) is State.REPORTED


def test_a_note_changes_nothing():
    assert rules.after(State.WORKING, Act.NOTE) is State.WORKING


def test_late_is_the_office_and_never_the_judge():
    assert rules.is_overdue(State.WORKING, MONDAY, TUESDAY)
    assert not rules.is_overdue(State.WORKING, TUESDAY, TUESDAY)
    assert not rules.is_overdue(State.REPORTED, MONDAY, TUESDAY)


@pytest.mark.parametrize(
    ("due", "reminded", "wanted"),
    [
        (FRIDAY, None, False),
        (TUESDAY, None, True),
        (TUESDAY, MONDAY - timedelta(days=1), False),
        (MONDAY - timedelta(days=1), MONDAY - timedelta(days=2), True),
        (MONDAY - timedelta(days=5), MONDAY - timedelta(days=3), False),
        (MONDAY - timedelta(days=9), MONDAY - timedelta(days=7), True),
        (MONDAY - timedelta(days=1), MONDAY, False),
    ],
)
def test_reminders_come_before_the_day_when_late_and_every_week(due, reminded, wanted):
    assert rules.reminder(State.GIVEN, due, reminded, MONDAY, TUESDAY) is wanted


def test_who_waits_for_a_verdict_is_not_reminded():
    assert not rules.reminder(State.REPORTED, MONDAY - timedelta(days=9), None, MONDAY, TUESDAY)


@pytest.mark.parametrize(
    ("now", "before", "good", "way", "verdict"),
    [
        (12, 10, "up", "up", "better"),
        (12, 10, "down", "up", "worse"),
        (8, 10, "down", "down", "better"),
        (12, 10, "", "up", ""),
        (10.01, 10, "up", "flat", ""),
        (3, 0, "down", "up", "worse"),
        (-5, -10, "up", "up", "better"),
    ],
)
def test_a_trend_knows_its_way_and_what_is_better(now, before, good, way, verdict):
    found = trends.trend(now, before, good)
    assert (found.way, found.verdict) == (way, verdict)


def test_from_zero_there_is_no_percentage():
    assert trends.trend(3, 0, "up").percent is None
    assert trends.trend(3, None, "up") is None


def test_a_curve_needs_two_values_and_bears_equal_ones():
    assert trends.spark([1]) is None
    assert trends.spark([4, 4]).y == trends.HEIGHT / 2


def test_age_is_told_in_three_words_and_the_future_is_now():
    now = datetime(2026, 11, 23, tzinfo=UTC)
    ages = [timedelta(minutes=-5), timedelta(minutes=15), timedelta(hours=3), timedelta(days=2)]
    assert [trends.freshness(now - age, now) for age in ages] == ["fresh", "fresh", "late", "old"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1500", 1500), ("1.500", 1500), ("1.500,5", 1500.5), ("0.5", 0.5), ("-3", -3), ("12,25", 12.25),
        ("1.824.000.000.000", 1.824e12), ("", None), ("1e9", None), ("nan", None), ("12a", None), ("1,2,3", None),
        ("9" * 40, None), ("٣", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_both_languages_write_them(text, value):
    assert number(text) == value
