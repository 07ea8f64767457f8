"""The demo's queue is not empty: one city waits, was asked back and answered, and can be decided about."""

from __future__ import annotations

import pytest

from registry.core import scope
from registry.core.db import db
from registry.core.errors import InvalidError
from registry.core.uow import unit_of_work
from registry.operate import demo
from registry.operate.demo_joining import CITY
from registry.tenants.joining import service, waiting
from registry.tenants.models import City
from registry.tenants.rules import slug_problem


@pytest.fixture
def made(app, clean):
    with app.app_context():
        demo._make_world("kata-sandi-panjang")
        scope.enter_programme()
        yield db.session.query(City).filter_by(slug=CITY["slug"]).one()


def test_one_city_waits_for_the_maintainers_and_says_that_it_is_made_up(made):
    (entry,) = waiting.entries()
    assert entry.city.id == made.id and made.demo and slug_problem(made.slug) is None
    assert [one.kind for one in service.notes_of(made)] == ["applied", "asked", "answered"]
    assert all("demo" in one.actor for one in service.notes_of(made))


def test_it_is_admitted_like_any_other_once_its_office_was_checked(made):
    with pytest.raises(InvalidError), unit_of_work():
        service.admit(made)
    with unit_of_work():
        service.admit(made, how="Ditelepon (demo)")
    assert made.state == "admitted" and waiting.entries() == []
