"""Thresholds with hysteresis."""

from datetime import UTC, datetime, timedelta

import pytest
from pusatkendali.limits import Standing, Threshold, Turn, judge, worse
from pusatkendali.models import Side

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
ABOVE = Threshold(Side.ABOVE, 15, 10, 60)
BELOW = Threshold(Side.BELOW, 60, 65, 0)


def told(threshold, *values, every=30):
    """The turns of a row of values, half an hour apart."""
    standing, turns = Standing(), []
    for place, value in enumerate(values):
        standing, turn = judge(threshold, standing, value, START + timedelta(minutes=every * place))
        turns.append(turn)
    return turns


def test_an_alert_needs_the_value_beyond_the_bound_for_the_whole_time():
    assert told(ABOVE, 16, 17, 16) == [None, None, Turn.RAISE]


def test_one_calm_value_starts_the_time_anew():
    assert told(ABOVE, 16, 15, 16, 16, 16) == [None, None, None, None, Turn.RAISE]


def test_without_a_time_the_first_value_alerts():
    assert told(BELOW, 59) == [Turn.RAISE]


def test_a_value_between_bound_and_end_neither_raises_nor_ends():
    assert told(BELOW, 59, 64, 59, 61, 64.9) == [Turn.RAISE, None, None, None, None]


def test_the_value_of_the_end_itself_ends():
    assert told(BELOW, 59, 65) == [Turn.RAISE, Turn.END]


def test_the_bound_itself_is_not_beyond():
    assert told(Threshold(Side.ABOVE, 15, 15, 0), 15) == [None]


def test_after_the_end_it_may_alert_again():
    assert told(BELOW, 59, 70, 59) == [Turn.RAISE, Turn.END, Turn.RAISE]


def test_a_clock_set_back_does_not_hold_an_alert_for_ever():
    standing = Standing(START + timedelta(days=400))
    moved, turn = judge(ABOVE, standing, 16, START)
    assert turn is None and moved.since == START


@pytest.mark.parametrize(
    ("side", "bound", "clear", "sound"),
    [(Side.ABOVE, 15, 10, True), (Side.ABOVE, 15, 15, True), (Side.ABOVE, 15, 16, False),
     (Side.BELOW, 60, 65, True), (Side.BELOW, 60, 59, False)],
)  # fmt: skip
def test_calm_lies_on_the_calm_side(side, bound, clear, sound):
    assert Threshold(side, bound, clear, 0).is_sound is sound


def test_the_worst_value_is_the_one_furthest_beyond():
    assert (worse(ABOVE, 16, 19), worse(BELOW, 59, 40)) == (19, 40)
