"""When a backup is due, which ones are kept, what may be tried and taken away. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

HOURLY, DAILY, WEEKLY, OFF = "hourly", "daily", "weekly", "off"
PERIODS = {HOURLY: timedelta(hours=1), DAILY: timedelta(days=1), WEEKLY: timedelta(days=7)}
SUNDAY = 6

RETRY_AFTER = timedelta(hours=1)
"""A backup that failed is not tried again sooner."""

HAND_MADE_FOR = timedelta(days=30)
"""One that a person asked for is kept at least so long, whatever the policy says."""

DRILL_EVERY = timedelta(days=7)
GRACE = timedelta(days=30)
"""A plugin taken away can be put back so long; then it is purged."""

TRIAL_LIFE = timedelta(days=7)
TRIAL_SUFFIX = "-coba"
SPARE = 2**30
"""Bytes that stay free on this machine's disk: the database and every city share it."""

MAX_UNFOLDED = 4
"""How many times its disk limit a plugin's files may read as when their holes are counted: restic writes holes out."""


@dataclass(frozen=True)
class Policy:
    """How often, and how many of the newest days, weeks and months keep their last backup."""

    every: str = DAILY
    hour: int = 1
    daily: int = 7
    weekly: int = 4
    monthly: int = 6
    drills: bool = True


@dataclass(frozen=True)
class Kept:
    """A good backup as the rules see it; ``by_hand``: a person asked for it, or it was made before a removal."""

    id: int
    made_at: datetime
    by_hand: bool = False


def last_moment(policy: Policy, seed: int, zone: tzinfo, at: datetime) -> datetime | None:
    """The newest moment at or before ``at`` for which the policy wants a backup, spread by ``seed`` over the hour."""
    if policy.every == OFF:
        return None
    local = at.astimezone(zone)
    moment = local.replace(minute=seed % 60, second=0, microsecond=0)
    if policy.every != HOURLY:
        moment = moment.replace(hour=policy.hour)
    if policy.every == WEEKLY:
        moment -= timedelta(days=(moment.weekday() - SUNDAY) % 7)
    return moment if moment <= local else moment - PERIODS[policy.every]


def is_due(
    policy: Policy, seed: int, zone: tzinfo, good: datetime | None, tried: datetime | None, at: datetime
) -> bool:
    """Whether to back up now: ``good`` and ``tried`` are when the last good one and the last attempt began.

    A plugin that has none yet gets its first one at once.
    """
    if policy.every == OFF or (tried and at - tried < RETRY_AFTER and tried != good):
        return False
    moment = last_moment(policy, seed, zone, at)
    return good is None or (moment is not None and good < moment)


def is_late(policy: Policy, good: datetime | None, since: datetime, at: datetime) -> bool:
    """Whether the last good backup (or the deployment itself, ``since``) is older than two periods of the policy."""
    return policy.every != OFF and at - (good or since) > 2 * PERIODS[policy.every]


def kept(backups: Sequence[Kept], policy: Policy, zone: tzinfo, at: datetime) -> frozenset[int]:
    """Ids of what stays: the newest, what people made lately, and the last one of the newest days, weeks, months."""
    newest = sorted(backups, key=lambda one: one.made_at, reverse=True)
    stay = {one.id for one in newest[:1]}
    stay |= {one.id for one in newest if one.by_hand and at - one.made_at < HAND_MADE_FOR}
    for many, part in ((policy.daily, _day), (policy.weekly, _week), (policy.monthly, _month)):
        stay |= _last_of_each(newest, many, part, zone)
    if policy.every == HOURLY:
        stay |= {one.id for one in newest if at - one.made_at < timedelta(days=1)}
    return frozenset(stay)


def _last_of_each(newest: Sequence[Kept], many: int, part: Callable[[datetime], Hashable], zone: tzinfo) -> set[int]:
    chosen: dict[Hashable, int] = {}
    for one in newest:
        if len(chosen) < many:
            chosen.setdefault(part(one.made_at.astimezone(zone)), one.id)
    return set(chosen.values())


def _day(moment: datetime) -> Hashable:
    return moment.date()


def _week(moment: datetime) -> Hashable:
    return moment.isocalendar()[:2]


def _month(moment: datetime) -> Hashable:
    return (moment.year, moment.month)


def drilled_well(result: Mapping[str, Any]) -> bool:
    """Whether a restored backup ran: it answered its health check and its databases are whole."""
    return bool(result.get("healthy")) and result.get("integrity") == "ok"


def room_needed(size: int, remote: bool) -> int:
    """Bytes that must be free before a backup of ``size`` starts: its copy, and again where it is kept here."""
    return size * (1 if remote else 2) + SPARE


def trial_name(name: str, longest: int) -> str:
    """``lapor`` → ``lapor-coba``, a label still."""
    return name[: longest - len(TRIAL_SUFFIX)].rstrip("-") + TRIAL_SUFFIX
