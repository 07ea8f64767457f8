"""Rounds of upkeep: by files alone, those that need it, again and again without harm."""

from __future__ import annotations

import pytest

from registry.core import scope
from registry.core.db import db
from registry.forge import git, storage
from registry.forge.keeping import running, upkeep
from registry.forge.keeping.models import RepositoryState
from tests.forge.keeping.conftest import commit, fsck


@pytest.fixture
def programme(world):
    with world.app.app_context():
        scope.enter_programme()
        yield world
        db.session.remove()


def states() -> dict[str, RepositoryState]:
    return {state.kind: state for state in db.session.query(RepositoryState)}


def test_a_round_keeps_what_needs_it_and_the_next_finds_nothing_to_do(programme):
    first, second = running.run(), running.run()
    assert (first.seen, first.failed) == (3, 0) and first.needed == first.kept >= 1
    assert (second.needed, second.kept) == (0, 0)
    assert states()["pool"].kept == "pack graph" and states()["pool"].packs == 1
    assert fsck(programme.storage.fork("bontang", "lapor")) == ""


def test_a_round_starts_no_git_for_what_needs_nothing(programme, monkeypatch):
    running.run()
    monkeypatch.setattr(git, "started", None)
    assert running.run().needed == 0


def test_a_round_weighs_every_repository(programme):
    commit(programme.storage.fork("bontang", "lapor"), "own", b"x" * 100)
    running.run()
    assert set(states()) == {"pool", "upstream", "fork"}
    assert states()["fork"].bytes > 0 and states()["pool"].bytes > 0
    assert states()["upstream"].bytes == 0, "the pool has all of it"


def test_while_a_backup_copies_nothing_is_packed_and_later_it_is(programme):
    with storage.undisturbed(programme.storage.data):
        assert running.run().kept == 0
    assert running.run().kept > 0


def test_what_fails_is_told_and_tried_again(programme, monkeypatch):
    keep = upkeep.keep
    monkeypatch.setattr(upkeep, "keep", _broken)
    assert running.run().failed > 0
    monkeypatch.setattr(upkeep, "keep", keep)
    assert running.run().kept > 0


def _broken(*_given: object) -> None:
    raise git.GitError("no room left on the disk")


def test_a_round_ends_in_time_and_the_next_goes_on(programme):
    assert running.run(longest=-1).kept == 0
    assert running.run().kept > 0
