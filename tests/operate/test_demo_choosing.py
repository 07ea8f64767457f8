"""The demo's shortlist: every text marked, votes of the units, a plan; and nobody's own list is touched."""

from __future__ import annotations

import pytest

from registry.accounts import service as accounts
from registry.catalog.choosing import plan, service
from registry.catalog.models import App
from registry.core import scope
from registry.core.uow import unit_of_work
from registry.operate import demo_choosing, demo_described, demo_plugins
from registry.tenants.models import City, Opd


@pytest.fixture
def bontang(context) -> City:
    with unit_of_work() as session:
        city = City(code="64.74", slug="bontang", name="Kota Bontang", province="Kalimantan Timur", state="admitted",
                    demo=True)  # fmt: skip
        session.add(city)
        session.flush()
        scope.enter_city(city.id)
        session.add_all(Opd(tenant_id=city.id, name=name) for name in (
            demo_choosing.OFFICE, demo_choosing.WORKS, demo_choosing.GREEN))  # fmt: skip
        for email in (demo_choosing.ADMIN, demo_choosing.OPERATOR):
            accounts.make_user(email, f"{email} (demo)", "a long enough password")
        for wish in demo_choosing.WISHES[:-1]:
            session.add(App(slug=wish.app, name=wish.app, publisher_id=city.id, publiccode="", facts={},
                            maturity="stable", licence="MIT"))  # fmt: skip
    return city


def test_the_demo_has_votes_and_a_plan_and_says_that_it_is_one(bontang):
    demo_choosing.fill()
    items = service.shortlist(bontang)
    assert len(items) == len(demo_choosing.WISHES) - 1, "an app that is not there is left out"
    assert all(item.votes and item.why.endswith("(contoh).") for item in items)
    assert len(plan.plan_of(bontang).quarters) > 1


def test_the_plan_of_the_demo_has_what_can_be_taken_and_what_waits_for_its_source():
    described = {path.stem for path in demo_described.FOLDER.glob("*.yml")}
    planned = {wish.app for wish in demo_choosing.WISHES if wish.adopt}
    assert planned & described and planned & set(demo_plugins.names())
    assert {wish.app for wish in demo_choosing.WISHES} <= described | set(demo_plugins.names())


def test_a_second_start_leaves_the_list_as_it_is(bontang):
    demo_choosing.fill()
    before = [(item.id, item.version) for item in service.shortlist(bontang)]
    demo_choosing.fill()
    assert [(item.id, item.version) for item in service.shortlist(bontang)] == before
