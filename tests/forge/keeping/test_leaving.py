"""A fork leaves: made whole, or removed with time to think it over."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from registry.core import clock, jobs, scope
from registry.core.db import db
from registry.core.errors import ConflictError, InvalidError, NotFoundError
from registry.core.uow import unit_of_work
from registry.forge import forking, git, storage
from registry.forge.keeping import asking, checking, detaching, purging, removing, service, upkeep
from registry.forge.keeping.jobs import detach as detach_job
from registry.forge.keeping.measuring import measure
from registry.forge.keeping.models import RepositoryState
from registry.forge.keeping.rules import Act
from registry.forge.models import Fork
from registry.forge.service import fork_of, forks_of
from registry.tenants.models import City
from tests.forge.keeping.conftest import MAIN, commit, fsck, move, tip, upstream_commit
from tests.forge.keeping.test_checking import spot

# Made whole


def test_a_detached_fork_needs_nothing_of_its_pool(place):
    fork = place.fork("bontang", "lapor")
    made = commit(fork, "own")
    detaching.detach(place, spot(place, "fork"))
    storage.remove(place.pool("lapor"))
    storage.remove(place.upstream("lapor"))
    assert (tip(fork), fsck(fork), measure(fork).borrows) == (made, "", False)
    assert [path.name for path in (fork / "objects/info").iterdir() if "alternates" in path.name] == []


def test_a_whole_fork_is_one_pack_with_a_bitmap_and_borrows_again_without(place):
    fork = place.fork("bontang", "lapor")
    upstream_commit(place, "big", os.urandom(100_000))
    move(fork, tip(place.upstream("lapor")))
    detaching.detach(place, spot(place, "fork"))
    assert measure(fork).bytes > 100_000 and measure(fork).bitmap
    detaching.attach(place, spot(place, "fork"))
    found = measure(fork)
    assert found.bytes < 5_000 and not found.bitmap and found.borrows and fsck(fork) == ""


def test_a_graph_that_stands_on_the_pools_does_not_outlive_the_borrowing(place):
    """Git warned at every command of graph files it could not find."""
    fork = place.fork("bontang", "lapor")
    upkeep.keep(place, place.pool("lapor"), True, Act.GRAPH)
    commit(fork, "own")
    upkeep.keep(place, fork, False, Act.GRAPH)
    detaching.detach(place, spot(place, "fork"))
    assert fsck(fork) == "" and measure(fork).graph
    detaching.attach(place, spot(place, "fork"))
    assert fsck(fork) == "" and not measure(fork).graph


def test_detaching_twice_is_as_good_as_once(place):
    for _time in range(2):
        detaching.detach(place, spot(place, "fork"))
    assert fsck(place.fork("bontang", "lapor")) == ""


def test_what_cannot_be_whole_borrows_as_before(place):
    fork = place.fork("bontang", "lapor")
    commit(fork, "own")
    packs = sorted((place.pool("lapor") / "objects/pack").glob("*.pack"))
    for path in (packs[0], packs[0].with_suffix(".idx")):
        path.rename(path.with_name(f"lost-{path.name}"))
    with pytest.raises(ConflictError, match="borrows as before"):
        detaching.detach(place, spot(place, "fork"))
    assert checking.alternates(fork).read_text() == "../../../../apps/lapor/pool.git/objects\n"
    for path in (packs[0], packs[0].with_suffix(".idx")):
        path.with_name(f"lost-{path.name}").rename(path)
    assert fsck(fork) == ""


STEPS = ("linked half", "linked", "put aside", "looked for")


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_each_step_it_borrows_still_or_is_whole(place, monkeypatch, step):
    """Each step is cut short as a kill would, then the job runs again."""
    fork = place.fork("bontang", "lapor")
    made = commit(fork, "own")

    class KilledError(BaseException):
        pass

    def killed(*_given: object, **_more: object) -> None:
        raise KilledError

    if step == "linked half":
        link, count = detaching._link, iter(range(3))
        soon = lambda *paths: killed() if next(count, None) is None else link(*paths)  # noqa: E731
        monkeypatch.setattr(detaching, "_link", soon)
    else:
        where = {"linked": (storage, "locked"), "looked for": (detaching, "sync_folder")}
        monkeypatch.setattr(*where.get(step, (detaching, "is_whole")), killed)
    with pytest.raises(KilledError):
        detaching.detach(place, spot(place, "fork"))
    monkeypatch.undo()
    assert (tip(fork), fsck(fork)) == (made, "")
    detaching.detach(place, spot(place, "fork"))
    assert fsck(fork) == "" and not measure(fork).borrows


def test_a_push_and_leaving_the_pool_do_not_meet(place):
    """Who pushes may count on what the pool has, until he is done."""
    fork = place.fork("bontang", "lapor")
    with storage.in_use(fork), storage.in_use(fork), pytest.raises(BlockingIOError), storage.locked(fork, wait=False):
        pass


# With tables


@pytest.fixture
def bontang(world):
    with world.app.test_request_context():
        city = db.session.query(City).filter_by(slug="bontang").one()
        scope.enter_city(city.id)
        yield city
        db.session.remove()


def programme(world) -> None:
    db.session.remove()
    scope.enter_programme()


def test_making_it_whole_is_a_job(world, bontang):
    with unit_of_work():
        job = asking.ask_detach(bontang, fork_of(bontang, "lapor"))
        number = str(job.id)
    detach_job(number, bontang.id, "lapor")
    done = db.session.get(jobs.Job, job.id)
    assert (done.state, done.percent) == ("done", 100) and "whole" in done.message.lower() or "utuh" in done.message
    assert db.session.query(RepositoryState).filter_by(kind="fork").one().whole
    with pytest.raises(ConflictError):
        asking.ask_detach(bontang, fork_of(bontang, "lapor"))


def test_a_city_without_room_is_told_before(world, bontang):
    with unit_of_work():
        service.set_quota(bontang, 100)
        service.note_change(bontang, fork_of(bontang, "lapor").app)
    with pytest.raises(service.QuotaError), unit_of_work():
        asking.ask_detach(bontang, fork_of(bontang, "lapor"))


def removed(city: City) -> None:
    with unit_of_work():
        removing.remove(city, fork_of(city, "lapor"), "lapor")


def test_a_removed_fork_is_hidden_at_once_and_one_act_brings_it_back(world, bontang):
    before = tip(world.storage.fork("bontang", "lapor"))
    removed(bontang)
    assert forks_of(bontang) == []
    with pytest.raises(NotFoundError):
        fork_of(bontang, "lapor")
    with unit_of_work():
        removing.recover(bontang, "lapor")
    assert fork_of(bontang, "lapor") and tip(world.storage.fork("bontang", "lapor")) == before


def test_its_name_must_be_typed(bontang):
    with pytest.raises(InvalidError), unit_of_work():
        removing.remove(bontang, fork_of(bontang, "lapor"), "Lapor!")


def test_a_fork_that_a_plugin_runs_from_stays(world, bontang, monkeypatch):
    monkeypatch.setitem(world.app.extensions, removing.EXTENSION, [lambda _city, _fork: [removing.Use("lapor", False)]])
    with pytest.raises(ConflictError, match="lapor"):
        removed(bontang)


def test_who_forks_again_is_told_to_bring_it_back(bontang):
    app = fork_of(bontang, "lapor").app
    removed(bontang)
    with pytest.raises(ConflictError), unit_of_work():
        forking.create_fork(bontang, app, None)


@pytest.fixture
def later(monkeypatch):
    """Moves the clock that removal looks at."""

    def move_on(days: float) -> None:
        then = clock.now() + timedelta(days=days)
        monkeypatch.setattr(removing, "now", lambda: then)
        monkeypatch.setattr(purging, "now", lambda: then)

    return move_on


def test_after_its_time_it_is_taken_for_good(world, bontang, later):
    removed(bontang)
    programme(world)
    later(29)
    purging.purge()
    assert db.session.query(Fork).count() == 1 and world.storage.fork("bontang", "lapor").exists()
    later(31)
    purging.purge()
    assert db.session.query(Fork).count() == 0
    assert list(world.storage.fork("bontang", "lapor").parent.iterdir()) == []


def test_killed_while_it_is_taken_the_next_round_ends_it(world, bontang, later, monkeypatch):
    removed(bontang)
    programme(world)
    later(31)
    monkeypatch.setattr(removing.shutil, "rmtree", _killed)
    with pytest.raises(KeyboardInterrupt):
        purging.purge()
    monkeypatch.undo()
    db.session.rollback()
    later(31)
    purging.purge()
    assert db.session.query(Fork).count() == 0
    assert list(world.storage.fork("bontang", "lapor").parent.iterdir()) == []


def _killed(*_given: object, **_more: object) -> None:
    raise KeyboardInterrupt


def test_while_it_is_taken_there_is_no_way_back(world, bontang):
    removed(bontang)
    with unit_of_work():
        removing.removal_of(bontang, "lapor").purging = True
    with pytest.raises(ConflictError), unit_of_work():
        removing.recover(bontang, "lapor")


def test_it_waits_for_plugins_that_may_still_come_back(world, bontang, later, monkeypatch):
    removed(bontang)
    monkeypatch.setitem(world.app.extensions, removing.EXTENSION, [lambda _city, _fork: [removing.Use("lapor", True)]])
    programme(world)
    later(31)
    purging.purge()
    assert db.session.query(Fork).count() == 1


def test_the_admins_are_told_in_time_and_once(world, bontang, later, monkeypatch):
    told: list[tuple[object, str]] = []
    monkeypatch.setattr("registry.core.mail.send", lambda to, subject, text, **_more: told.append((to, text)))
    removed(bontang)
    programme(world)
    purging.warn()
    assert told == []
    later(26)
    purging.warn()
    purging.warn()
    assert len(told) == 1 and told[0][0] == ["b@example.id"] and "/console/bontang/forks" in told[0][1]


def test_a_clone_of_a_whole_fork_is_what_it_was(place, tmp_path):
    fork = place.fork("bontang", "lapor")
    commit(fork, "own")
    detaching.detach(place, spot(place, "fork"))
    target = tmp_path / "clone.git"
    git.run(None, "clone", "-q", "--bare", str(fork), str(target), config={"protocol.file.allow": "always"})
    assert tip(target) == tip(fork, MAIN)
