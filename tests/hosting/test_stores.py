"""How a plugin may keep its data: as the host said it can."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from registry.catalog.inspection.inspect import Inspection
from registry.core import clock, scope
from registry.core.errors import InvalidError
from registry.core.uow import unit_of_work
from registry.forge.service import fork_of
from registry.hosting import reading, service
from registry.hosting.models import Host
from tests.hosting.conftest import find


@pytest.fixture
def bontang(world, app, monkeypatch):
    """Whose bundle wants PostgreSQL."""
    inspected = service.inspect_commit

    def with_store(*given: Any) -> Inspection:
        found = inspected(*given)
        return replace(found, manifest=replace(found.manifest, store="postgresql"))

    monkeypatch.setattr(service, "inspect_commit", with_store)
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        yield city


def say(stores: list[str] | None) -> None:
    facts = {} if stores is None else {"stores": stores}
    with unit_of_work() as session:
        session.add(Host(name="h", beat_at=clock.now(), pid=1, facts=facts))


def test_a_bundle_is_refused_in_words_when_the_host_cannot_keep_its_data(bontang):
    say(["sqlite"])
    with pytest.raises(InvalidError, match="DATABASE_ADMIN_URL"), unit_of_work():
        service.deploy(bontang, fork_of(bontang, "papan"), "papan", {"title": "Papan"})


@pytest.mark.parametrize("stores", [["sqlite", "postgresql"], None])
def test_it_is_taken_where_the_host_can_or_said_nothing(bontang, stores):
    say(stores)
    with unit_of_work():
        service.deploy(bontang, fork_of(bontang, "papan"), "papan", {"title": "Papan"})
    assert reading.offers_store("sqlite")
