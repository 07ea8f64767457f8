"""The demo has units below units and an invitation that waits."""

from registry.core import scope
from registry.core.db import db
from registry.operate import demo
from registry.tenants.people import listing, units
from registry.tenants.service import find_city


def test_the_demos_world(app, clean):
    with app.app_context():
        demo._make_world("kata sandi demo panjang")
        db.session.remove()
    with app.app_context():
        city = find_city("bontang")
        scope.enter_city(city.id)
        assert [(one.depth, one.unit.name) for one in units.tree(city)][0][1] == "Dinas Lingkungan Hidup"
        assert [one.email for one in db.session.scalars(listing.invitations(city))] == ["admin.kedua@bontang.example"]
