"""All cities of the programme with where each stands: the same few questions however many there are.

The session is in the programme's scope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from registry.catalog.models import Adoption
from registry.core import clock
from registry.core.db import db
from registry.tenants.agreements import rules
from registry.tenants.agreements.models import Agreement
from registry.tenants.agreements.reading import effective_state, standings, terms_of
from registry.tenants.models import City

SOON = timedelta(days=90)
NONE = "none"
STEPS_OF_PUBLISHER = ("publisher-signs-memorandum", "publisher-signs-pks")
STAGES = ("applied", "preparing", "partner", "ended", "declined")
"""Where a city stands: waits for admission, agrees, may adopt, has no PKS in force any more, was declined."""


@dataclass(frozen=True)
class Partner:
    """``memorandum`` and ``pks`` are states or ``none``; ``ends_on`` is the end of the PKS in force."""

    city: City
    stage: str
    memorandum: str
    pks: str
    ends_on: date | None
    step: str
    taken: int
    running: int

    @property
    def ends_soon(self) -> bool:
        return self.ends_on is not None and self.ends_on <= clock.today() + SOON


def partners() -> list[Partner]:
    """Every city but the publisher, by name."""
    cities = list(db.session.scalars(select(City).where(~City.publisher).order_by(City.name)))
    ids = [city.id for city in cities]
    memoranda, agreed = standings(ids, rules.MEMORANDUM), standings(ids, rules.PKS)
    counted = select(Adoption.city_id, func.count(), func.count().filter(Adoption.running)).group_by(Adoption.city_id)
    counts = {city: (taken, running) for city, taken, running in db.session.execute(counted)}
    return [_partner(city, memoranda.get(city.id), agreed.get(city.id), counts.get(city.id, (0, 0))) for city in cities]


def chosen(found: Sequence[Partner], words: str, stage: str, province: str) -> list[Partner]:
    """``words`` are a part of the name, the code or the province; ``province`` its two digits."""
    low = words.casefold()
    return [
        one for one in found
        if (not stage or one.stage == stage) and one.city.code.startswith(province)
        and (not low or any(low in text.casefold() for text in (one.city.name, one.city.code, one.city.province)))
    ]  # fmt: skip


def stage_of(city_state: str, pks: str) -> str:
    if city_state != "admitted":
        return "declined" if city_state == "declined" else "applied"
    if pks == rules.ACTIVE:
        return "partner"
    return "ended" if pks in rules.ENDED else "preparing"


def _partner(city: City, memorandum: Agreement | None, pks: Agreement | None, counts: tuple[int, int]) -> Partner:
    states = [effective_state(one) if one else NONE for one in (memorandum, pks)]
    terms = [terms_of(one) if one else None for one in (memorandum, pks)]
    in_force = pks if pks and states[1] == rules.ACTIVE else None
    return Partner(
        city=city,
        stage=stage_of(city.state, states[1]),
        memorandum=states[0],
        pks=states[1],
        ends_on=in_force.ends_on if in_force else None,
        step=rules.next_step(city.state, terms[0], terms[1], clock.today()),
        taken=counts[0],
        running=counts[1],
    )
