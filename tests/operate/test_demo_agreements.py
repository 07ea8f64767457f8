"""The demo's agreements: in force, marked as made up, and one that ends soon."""

from __future__ import annotations

from datetime import timedelta

from registry.core import clock, scope
from registry.core.uow import unit_of_work
from registry.operate import demo_agreements
from registry.operate.demo import CITIES
from registry.tenants.agreements import reading, reminding
from registry.tenants.models import City


def test_three_cities_have_both_in_force_and_one_ends_soon(app, clean):
    with app.app_context():
        scope.enter_programme()
        with unit_of_work() as session:
            cities = {one["slug"]: City(**one, state="admitted", demo=True) for one in CITIES}
            session.add_all(cities.values())
            session.flush()
            demo_agreements.add(cities)
            found = {slug: cities[slug].id for slug in demo_agreements.NUMBERS}
        ends = {slug: reading.active_pks(city_id).ends_on for slug, city_id in found.items()}
        assert [slug for slug, day in ends.items() if day < clock.today() + timedelta(30)] == ["palopo"]
        named = found["tanjungpinang"]
        assert reading.active_pks(named, "lapor") and not reading.active_pks(named, "spbe")
        assert all("DEMO" in one.number for city_id in found.values() for one in reading.papers_of(city_id))
        assert reminding.remind() == 1
