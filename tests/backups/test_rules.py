"""When a backup is due and which ones stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from registry.backups import rules
from registry.backups.rules import Kept, Policy

ZONE = ZoneInfo("Asia/Makassar")
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=ZONE)


def due(policy=None, good=None, tried=None, at=NOON) -> bool:
    return rules.is_due(policy or Policy(), 30, ZONE, good, tried or good, at)


def test_the_first_backup_is_due_at_once():
    assert due()


def test_daily_is_due_at_its_hour_in_the_citys_zone():
    yesterday = NOON - timedelta(days=1)
    assert not due(good=yesterday, at=datetime(2026, 11, 25, 1, 29, tzinfo=ZONE))
    assert due(good=yesterday, at=datetime(2026, 11, 25, 1, 30, tzinfo=ZONE))
    assert due(good=yesterday, at=datetime(2026, 11, 24, 17, 30, tzinfo=UTC))
    assert not due(good=datetime(2026, 11, 25, 1, 31, tzinfo=ZONE))


def test_hourly_is_due_once_an_hour():
    policy = Policy(every="hourly")
    assert due(policy, good=NOON - timedelta(minutes=40))
    assert not due(policy, good=NOON - timedelta(minutes=20))


def test_weekly_is_due_on_sunday():
    policy = Policy(every="weekly")
    sunday = datetime(2026, 11, 22, 1, 30, tzinfo=ZONE)
    assert due(policy, good=sunday - timedelta(minutes=1))
    assert not due(policy, good=sunday + timedelta(minutes=1))
    assert not due(policy, good=sunday + timedelta(minutes=1), at=sunday + timedelta(days=6))


def test_off_is_never_due():
    assert not due(Policy(every="off"))
    assert not rules.is_late(Policy(every="off"), None, NOON - timedelta(days=900), NOON)


def test_what_failed_is_not_tried_again_within_the_hour():
    yesterday = NOON - timedelta(days=1)
    assert not due(good=yesterday, tried=NOON - timedelta(minutes=59))
    assert due(good=yesterday, tried=NOON - timedelta(minutes=61))


def test_late_is_two_periods_without_a_good_one():
    assert rules.is_late(Policy(), NOON - timedelta(hours=49), NOON, NOON)
    assert not rules.is_late(Policy(), NOON - timedelta(hours=47), NOON, NOON)
    assert rules.is_late(Policy(), None, NOON - timedelta(days=3), NOON)


def year_of_days(policy: Policy) -> list[Kept]:
    """A backup every night for a year, forgetting by the policy every day; what is left, newest first."""
    held: list[Kept] = []
    for day in range(365):
        at = NOON + timedelta(days=day)
        held.append(Kept(day, at - timedelta(hours=10)))
        stay = rules.kept(held, policy, ZONE, at)
        assert day in stay, "the newest stays"
        held = [one for one in held if one.id in stay]
    return sorted(held, key=lambda one: one.made_at, reverse=True)


def test_a_year_leaves_days_weeks_and_months():
    left = year_of_days(Policy())
    days = [one.made_at.date() for one in left]
    assert days[:7] == [days[0] - timedelta(days=n) for n in range(7)]
    assert len({day.isocalendar()[:2] for day in days}) >= 4
    assert len({(day.year, day.month) for day in days}) == 6
    assert len(left) <= 7 + 4 + 6


@pytest.mark.parametrize("policy", [Policy(daily=1, weekly=0, monthly=0), Policy(daily=30, weekly=0, monthly=0)])
def test_as_many_days_stay_as_wanted(policy):
    assert len(year_of_days(policy)) == policy.daily


def test_the_only_good_one_stays_however_old():
    assert rules.kept([Kept(1, NOON - timedelta(days=900))], Policy(), ZONE, NOON) == {1}


def test_one_made_by_hand_stays_a_month():
    night = Kept(2, NOON)
    assert 1 in rules.kept([Kept(1, NOON - timedelta(days=29), by_hand=True), night], Policy(daily=1, weekly=0, monthly=0), ZONE, NOON)  # fmt: skip  # noqa: E501
    assert 1 not in rules.kept([Kept(1, NOON - timedelta(days=31), by_hand=True), night], Policy(daily=1, weekly=0, monthly=0), ZONE, NOON)  # fmt: skip  # noqa: E501


def test_hourly_keeps_a_day_of_hours():
    hours = [Kept(n, NOON - timedelta(hours=n)) for n in range(72)]
    assert set(range(24)) <= rules.kept(hours, Policy(every="hourly"), ZONE, NOON)


def test_a_copys_name_is_a_label():
    assert rules.trial_name("lapor", 40) == "lapor-coba"
    assert len(rules.trial_name("a" * 40, 40)) == 40
    assert rules.trial_name("a" * 34 + "-b", 40) == "a" * 34 + "-coba"
