"""All agreements of the programme, filtered and paged: two questions however many there are. In its scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from sqlalchemy import select

from registry.core import clock
from registry.core.db import db
from registry.tenants.agreements import rules
from registry.tenants.agreements.models import Agreement
from registry.tenants.agreements.reading import effective_state
from registry.tenants.models import City

PER_PAGE = 40
STATES = (rules.DRAFT, rules.PROPOSED, rules.SIGNED, rules.ACTIVE, rules.EXPIRED, rules.TERMINATED)


@dataclass(frozen=True)
class Wanted:
    """What the address asks for. ``days`` keeps those in force that end within so many days."""

    words: str = ""
    state: str = ""
    kind: str = ""
    days: int = 0
    page: int = 1

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Wanted:
        state, kind = args.get("state", ""), args.get("kind", "")
        return cls(
            words=args.get("q", "").strip()[:80],
            state=state if state in STATES else "",
            kind=kind if kind in (rules.MEMORANDUM, rules.PKS) else "",
            days=_number(args.get("days", ""), 0),
            page=max(1, _number(args.get("page", ""), 1)),
        )


@dataclass(frozen=True)
class Page:
    """As `components.html` wants it."""

    page: int
    total: int

    @property
    def pages(self) -> int:
        return ceil(self.total / PER_PAGE)


@dataclass(frozen=True)
class Row:
    one: Agreement
    city: City
    state: str


def rows(wanted: Wanted) -> list[Row]:
    """Those that end first stand first; what has ended stands last."""
    asked = select(Agreement, City).join(City, City.id == Agreement.tenant_id)
    if wanted.kind:
        asked = asked.where(Agreement.kind == wanted.kind)
    if wanted.words:
        asked = asked.where(
            City.name.icontains(wanted.words, autoescape=True)
            | Agreement.number.icontains(wanted.words, autoescape=True)
            | Agreement.partner_number.icontains(wanted.words, autoescape=True)
        )
    found = [Row(one, city, effective_state(one)) for one, city in db.session.execute(asked)]
    found = [row for row in found if _fits(row, wanted)]
    return sorted(found, key=lambda row: (row.state in rules.ENDED, row.one.ends_on or clock.today(), row.one.id))


def counts() -> dict[str, int]:
    """How many in each state, addenda not counted; ``soon`` those in force that end within 90 days."""
    found = list(db.session.scalars(select(Agreement).where(Agreement.relation != rules.AMENDMENT)))
    told = Counter(effective_state(one) for one in found)
    limit = clock.today() + timedelta(90)
    soon = sum(
        one.ends_on is not None and one.ends_on <= limit for one in found if effective_state(one) == rules.ACTIVE
    )
    return {**{state: told[state] for state in STATES}, "soon": soon}


def _fits(row: Row, wanted: Wanted) -> bool:
    if wanted.state and row.state != wanted.state:
        return False
    if not wanted.days:
        return True
    limit = clock.today() + timedelta(wanted.days)
    return row.state == rules.ACTIVE and row.one.ends_on is not None and row.one.ends_on <= limit


def _number(text: str, other: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else other
