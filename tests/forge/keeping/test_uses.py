"""A fork that hosting needs is not removed: what runs from it, and what may still come back."""

from __future__ import annotations

import pytest

from registry.core import scope
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError
from registry.core.uow import unit_of_work
from registry.forge.keeping import removing
from registry.forge.service import fork_of
from registry.hosting import service as hosting
from registry.hosting.models import Deployment
from tests.hosting.conftest import bundle, find, world  # noqa: F401 fixtures


@pytest.fixture
def city(app, world):  # noqa: F811
    with app.test_request_context():
        found = find("bontang")
        scope.enter_city(found.id)
        yield found
        db.session.remove()


def remove(city) -> None:
    with unit_of_work():
        removing.remove(city, fork_of(city, "papan"), "papan")


def test_with_a_plugin_it_stays_without_it_goes_but_waits_for_its_purge(city):
    with unit_of_work():
        hosting.deploy(city, fork_of(city, "papan"), "papan", {"title": "Papan"})
    with pytest.raises(ConflictError, match="papan"):
        remove(city)
    with unit_of_work():
        db.session.query(Deployment).one().removed_at = now()
    remove(city)
    assert [use.gone for use in removing.uses(city, removing.removal_of(city, "papan").fork)] == [True]
