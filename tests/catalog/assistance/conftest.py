"""Bandung publishes lapor, Tegal a variant of it; Bontang asks. Everybody comes through the front door."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.accounts import service as accounts
from registry.catalog.models import App
from registry.core import clock, scope
from registry.core.uow import unit_of_work
from registry.tenants import rules
from registry.tenants.agreements import rules as agreed
from registry.tenants.agreements.models import Agreement
from registry.tenants.models import City, Membership

PASSWORD = "padi menguning di sawah"
PEOPLE = (("bandung", rules.MAINTAINER, ""), ("bontang", rules.ADMIN, ""), ("bontang", rules.AUDITOR, ""),
          ("bontang", rules.OPERATOR, "lapor"), ("tegal", rules.ADMIN, ""))  # fmt: skip
ASK = {"app": "lapor", "title": "Photos do not arrive", "text": "Citizens send photos and nobody sees them.",
       "tried": "Restarted it.", "urgency": "high", "phase": "operation"}  # fmt: skip
FACTS = {"description": {"id": {"shortDescription": "Aduan.", "features": []}}, "maintenance": {"type": "internal"},
         "localisation": {"availableLanguages": ["id"]}, "legal": {"license": "MIT"}, "platforms": ["web"]}  # fmt: skip

Browser = Callable[[str], FlaskClient]


@pytest.fixture
def world(app: Flask, clean, settings, moulds) -> Iterator[None]:
    moulds.cast(settings.data / "no-bundle", settings.data, (), lambda: _make(app), "who asks and who helps")
    yield
    shutil.rmtree(settings.data / "documents", ignore_errors=True)


def _make(app: Flask) -> None:
    with app.app_context(), unit_of_work() as session:
        scope.enter_programme()
        cities = {
            "bandung": City(code="32.73", slug="bandung", name="Kota Bandung", province="Jawa Barat", publisher=True),
            "bontang": City(code="64.74", slug="bontang", name="Kota Bontang", province="Kalimantan Timur"),
            "tegal": City(code="33.76", slug="tegal", name="Kota Tegal", province="Jawa Tengah"),
        }
        for city in cities.values():
            city.state = "admitted"
        session.add_all(cities.values())
        session.flush()
        for slug, role, plugin in PEOPLE:
            user = accounts.make_user(f"{role}@{slug}.example", f"{role} {slug} (demo)", PASSWORD)
            user.language = "en"
            session.flush()
            session.add(Membership(city_id=cities[slug].id, user_id=user.id, role=role, plugin=plugin))
        session.add_all(
            [_app("lapor", "Lapor", cities["bandung"]), _app("lapor-tegal", "Lapor Tegal", cities["tegal"])]
        )
        session.add(_pks(cities["bontang"]))


def _app(slug: str, name: str, publisher: City) -> App:
    return App(slug=slug, name=name, publisher_id=publisher.id, publiccode="", facts=FACTS, maturity="stable",
               licence="MIT")  # fmt: skip


def _pks(city: City) -> Agreement:
    today = clock.today()
    return Agreement(tenant_id=city.id, kind=agreed.PKS, state="active", starts_on=today - timedelta(1),
                     ends_on=today + timedelta(365), publisher_signed_on=today, partner_signed_on=today)  # fmt: skip


@pytest.fixture
def browser(app: Flask, world) -> Browser:
    """A browser in which the person with this address is signed in, reading English."""
    known: dict[str, FlaskClient] = {}

    def opened(email: str) -> FlaskClient:
        if email not in known:
            known[email] = app.test_client()
            told = {"email": email, "password": PASSWORD}
            assert known[email].post("/sign-in?lang=en", data=told).status_code == 303
        return known[email]

    return opened


@pytest.fixture
def city(browser: Browser) -> FlaskClient:
    return browser("admin@bontang.example")


@pytest.fixture
def maintainer(browser: Browser) -> FlaskClient:
    return browser("maintainer@bandung.example")


@pytest.fixture
def number(city: FlaskClient) -> int:
    """A request of Bontang about lapor."""
    return ask(city)


def ask(client: FlaskClient, **changes: object) -> int:
    answer = client.post("/console/bontang/assistance/new?lang=en", data={**ASK, **changes})
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].rpartition("/")[2])


def say(client: FlaskClient, where: str, text: str, version: int, act: str = "say", **more: object):
    told = {"text": text, "version": version, "act": act, **more}
    return client.post(f"{where}/messages?lang=en", data=told, content_type="multipart/form-data")
