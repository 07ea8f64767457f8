"""Demo data, marked as such: four cities and one that asks to join, people named by their roles, the apps they run."""

from __future__ import annotations

import os
import secrets as random
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select

from registry.accounts import service as accounts
from registry.accounts.models import User
from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.operate import (
    demo_agreements,
    demo_assistance,
    demo_choosing,
    demo_described,
    demo_joining,
    demo_plugins,
    demo_voices,
)
from registry.operate.preparation import Account
from registry.tenants import rules
from registry.tenants.models import City, Membership, Opd
from registry.tenants.people import inviting


@dataclass(frozen=True)
class Person:
    email: str
    name: str
    city: str
    role: str
    plugins: tuple[str, ...] = ("",)
    opd: str = ""


CITIES: tuple[dict[str, Any], ...] = (
    {"code": "32.73", "slug": "bandung", "name": "Kota Bandung", "province": "Jawa Barat",
     "timezone": "Asia/Jakarta", "color": "#0b5c4a", "publisher": True},
    {"code": "64.74", "slug": "bontang", "name": "Kota Bontang", "province": "Kalimantan Timur",
     "timezone": "Asia/Makassar", "color": "#1d4e89"},
    {"code": "21.72", "slug": "tanjungpinang", "name": "Kota Tanjungpinang", "province": "Kepulauan Riau",
     "timezone": "Asia/Jakarta", "color": "#8a3b12"},
    {"code": "73.73", "slug": "palopo", "name": "Kota Palopo", "province": "Sulawesi Selatan",
     "timezone": "Asia/Makassar", "color": "#5b3a8c"},
)  # fmt: skip

PEOPLE = (
    Person("maintainer@bandung.example", "Pengelola Program, Diskominfo Bandung (demo)", "bandung", rules.MAINTAINER),
    Person("maintainer@bandung.example", "Pengelola Program, Diskominfo Bandung (demo)", "bandung", rules.ADMIN),
    Person("admin@bontang.example", "Admin Kota Bontang (demo)", "bontang", rules.ADMIN),
    Person("operator@bontang.example", "Operator Dinas PUPR Bontang (demo)", "bontang", rules.OPERATOR,
           demo_plugins.names(), "Dinas PUPR"),
    Person("admin@tanjungpinang.example", "Admin Kota Tanjungpinang (demo)", "tanjungpinang", rules.ADMIN),
    Person("admin@palopo.example", "Admin Kota Palopo (demo)", "palopo", rules.ADMIN),
    Person(demo_joining.EMAIL, demo_joining.APPLICANT, "singkawang", rules.ADMIN),
)  # fmt: skip

INVITED = Person("admin.kedua@bontang.example", "Calon admin kedua (demo)", "bontang", rules.ADMIN)
"""So that the demo shows an invitation that waits."""

UNITS = {
    "bandung": ("Diskominfo",),
    "bontang": ("Diskominfo", "Dinas PUPR", "Dinas PUPR/Bidang Bina Marga", "Dinas PUPR/Bidang Tata Ruang",
                "Dinas Lingkungan Hidup", "Dinas Lingkungan Hidup/UPT Persampahan"),
    "tanjungpinang": ("Diskominfo",),
    "palopo": ("Diskominfo",),
}  # fmt: skip


def seed(app: Flask) -> list[Account]:
    """The cities, people and first two plugins that are missing; `fill` brings the rest.

    Answers with the accounts whose password is known now (all on the first start).
    Raises ValueError for a LUMBUNG_DEMO_RUN that cannot be meant.
    """
    runs = _runs()
    chosen = os.environ.get("LUMBUNG_DEMO_PASSWORD", "")
    with app.app_context():
        fresh = db.session.scalar(select(City.id).limit(1)) is None
        password = chosen or (random.token_urlsafe(12) if fresh else "")
        if fresh:
            _make_world(password)
        elif chosen:
            _set_passwords(chosen)
    with app.app_context():
        demo_plugins.publish(demo_plugins.FIRST)
    demo_plugins.run(app, {demo_plugins.PUBLISHER: runs.get(demo_plugins.PUBLISHER, ())})
    return _accounts(password) if password else []


def fill(app: Flask) -> None:
    """Every plugin in the catalog, and running where it should: what `seed` leaves for later."""
    with app.app_context():
        demo_plugins.publish(demo_plugins.names())
        demo_described.publish()
    with app.app_context():
        demo_voices.fill()
    with app.app_context():
        demo_assistance.fill()
    with app.app_context():
        demo_choosing.fill()
    demo_plugins.run(app, _runs())


def _runs() -> demo_plugins.Runs:
    cities = [city["slug"] for city in CITIES]
    return demo_plugins.wanted(os.environ.get("LUMBUNG_DEMO_RUN", ""), cities, demo_plugins.names())


def _accounts(password: str) -> list[Account]:
    return [Account(email, password, name) for email, name in {person.email: person.name for person in PEOPLE}.items()]


def _make_world(password: str) -> None:
    with unit_of_work() as session:
        cities = {one["slug"]: City(**one, state="admitted", demo=True) for one in CITIES}
        waiting = cities[demo_joining.CITY["slug"]] = City(**demo_joining.CITY, state="applied", demo=True)
        session.add_all(cities.values())
        session.flush()
        scope.enter_programme()
        units = _make_units(cities)
        for person in PEOPLE:
            user = accounts.find_by_email(person.email) or _user(person, password)
            unit = units.get((person.city, person.opd))
            for plugin in person.plugins:
                session.add(
                    Membership(
                        city_id=cities[person.city].id,
                        user_id=user.id,
                        role=person.role,
                        plugin=plugin,
                        opd_id=unit.id if unit else None,
                    )
                )
        demo_agreements.add(cities)
        demo_joining.add(waiting)
        wanted = inviting.Wanted(INVITED.email, INVITED.role, INVITED.name)
        inviting.invite(cities[INVITED.city], wanted, accounts.find_by_email("admin@bontang.example"))


def _make_units(cities: dict[str, City]) -> dict[tuple[str, str], Opd]:
    """By city and name; what stands before a stroke is the unit above."""
    made: dict[tuple[str, str], Opd] = {}
    for slug, places in UNITS.items():
        for place in places:
            above, _stroke, name = place.rpartition("/")
            parent = made[slug, above].id if above else None
            made[slug, name] = Opd(tenant_id=cities[slug].id, name=name, parent_id=parent)
            db.session.add(made[slug, name])
            db.session.flush()
    return made


def _user(person: Person, password: str) -> User:
    user = accounts.make_user(person.email, person.name, password)
    db.session.flush()
    return user


def _set_passwords(password: str) -> None:
    with unit_of_work():
        for email in {person.email for person in PEOPLE}:
            user = accounts.find_by_email(email)
            if user and not accounts.has_password(user, password):  # a new one signs the person out everywhere
                accounts.set_password(user, password)
