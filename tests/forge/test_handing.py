"""A fork and its handover are one act; forks of earlier days get theirs later."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from registry.core import clock, scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge import handing
from registry.forge.cli_handing import handovers
from registry.forge.models import Fork
from registry.tenants.handovers.models import Handover
from tests.hosting.conftest import bundle, find, world  # noqa: F401 fixtures


@pytest.fixture
def bontang(app, world):  # noqa: F811
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        yield city


def test_a_fork_comes_with_the_handover_of_its_release(bontang):
    [made], [fork] = db.session.query(Handover).all(), db.session.query(Fork).all()
    base = fork.base_release
    assert (made.app, made.release, made.commit) == (fork.app.slug, base.version, base.commit)
    assert (made.sha256, made.size) == (base.sha256, base.size)
    assert made.parties["partner"]["office"]


def test_a_fork_without_one_gets_it_later_once_and_with_the_day_it_was_made(bontang):
    with unit_of_work():
        db.session.execute(delete(Handover))
        fork = db.session.query(Fork).one()
        fork.created_at = clock.now() - timedelta(days=400)
    with unit_of_work():
        [made] = handing.make_missing(bontang)
        assert (made.handed_on, made.made_on) == (clock.day_of(fork.created_at), clock.today())
    with unit_of_work():
        assert handing.make_missing(bontang) == []


def test_the_operator_makes_what_is_missing_and_may_do_so_again(app, world):  # noqa: F811
    with app.app_context(), unit_of_work():
        scope.enter_programme()
        db.session.execute(delete(Handover))
    first = app.test_cli_runner().invoke(handovers, ["make"])
    again = app.test_cli_runner().invoke(handovers, ["make"])
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "Kota Bontang" in first.output and "1 handovers were made" in first.output
    assert again.output == "0 handovers were made\n"
