"""Three apps, a city that chooses among them, and its people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from registry.accounts import service as accounts
from registry.accounts.models import User
from registry.catalog import service as catalog
from registry.catalog.models import App
from registry.core import scope
from registry.core.uow import unit_of_work
from registry.tenants.models import City, Membership, Opd
from tests.catalog.conftest import PUBLICCODE


@pytest.fixture
def apps(publisher: City, bundle: Callable) -> dict[str, App]:
    found = {}
    for slug, features in (("antrian", ""), ("loket", "Number online for the queue"), ("aduan", "Map of complaints")):
        text = PUBLICCODE.replace("name: Antrian", f"name: {slug.title()}").replace("antrian.git", f"{slug}.git")
        text = text.replace("Online queue", f"{slug.title()} online").replace(
            "Antrian Online", f"{slug.title()} Daring"
        )
        text = text.replace("Numbers online, Waiting-room display", features) if features else text
        inspected = bundle(**{"publiccode.yml": text.encode()})
        with unit_of_work():
            app = found[slug] = catalog.record_app(publisher, slug, inspected)
            catalog.record_release(app, inspected, "1.1.0", "v1", "c" * 40, "a" * 40, "d" * 64, 1, None)
    return found


@pytest.fixture
def units(partner: City) -> dict[str, Opd]:
    scope.enter_city(partner.id)
    with unit_of_work() as session:
        found = {name: Opd(tenant_id=partner.id, name=name) for name in ("Diskominfo", "Dinas PUPR")}
        session.add_all(found.values())
    return found


@pytest.fixture
def person(partner: City, units: dict[str, Opd]) -> Callable[..., User]:
    """Somebody with a role in the city."""

    def make(role: str, unit: str = "") -> User:
        plugin = "papan" if role in ("operator", "administrator") else ""
        with unit_of_work() as session:
            user = accounts.register(f"{role}@bontang.example", f"{role.title()} (demo)", "a long enough password")
            opd_id = units[unit].id if unit else None
            session.add(Membership(city_id=partner.id, user_id=user.id, role=role, plugin=plugin, opd_id=opd_id))
        return user

    return make


@pytest.fixture
def signed_in(app, client: FlaskClient) -> Callable[[User], FlaskClient]:
    def enter(user: User) -> FlaskClient:
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = user.get_id(), True
        return client

    return enter
