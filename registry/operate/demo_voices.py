"""What officials of the demo's cities say and ask of apps: the file `said.yml`, every text marked as an example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from sqlalchemy import select

from registry.accounts import service as accounts
from registry.catalog.models import App
from registry.catalog.voices.models import Declaration, Question
from registry.catalog.voices.rules import Said
from registry.core import clock
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants.models import City

FILE = Path(__file__).with_name("said.yml")
SPEAKERS = {
    "bandung": "maintainer@bandung.example",
    "bontang": "admin@bontang.example",
    "tanjungpinang": "admin@tanjungpinang.example",
}


@dataclass(frozen=True)
class Told:
    """A declaration said ``days`` ago of an app in use for ``since`` days."""

    app: str
    city: str
    days: int
    since: int
    said: Said


@dataclass(frozen=True)
class Asked:
    """A question asked ``days`` ago, and answered ``after`` so many days when ``answer`` is not ""."""

    app: str
    city: str
    days: int
    text: str
    answer: str
    after: int


def read() -> tuple[list[Told], list[Asked]]:
    """What the file says, app by app."""
    apps: Mapping[str, Mapping[str, list[dict[str, Any]]]] = YAML(typ="safe").load(FILE)
    told = [_told(app, one) for app, said in apps.items() for one in said.get("declarations", ())]
    asked = [_asked(app, one) for app, said in apps.items() for one in said.get("questions", ())]
    return told, asked


def fill() -> None:
    """Once: a catalog of which anything was said is left as it is. Words about apps that are not there are left out.

    Nobody is written to about them.
    """
    if any(db.session.scalar(select(table.id).limit(1)) for table in (Declaration, Question)):
        return
    apps = {app.slug: app.id for app in db.session.scalars(select(App))}
    cities = {city.slug: city.id for city in db.session.scalars(select(City).where(City.demo))}
    people = {slug: user.id for slug, user in _speakers()}
    told, asked = read()
    said: list[Told | Asked] = [*told, *sorted(asked, key=lambda one: -one.days)]
    with unit_of_work() as session:
        for one in said:
            if one.app in apps and one.city in cities:
                row = _declaration(one) if isinstance(one, Told) else _question(one)
                row.app_id, row.city_id, row.author_id = apps[one.app], cities[one.city], people.get(one.city)
                session.add(row)
                session.flush()


def _speakers() -> Iterator[tuple[str, Any]]:
    for slug, email in SPEAKERS.items():
        if user := accounts.find_by_email(email):
            yield slug, user


def _declaration(one: Told) -> Declaration:
    moment = clock.now() - timedelta(days=one.days)
    return Declaration(
        use_case=one.said.use_case, instance_url=one.said.instance_url, experience=one.said.experience,
        since=clock.today() - timedelta(days=one.since), created_at=moment, updated_at=moment, version=1,
    )  # fmt: skip


def _question(one: Asked) -> Question:
    moment = clock.now() - timedelta(days=one.days)
    answered = moment + timedelta(days=one.after) if one.answer else None
    return Question(
        text=one.text, answer=one.answer, created_at=moment, answered_at=answered, told_at=moment,
        answer_told_at=answered,
    )  # fmt: skip


def _told(app: str, one: Mapping[str, Any]) -> Told:
    said = Said(one["use_case"], one.get("instance_url", ""), one.get("experience", ""))
    return Told(app, one["city"], one["days"], one["since"], said)


def _asked(app: str, one: Mapping[str, Any]) -> Asked:
    return Asked(app, one["city"], one["days"], one["text"], one.get("answer", ""), one.get("after", 0))
