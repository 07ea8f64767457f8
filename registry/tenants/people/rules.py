"""What a tree of units may be, how long an invitation waits, and whom a city cannot lose: values in, values out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from registry.tenants.rules import ADMIN, ADMINISTRATOR, AUDITOR, OPERATOR

CITY_ROLES = (ADMIN, AUDITOR)
PLUGIN_ROLES = (ADMINISTRATOR, OPERATOR)

MAX_DEPTH = 4
"""Dinas, bidang or UPT, seksi, and one more for whoever needs it."""
MAX_UNITS = 200

WAITS = timedelta(days=14)
"""Of an invitation, from the day it was last sent."""
MAX_OPEN = 200
MAX_SENT = 10

OPEN, ACCEPTED, WITHDRAWN, EXPIRED = "open", "accepted", "withdrawn", "expired"
ANSWERED = (ACCEPTED, WITHDRAWN)


@dataclass(frozen=True)
class Held:
    """One role somebody holds in a city."""

    membership_id: int
    user_id: int
    role: str
    plugin: str = ""


def state_of(state: str, expires_at: datetime, now: datetime) -> str:
    """How an invitation stands at this moment; that it expired is nowhere written."""
    return EXPIRED if state == OPEN and expires_at <= now else state


def parent_problem(parents: Mapping[int, int | None], unit: int | None, parent: int | None) -> str | None:
    """Why ``unit`` (None: a new one) cannot stand below ``parent``; ``parents`` is the whole tree."""
    if parent is None:
        return None
    above = _way_up(parents, parent)
    if unit is not None and unit in above:
        return "below-itself"
    height = 1 if unit is None else _height(parents, unit)
    return "too-deep" if len(above) + height > MAX_DEPTH else None


def below(parents: Mapping[int, int | None], unit: int) -> set[int]:
    """The unit and everything below it."""
    return {one for one in parents if unit in _way_up(parents, one)} | {unit}


def _way_up(parents: Mapping[int, int | None], unit: int) -> list[int]:
    """The unit itself, what it belongs to, and so on to the top; ends in a tree that is none, too."""
    way: list[int] = []
    here: int | None = unit
    while here is not None and here not in way:
        way.append(here)
        here = parents.get(here)
    return way


def _height(parents: Mapping[int, int | None], unit: int) -> int:
    depth = len(_way_up(parents, unit))
    return max(len(_way_up(parents, one)) for one in below(parents, unit)) - depth + 1


def orphans(held: Iterable[Held], leaver: int) -> list[Held]:
    """The roles of ``leaver`` that nobody else would hold: the last admin, the only administrator or operator."""
    rows = list(held)
    others = {(one.role, one.plugin) for one in rows if one.user_id != leaver}
    alone = (ADMIN, *PLUGIN_ROLES)
    mine = [one for one in rows if one.user_id == leaver and one.role in alone]
    return [one for one in mine if (one.role, one.plugin) not in others]


def missing(plugin: str, held: Collection[tuple[str, str]]) -> list[str]:
    """The roles nobody was appointed to; ``held`` are (role, plugin)."""
    return [role for role in PLUGIN_ROLES if (role, plugin) not in held]


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())
