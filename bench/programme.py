"""The maintainers' overview with 514 kabupaten and kota in the list of regions and 100 partners in all states.

The peer is the same page of the same installation before: with its few demo cities. What is above 1 is what a hundred
cities cost. Loading the list is measured beside it, against writing as many rows with one plain statement.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select

from bench.harness import Row, ratio, rounds, seconds, several, spread
from bench.house import House
from bench.quiet import unseen
from registry.accounts import service as accounts
from registry.accounts.sessions import door
from registry.accounts.sessions import service as sessions
from registry.catalog.models import Adoption, App
from registry.core import clock, scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants.agreements import rules
from registry.tenants.agreements.models import Agreement
from registry.tenants.joining import regions
from registry.tenants.joining.models import FormerCode, Region, RegionList
from registry.tenants.models import City
from registry.tenants.provinces import PROVINCES

REGIONS, PARTNERS, ROUNDS, LOOKS = 514, 100, 9, 15
BOUND = 300
"""Milliseconds, as the programme wants it on one small machine."""

MAINTAINER = "maintainer@bandung.example"
DAYS_LEFT = (700, 700, 60, -5)
"""Of each fourth partner's PKS: two in force, one ends soon, one has ended."""


def run(house: House) -> list[Row]:
    app = house.stack.app
    client = _signed_in(app)
    with unseen():
        few, found, many = _measured(app, client)
    what = f"the overview with {PARTNERS} partners"
    listed = f"{REGIONS} regions taken in from a list"
    return [
        Row("programme", what, "the same page with the demo's cities", ratio(many, few)),
        Row("programme", what, "", spread([value * 1000 for value in many]), BOUND, unit="ms"),
        Row("programme", listed, "the same rows by one plain insert", ratio(found["ours"], found["plain"])),
        Row("programme", listed, "", spread([value * 1000 for value in found["ours"]]), unit="ms"),
    ]


def _measured(app: Flask, client: FlaskClient) -> tuple[list[float], dict[str, list[float]], list[float]]:
    """The page with few cities, the list of regions, the page with many."""
    few = [several(seconds(lambda: _look(client)), LOOKS)() for _round in range(ROUNDS)]
    found = _list_taken_in(app)
    try:
        _add(app)
        many = [several(seconds(lambda: _look(client)), LOOKS)() for _round in range(ROUNDS)]
    finally:
        _undo(app)
    return few, found, many


def _signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        user = accounts.find_by_email(MAINTAINER)
        assert user is not None
        with unit_of_work():
            _session, secret = sessions.begin(user, "bench", "127.0.0.1", strong=True)
        with client.session_transaction() as held:
            held["_user_id"], held[door.SECRET] = user.get_id(), secret
    return client


def _look(client: FlaskClient) -> None:
    answer = client.get("/programme/", base_url="http://localhost:8000")
    assert answer.status_code == 200, answer.status


def _codes() -> list[tuple[str, str]]:
    provinces = list(PROVINCES)
    return [(f"{provinces[n % len(provinces)]}.{n // len(provinces) + 40}", f"Kota Ukur {n}") for n in range(REGIONS)]


def _list_taken_in(app: Flask) -> dict[str, list[float]]:
    rows = "\n".join(f"{code},{name},{PROVINCES[code[:2]]}" for code, name in _codes())
    content = f"kode,nama,provinsi\n{rows}\n".encode()

    def ours() -> None:
        _emptied(app)
        with app.app_context():
            scope.enter_programme()
            with unit_of_work():
                regions.take_in(content, "ukur.csv")

    def plain() -> None:
        _emptied(app)
        values = [{"code": code, "name": name, "province": PROVINCES[code[:2]], "kind": "kota", "words": name,
                   "by_hand": False} for code, name in _codes()]  # fmt: skip
        with app.app_context(), unit_of_work():
            db.session.execute(insert(Region), values)

    return rounds(ROUNDS, ours=seconds(ours), plain=seconds(plain))


def _emptied(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        for model in (FormerCode, RegionList, Region):
            db.session.execute(delete(model))


def _add(app: Flask) -> None:
    with app.app_context():
        scope.enter_programme()
        with unit_of_work() as session:
            apps = list(session.scalars(select(App.id)))
            for number, (code, name) in enumerate(_codes()[:PARTNERS]):
                city = City(code=code, slug=f"ukur-{number}", name=name, province=PROVINCES[code[:2]], state="admitted")
                session.add(city)
                session.flush()
                session.add_all([_paper(city, rules.MEMORANDUM, 900), _paper(city, rules.PKS, DAYS_LEFT[number % 4])])
                session.add_all(
                    Adoption(app_id=app_id, city_id=city.id, version="1.0.0", running=app_id % 2 == 0)
                    for app_id in apps[: number % 8]
                )


def _paper(city: City, kind: str, days: int) -> Agreement:
    begun = clock.today() - timedelta(days=300)
    return Agreement(
        tenant_id=city.id, kind=kind, number=f"{kind}-{city.slug}", state=rules.SIGNED, starts_on=begun,
        ends_on=clock.today() + timedelta(days=days), publisher_signed_on=begun, partner_signed_on=begun,
    )  # fmt: skip


def _undo(app: Flask) -> None:
    _emptied(app)
    with app.app_context():
        scope.enter_programme()
        with unit_of_work() as session:
            mine = select(City.id).where(City.slug.startswith("ukur-"))
            session.execute(delete(Adoption).where(Adoption.city_id.in_(mine)))
            session.execute(delete(Agreement).where(Agreement.tenant_id.in_(mine)))
            session.execute(delete(City).where(City.slug.startswith("ukur-")))
