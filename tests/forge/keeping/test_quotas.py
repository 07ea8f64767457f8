"""What a city's forks may weigh: its own objects count, what they borrow does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge.keeping import service as keeping
from registry.forge.service import fork_of
from registry.tenants.models import City
from tests.forge.keeping.conftest import commit

MB = 2**20


@pytest.fixture
def bontang(world):
    """In its scope, with the forge's application around."""
    with world.app.test_request_context():
        city = db.session.query(City).filter_by(slug="bontang").one()
        scope.enter_city(city.id)
        yield city
        db.session.remove()


def weigh(city: City) -> None:
    with unit_of_work():
        keeping.note_change(city, fork_of(city, "lapor").app)


def limit(city: City, bytes: int | None) -> None:
    with unit_of_work():
        keeping.set_quota(city, bytes)


def test_a_fresh_fork_weighs_its_own_commit_only(world, bontang):
    weigh(bontang)
    assert 0 < keeping.room_of(bontang).used < 20_000


def test_the_installations_setting_limits_who_has_no_limit_of_its_own(world, bontang):
    world.app.extensions["lumbung"] = replace(world.app.extensions["lumbung"], fork_quota=5 * MB)
    try:
        weigh(bontang)
        assert 4 * MB < keeping.room_left(bontang) < 5 * MB
        limit(bontang, 9 * MB)
        assert keeping.room_left(bontang) > 8 * MB
        limit(bontang, None)
        assert keeping.room_left(bontang) < 5 * MB
    finally:
        world.app.extensions["lumbung"] = replace(world.app.extensions["lumbung"], fork_quota=2 * 2**30)


def test_a_limit_of_zero_is_none(bontang):
    limit(bontang, 0)
    assert keeping.room_left(bontang) is None
    keeping.demand_room(bontang, 2**60)


def test_a_full_city_is_refused_in_words(world, bontang):
    commit(world.storage.fork("bontang", "lapor"), "big.bin", bytes(range(256)) * 40)
    weigh(bontang)
    limit(bontang, 1)
    with pytest.raises(keeping.QuotaError, match="Kota Bontang.* 1 B[.] "):
        keeping.demand_room(bontang)


def test_what_would_not_fit_is_refused_before_it_comes(bontang):
    weigh(bontang)
    limit(bontang, 1 * MB)
    keeping.demand_room(bontang, 500_000)
    with pytest.raises(keeping.QuotaError):
        keeping.demand_room(bontang, 2 * MB)


def test_nobody_is_refused_for_what_is_gone_already(world, bontang):
    """The record is older than the disk: both are looked at before a refusal."""
    weigh(bontang)
    with unit_of_work():
        keeping.state_of(bontang.id, fork_of(bontang, "lapor").app_id, "fork").bytes = 50 * MB
        keeping.set_quota(bontang, 1 * MB)
    keeping.demand_room(bontang)


def test_the_pool_and_the_upstream_do_not_count(world, bontang):
    app = fork_of(bontang, "lapor").app
    with unit_of_work():
        keeping.state_of(bontang.id, app.id, "pool").bytes = 50 * MB
    weigh(bontang)
    assert keeping.room_of(bontang).used < MB
