"""Which city has which app, now and month by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Date, Select, delete, func, insert, literal, select

from registry.catalog.models import Adoption, App
from registry.core import clock
from registry.core.db import db
from registry.monitor.charts import Chart, chart
from registry.programme import rules
from registry.programme.models import AdoptionMonth
from registry.tenants.models import City

MONTHS = 12


@dataclass(frozen=True)
class Share:
    """Of an app or of a city: with how many on the other side it is, and how many of those run."""

    id: int
    slug: str
    name: str
    taken: int
    running: int


@dataclass(frozen=True)
class Course:
    """``taken`` and ``running`` have one number for each of ``months``."""

    months: tuple[date, ...]
    taken: tuple[int, ...]
    running: tuple[int, ...]


def note_month() -> None:
    """Keep the present month as it is today; those before stay as they were. In a unit of work."""
    month = rules.month_of(clock.today())
    db.session.execute(delete(AdoptionMonth).where(AdoptionMonth.month == month))
    now = select(literal(month, Date), Adoption.app_id, Adoption.city_id, Adoption.running)
    db.session.execute(insert(AdoptionMonth).from_select(["month", "app_id", "city_id", "running"], now))


def by_app() -> list[Share]:
    """Apps somebody has, those most cities have first."""
    return _shares(
        select(App.id, App.slug, App.name, func.count(), func.count().filter(Adoption.running))
        .join(Adoption, Adoption.app_id == App.id)
        .group_by(App.id)
    )


def by_city() -> list[Share]:
    """Cities that have apps, those with most first."""
    return _shares(
        select(City.id, City.slug, City.name, func.count(), func.count().filter(Adoption.running))
        .join(Adoption, Adoption.city_id == City.id)
        .group_by(City.id)
    )


def course(app: int | None = None, city: int | None = None) -> Course:
    """The last twelve months of the programme, of one app or of one city.

    Months before anything was kept are counted from when the adoptions of today began.
    """
    months = rules.months_to(clock.today(), MONTHS)
    kept = _kept(months, app, city)
    first = min((month for month, _running in kept), default=months[-1])
    begun = [(clock.day_of(since), running) for since, running in db.session.execute(_begun(app, city))]
    taken, running = [], []
    for month in months:
        if month < first or month == months[-1]:
            after = rules.month_after(month)
            there = [is_on for since, is_on in begun if since < after]
            taken.append(len(there))
            running.append(sum(there))
        else:
            taken.append(kept[month, True] + kept[month, False])
            running.append(kept[month, True])
    return Course(tuple(months), tuple(taken), tuple(running))


def drawn(name: str, labels: tuple[str, str], found: Course) -> Chart:
    return chart(name, "count", [(labels[0], found.taken), (labels[1], found.running)])


def months_table() -> Iterator[tuple[date, str, str, str, bool]]:
    """Month, the app's and the city's name in addresses, the city's code, and whether it ran: for a table file."""
    wanted = (
        select(AdoptionMonth.month, App.slug, City.slug, City.code, AdoptionMonth.running)
        .join(App, App.id == AdoptionMonth.app_id)
        .join(City, City.id == AdoptionMonth.city_id)
        .order_by(AdoptionMonth.month, App.slug, City.slug)
    )
    for row in db.session.execute(wanted.execution_options(yield_per=1_000)):
        yield row.tuple()


def _kept(months: Sequence[date], app: int | None, city: int | None) -> Counter[tuple[date, bool]]:
    wanted = select(AdoptionMonth.month, AdoptionMonth.running, func.count()).where(AdoptionMonth.month.in_(months))
    if app is not None:
        wanted = wanted.where(AdoptionMonth.app_id == app)
    if city is not None:
        wanted = wanted.where(AdoptionMonth.city_id == city)
    rows = db.session.execute(wanted.group_by(AdoptionMonth.month, AdoptionMonth.running))
    return Counter({(month, running): count for month, running, count in rows})


def _begun(app: int | None, city: int | None) -> Select[datetime, bool]:
    wanted = select(Adoption.since, Adoption.running)
    if app is not None:
        wanted = wanted.where(Adoption.app_id == app)
    return wanted.where(Adoption.city_id == city) if city is not None else wanted


def _shares(wanted: Select[int, str, str, int, int]) -> list[Share]:
    found = [Share(*row) for row in db.session.execute(wanted)]
    return sorted(found, key=lambda one: (-one.taken, -one.running, one.name))
