"""What the programme closes of a city's plugins, and opens again: those citizens reach, and nothing else."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import select, update

from registry.core import scope
from registry.core.db import db
from registry.core.errors import ConflictError
from registry.core.uow import unit_of_work
from registry.hosting import agreed, upkeep
from registry.hosting.models import Deployment
from registry.tenants.agreements import suspending
from registry.tenants.agreements.models import Agreement
from tests.hosting.conftest import find
from tests.hosting.serving import plugin

WORDS = "Layanan ditutup sementara; hubungi Diskominfo."
OWN = "Tutup untuk perawatan sampai pukul dua."


@pytest.fixture
def plugins(world, app):
    """Papan is open; of the others one is closed by the city, one is off, one is a copy for trying."""
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        papan = plugin(city, enabled=True)
        told = {"fork_id": papan.fork_id, "tenant_id": city.id, "state": "waiting", "secret_key_sealed": b"x"}
        with unit_of_work() as session:
            session.add(Deployment(name="rawat", enabled=True, maintenance=OWN, **told))
            session.add(Deployment(name="mati", enabled=False, **told))
            session.add(Deployment(name="coba", enabled=True, trial_of=papan.id, **told))
            session.execute(update(Agreement).values(state="terminated"))


@contextmanager
def maintaining(app):
    with app.app_context(), app.test_request_context():
        scope.enter_programme()
        with unit_of_work():
            yield find("bontang")


def shown(app) -> dict[str, str]:
    with app.app_context():
        scope.enter_programme()
        return {one.name: one.maintenance for one in db.session.scalars(select(Deployment))}


def test_what_citizens_reach_is_closed_and_nothing_else_is_touched(app, plugins):
    with maintaining(app) as city:
        assert agreed.Closer().running(city) == ["papan"]
        assert suspending.suspend(city, "The PKS is over.", WORDS).plugins == ["papan"]
        assert agreed.Closer().running(city) == []
    assert shown(app) == {"papan": WORDS, "rawat": OWN, "mati": "", "coba": ""}


def test_another_citys_plugins_stay_open(app, plugins):
    with maintaining(app), pytest.raises(ConflictError, match="no plugin|tidak"):
        suspending.suspend(find("tegal"), "The PKS is over.", WORDS)
    assert shown(app)["papan"] == ""


def test_a_city_does_not_open_what_the_programme_closed(app, plugins):
    with maintaining(app) as city:
        suspending.suspend(city, "The PKS is over.", WORDS)
    for words in ("", OWN):
        with pytest.raises(ConflictError, match="PKS is over"), maintaining(app) as city:
            upkeep.set_maintenance(city, _named(city, "papan"), words)
    with maintaining(app) as city:
        upkeep.set_maintenance(city, _named(city, "rawat"), "")
    assert shown(app)["papan"] == WORDS and shown(app)["rawat"] == ""


def test_what_the_city_closed_itself_stays_closed_when_the_programme_opens(app, plugins):
    with maintaining(app) as city:
        suspending.suspend(city, "The PKS is over.", WORDS)
    with maintaining(app) as city:
        assert suspending.resume(city) == ["papan"]
    assert shown(app) == {"papan": "", "rawat": OWN, "mati": "", "coba": ""}


def test_only_what_still_shows_the_words_is_opened(app, plugins):
    with maintaining(app) as city:
        suspending.suspend(city, "The PKS is over.", WORDS)
        _named(city, "papan").maintenance = OWN
    with maintaining(app) as city:
        assert suspending.resume(city) == []
    assert shown(app)["papan"] == OWN


def test_whoever_ends_a_pks_reads_which_plugins_go_on(app, plugins):
    with maintaining(app) as city:
        assert [effect.items for effect in agreed.effects(city)] == [("papan",)]


def _named(city, name: str) -> Deployment:
    return db.session.scalars(select(Deployment).where(Deployment.tenant_id == city.id, Deployment.name == name)).one()
