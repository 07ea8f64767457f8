"""The maintainers' queue: every application with its age, its proof, what it lacks and what looks like it twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from registry.core import clock
from registry.core.db import db
from registry.tenants.joining import naming, rules
from registry.tenants.joining.models import CityApplication, FormerCode, JoinDraft, Region
from registry.tenants.joining.service import STATES, is_form
from registry.tenants.models import City

FILTERS = ("open", "waiting", "asked", "declined", "admitted")
PROVEN = ("", "yes", "no")


@dataclass(frozen=True)
class Entry:
    """One application; ``form`` is None for a city that came without. ``twins`` look like the same region."""

    city: City
    form: CityApplication | None
    state: str
    since: datetime
    lacking: tuple[str, ...]
    late: bool
    twins: tuple[City, ...] = ()

    @property
    def days(self) -> int:
        return (clock.now() - self.since).days

    @property
    def proven(self) -> bool:
        return self.form is not None and self.form.proven_at is not None

    @property
    def has_form(self) -> bool:
        return self.form is not None and is_form(self.form)


def entries(state: str = "open", proven: str = "", words: str = "") -> list[Entry]:
    """Those wanted, the oldest first; the session sees the whole programme. Four questions, however many cities."""
    wanted = select(City, CityApplication).outerjoin(CityApplication, CityApplication.tenant_id == City.id)
    rows = db.session.execute(wanted.where(~City.publisher)).tuples().all()
    twins = _twins([(city, form) for city, form in rows])
    found = [entry_of(city, form, twins.get(city.id, ())) for city, form in rows]
    return sorted((one for one in found if _fits(one, state, proven, words)), key=lambda one: (one.since, one.city.id))


def entry_of(city: City, form: CityApplication | None, twins: Sequence[City] = ()) -> Entry:
    state = form.state if form else STATES[city.state]
    since = form.sent_at if form else city.created_at
    told = {"contact_office": city.contact_office, "contact_name": city.contact_name}
    told |= {"head": form.head, "mail": form.mail, "phone": form.phone} if form else {}
    lacking = rules.missing({name for name, value in told.items() if value}, bool(form and form.proven_at))
    late = rules.is_late(state, clock.day_of(since), clock.today())
    return Entry(city, form, state, since, tuple(lacking), late, tuple(twins))


def twins_of(city: City) -> tuple[City, ...]:
    wanted = select(City, CityApplication).outerjoin(CityApplication, CityApplication.tenant_id == City.id)
    rows = db.session.execute(wanted.where(~City.publisher)).tuples().all()
    return _twins(list(rows)).get(city.id, ())


def counts() -> dict[str, int]:
    """How many are in each state, for the filter."""
    found: dict[str, int] = defaultdict(int)
    for one in entries("", ""):
        found[one.state] += 1
        found["open"] += one.state in (rules.WAITING, rules.ASKED)
    return found


def drafts_under_way() -> int:
    return db.session.scalar(select(func.count(JoinDraft.id))) or 0


def _fits(one: Entry, state: str, proven: str, words: str) -> bool:
    fits_state = one.state in (rules.WAITING, rules.ASKED) if state == "open" else not state or one.state == state
    fits_proof = not proven or one.proven == (proven == "yes")
    looked_in = f"{one.city.name} {one.city.province} {one.city.code} {one.city.slug}".casefold()
    return fits_state and fits_proof and words.casefold() in looked_in


def _twins(rows: Sequence[tuple[City, CityApplication | None]]) -> dict[int, tuple[City, ...]]:
    """Cities that may be one region: of one present code, of one name in one province, or with one official mail."""
    former = dict(db.session.execute(select(FormerCode.code, Region.code).join(Region)).tuples().all())
    groups: dict[tuple[str, ...], list[City]] = defaultdict(list)
    for city, form in rows:
        code = former.get(city.code, city.code)
        kind = naming.kind_of(city.code, city.name)
        groups["code", code].append(city)
        groups["name", naming.plain(city.name), kind, city.code[:2]].append(city)
        if form and form.mail:
            groups["mail", form.mail.lower()].append(city)
    return _others(group for group in groups.values() if len(group) > 1)


def _others(groups: Iterable[list[City]]) -> dict[int, tuple[City, ...]]:
    found: dict[int, dict[int, City]] = defaultdict(dict)
    for group in groups:
        for city in group:
            found[city.id] |= {other.id: other for other in group if other is not city}
    return {number: tuple(others.values()) for number, others in found.items()}
