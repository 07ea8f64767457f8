"""Plugins and the people who answer for them, told at both places."""

from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge.service import fork_of
from registry.hosting import appointed, glance
from registry.hosting import service as hosting
from registry.hosting.models import Deployment
from registry.tenants.people import appointed as people
from registry.tenants.people import inviting
from tests.hosting.conftest import bundle, find, world  # noqa: F401 fixtures

ADMIN = "admin@bontang.example"


def test_a_plugin_says_who_is_missing_until_both_are_appointed(app, world):  # noqa: F811
    with app.test_request_context(), unit_of_work():
        city = find("bontang")
        scope.enter_city(city.id)
        hosting.deploy(city, fork_of(city, "papan"), "papan", {"title": "A"})
        assert [one.name for one in people.plugins(city)] == ["papan"]
        assert people.plugins(city)[0].address == "/console/bontang/plugins/papan"
        (cell,) = said(city)
        assert "Administrator" in cell.text and "Operator" not in cell.text, "the world has an operator"
        inviting.invite(city, inviting.Wanted(ADMIN, "administrator", plugin="papan"))
        assert said(city) == ()
        assert people.missing_in(city) == {}


def said(city) -> tuple[glance.Cell, ...]:
    found = appointed.people_part(city, db.session.query(Deployment).all())
    return tuple(cell for cells in found.values() for cell in cells)
