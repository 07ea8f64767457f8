"""Which plugins the demo knows, and which city runs which."""

from __future__ import annotations

import json

import pytest

from registry.accounts import service as accounts
from registry.config import REPOSITORY
from registry.connect.models import Grant
from registry.core import audit, scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.hosting.models import Deployment
from registry.operate import demo_plugins
from registry.tenants.models import Membership
from tests.hosting.conftest import MANIFEST, SCHEMA, bundle, find, world  # noqa: F401 fixtures

CITIES = ("bandung", "bontang")
KNOWN = ("lapor", "antrian", "anggaran")


def test_a_new_folder_is_a_new_plugin(tmp_path):
    for name in ("spbe", "antrian", "anggaran", "lapor", "draft"):
        (tmp_path / "plugins" / name).mkdir(parents=True)
        if name != "draft":
            (tmp_path / "plugins" / name / "publiccode.yml").touch()
    assert demo_plugins.names(tmp_path) == ("lapor", "antrian", "anggaran", "spbe")


def test_the_products_own_plugins_are_known():
    assert demo_plugins.names(REPOSITORY)[:2] == ("lapor", "antrian")


def test_bandung_runs_its_first_two_and_bontang_all(tmp_path):
    assert demo_plugins.wanted(" ", CITIES, KNOWN) == {"bandung": ("lapor", "antrian"), "bontang": KNOWN}


def test_who_is_not_named_runs_nothing():
    assert demo_plugins.wanted("bandung:lapor,antrian", CITIES, KNOWN) == {"bandung": ("lapor", "antrian")}
    assert demo_plugins.wanted("bandung: bontang:anggaran", CITIES, KNOWN) == {"bandung": (), "bontang": ("anggaran",)}


@pytest.mark.parametrize("text", ["bogor:lapor", "bandung:laporan", "lapor,antrian", "bandung:lapor;x", ":"])
def test_what_cannot_be_meant_is_said(text):
    with pytest.raises(ValueError, match="LUMBUNG_DEMO_RUN"):
        demo_plugins.wanted(text, CITIES, KNOWN)


@pytest.fixture
def asking(bundle):  # noqa: F811
    """Papan asks a sibling and for mail, and runs without being told anything."""
    wishes = '[connect]\nuses = ["simtaru:zoning.read"]\nmail = true\n'
    (bundle / "lumbung.toml").write_text(MANIFEST + wishes)
    (bundle / "config.schema.json").write_text(json.dumps({**SCHEMA, "required": []}))


@pytest.fixture
def running(asking, world, app):  # noqa: F811
    """Bontang's papan on its way, as the demo leaves it; in the city's scope."""
    demo_plugins.run(app, {"bontang": ("papan", "nowhere")})
    with app.app_context():
        scope.enter_city(find("bontang").id)
        yield db.session.query(Deployment).one()


def test_a_city_runs_its_plugins_and_one_that_is_not_in_the_catalog_stops_nothing(running):
    assert running.name == "papan"


def test_siblings_may_be_asked_from_the_start_and_nothing_else(running):
    [grant] = db.session.query(Grant).all()
    assert (grant.kind, grant.name, grant.state) == ("sibling", "simtaru:zoning.read", "given")
    assert grant.decided_by == audit.SYSTEM.name and grant.decided_at


def test_a_second_start_changes_nothing(running, app):
    with app.app_context():
        scope.enter_city(find("bontang").id)
        with unit_of_work():
            db.session.query(Grant).one().state = "revoked"
    demo_plugins.run(app, {"bontang": ("papan",)})
    with app.app_context():
        scope.enter_city(find("bontang").id)
        assert db.session.query(Grant).one().state == "revoked"
        assert db.session.query(Deployment).count() == 1


def test_bontangs_operator_works_with_a_plugin_that_came_later(asking, world, app):  # noqa: F811
    with app.app_context(), unit_of_work():
        db.session.query(Membership).filter_by(plugin="papan").one().plugin = "lapor"
    demo_plugins.run(app, {"bontang": ("papan",)})
    with app.app_context():
        user = accounts.find_by_email(demo_plugins.OPERATOR)
        held = db.session.query(Membership).filter_by(user_id=user.id).all()
        assert {one.plugin for one in held} == {"lapor", "papan"}


def test_what_cannot_run_yet_is_left_for_later(world, app):  # noqa: F811
    demo_plugins.run(app, {"bontang": ("papan",)})  # its title has no default
    with app.app_context():
        scope.enter_city(find("bontang").id)
        assert db.session.query(Deployment).count() == 0
