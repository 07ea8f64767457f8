"""What ``lumbung doctor`` says of the repositories, and the maintainers' page with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry.core import scope
from registry.core.clock import now
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge.keeping import survey
from registry.forge.keeping.models import BROKEN, FORK, RepositoryState
from registry.forge.keeping.standing import standing
from tests.forge.test_pages import signed_in


@pytest.fixture
def checked(world):
    with world.app.app_context():
        scope.enter_programme()
        list(survey.survey())
    return world


def told(world) -> list[tuple[bool, str]]:
    return list(standing(world.app.extensions["lumbung"]))


def note(world, **found) -> None:
    with world.app.app_context():
        scope.enter_programme()
        with unit_of_work():
            row = db.session.query(RepositoryState).filter_by(kind=FORK).one()
            for name, value in found.items():
                setattr(row, name, value)


def test_sound_ones_are_told_with_the_last_check(checked):
    [(well, text)] = told(checked)
    assert well and text.startswith("3 without a known fault; last check")


def test_faults_are_counted_named_and_the_command_said(checked):
    note(checked, state=BROKEN, faults=[{"kind": "object", "what": "x", "state": BROKEN, "note": ""}])
    [(well, text)] = told(checked)
    assert not well and "1 of 3 have faults (bontang/lapor): 'lumbung forge fsck --repair'" in text
    page = signed_in(checked, "a").get("/programme/storage?lang=en", follow_redirects=True).text
    assert "1 repository has faults." in page and "lumbung forge fsck --repair" in page


def test_a_check_long_ago_is_a_warning(checked):
    with checked.app.app_context():
        scope.enter_programme()
        with unit_of_work() as session:
            session.query(RepositoryState).update({"checked_at": now() - timedelta(days=3)})
    [(well, text)] = told(checked)
    assert not well and "is the worker alive?" in text


def test_of_an_installation_without_repositories_nothing_is_said(clean, settings):
    assert list(standing(settings)) == []
