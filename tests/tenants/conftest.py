from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from registry.accounts import service as accounts
from registry.core import clock, scope
from registry.core.uow import unit_of_work
from registry.tenants import rules
from registry.tenants.agreements import service as agreements
from registry.tenants.joining import service as joining
from registry.tenants.models import City
from registry.tenants.people import service as people
from registry.tenants.service import find_city

PASSWORD = "padi menguning di sawah"
TERM = agreements.Draft("421/PKS-12", clock.today() - timedelta(10), clock.today() + timedelta(700))


@pytest.fixture
def world(app, clean, settings, moulds) -> None:
    """Bandung publishes, Bontang is a partner, Tegal has applied; each has its people."""
    moulds.cast(settings.data / "no-bundle", settings.data, (), lambda: _make(app), "three cities")


def _make(app) -> None:
    with app.app_context(), unit_of_work() as session:
        scope.enter_programme()
        bandung = City(code="32.73", slug="bandung", name="Kota Bandung", province="Jawa Barat", publisher=True,
                       state="admitted")  # fmt: skip
        session.add(bandung)
        session.flush()
        bontang = joining.apply_city(joining.Application("64.74", "Kota Bontang", "bontang", "Asia/Makassar"))
        tegal = joining.apply_city(joining.Application("33.76", "Kota Tegal", "tegal"))
        joining.admit(bontang)
        for city, role, plugin in (
            (bandung, rules.MAINTAINER, ""),
            (bontang, rules.ADMIN, ""),
            (bontang, rules.AUDITOR, ""),
            (bontang, rules.OPERATOR, "lapor"),
            (tegal, rules.ADMIN, ""),
        ):
            user = accounts.register(f"{role}@{city.slug}.example", f"{role} {city.slug}", PASSWORD)
            people.add_member(city, user, role, plugin)


@pytest.fixture
def browser(app, world):
    """A browser in which the person with this address is signed in."""

    def opened(email: str):
        client = app.test_client()
        assert client.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code == 303
        return client

    return opened


@pytest.fixture
def agreed(app, world):
    """Make an agreement of Bontang, signed by the sides named; answers with its id."""

    def made(kind: str, *sides: str) -> int:
        with app.app_context(), unit_of_work():
            scope.enter_programme()
            city = find_city("bontang")
            one = agreements.draft_agreement(city, kind, TERM)
            agreements.propose(city, one)
            for side in sides:
                agreements.sign(city, one, side, "Kepala Diskominfo")
            return one.id

    return made


@pytest.fixture(scope="session", autouse=True)
def quick_hashes():
    """Passwords of tests guard nothing: hash them cheaply."""
    before, quick = accounts._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts._hasher = quick
    yield
    accounts._hasher = before
