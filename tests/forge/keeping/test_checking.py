"""What a check finds and what a repair makes of it: sound, repaired or lost; what is nowhere else is not deleted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.core import scope
from registry.core.db import db
from registry.forge import git, storage
from registry.forge.keeping import checking, jobs, repairing, survey, upkeep
from registry.forge.keeping.checking import Fault
from registry.forge.keeping.models import RepositoryState
from registry.forge.keeping.rules import Act
from registry.forge.keeping.spots import Spot
from registry.forge.storage import Storage
from tests.forge.keeping.conftest import MAIN, commit, fsck, move, tip, upstream_commit

KINDS = ("pool", "upstream", "fork")


def spot(place: Storage, kind: str) -> Spot:
    paths = {"pool": place.pool("lapor"), "upstream": place.upstream("lapor"), "fork": place.fork("bontang", "lapor")}
    return Spot(kind, paths[kind], "lapor", 1, 1, "bontang" if kind == "fork" else "")


def check(place: Storage, kind: str, deep: bool = False) -> list[Fault]:
    return repairing.examine(place, spot(place, kind), {}, deep=deep)


def repair(place: Storage, *kinds: str, deep: bool = False) -> dict[str, str]:
    """The state of each repository; the pool first, as `survey` does."""
    found = {kind: repairing.examine(place, spot(place, kind), {}, True, deep) for kind in kinds or KINDS}
    return {kind: checking.verdict(faults) for kind, faults in found.items()}


def loose(repository: Path, content: bytes = b"precious") -> Path:
    """A loose object that main names."""
    old = tip(repository)
    blob = git.line(repository, "hash-object", "-w", "--stdin", stdin=content)
    tree = git.line(repository, "mktree", stdin=f"100644 blob {blob}\tfile\n".encode())
    words = ("-c", "user.name=t", "-c", "user.email=t@example.id")
    made = git.line(repository, *words, "commit-tree", "-p", old, "-m", "loose", tree)
    move(repository, made)
    return repository / "objects" / blob[:2] / blob[2:]


def test_everything_as_it_was_made_is_sound(place):
    commit(place.fork("bontang", "lapor"), "own")
    assert [check(place, kind) for kind in KINDS] == [[], [], []]
    for kind in KINDS:
        for act in Act:
            upkeep.keep(place, spot(place, kind).path, kind == "pool", act)
    assert [check(place, kind, deep=True) for kind in KINDS] == [[], [], []]


def no_alternates(place: Storage) -> None:
    checking.alternates(place.fork("bontang", "lapor")).unlink()


def absolute(place: Storage) -> None:
    pool = place.pool("lapor") / "objects"
    checking.alternates(place.fork("bontang", "lapor")).write_text(f"{pool.resolve()}\n")


def astray(place: Storage) -> None:
    checking.alternates(place.fork("bontang", "lapor")).write_text("../../../nowhere/objects\n")


def foreign(place: Storage) -> None:
    """A line more: it would read what another app's pool holds."""
    path = checking.alternates(place.fork("bontang", "lapor"))
    path.write_text(f"{path.read_text()}../../../../apps/antrian/pool.git/objects\n")


def torn_config(place: Storage) -> None:
    (place.fork("bontang", "lapor") / "config").write_text("")


def torn_head(place: Storage) -> None:
    (place.fork("bontang", "lapor") / "HEAD").write_text("")


def no_index(place: Storage) -> None:
    next((place.fork("bontang", "lapor") / "objects/pack").glob("*.idx")).unlink()


@pytest.mark.parametrize("damage", [no_alternates, absolute, astray, foreign, torn_config, torn_head, no_index])
def test_what_can_be_written_anew_is(place, damage: Callable[[Storage], None]):
    fork = place.fork("bontang", "lapor")
    commit(fork, "own")
    before = tip(fork)
    damage(place)
    assert checking.verdict(check(place, "fork")) == "broken"
    assert repair(place)["fork"] == "repaired"
    assert (tip(fork), fsck(fork), check(place, "fork")) == (before, "", [])
    assert checking.alternates(fork).read_text() == "../../../../apps/lapor/pool.git/objects\n"


def test_a_pool_that_lost_its_guard_gets_it_back(place):
    (place.pool("lapor") / "config").write_text(storage.PLAIN)
    assert repair(place) == {"pool": "repaired", "upstream": "sound", "fork": "sound"}
    with pytest.raises(git.GitError, match="precious"):
        git.run(place.pool("lapor"), "prune")


def test_what_a_pool_lost_is_brought_from_whoever_has_it(place):
    upstream_commit(place, "big", os.urandom(5_000))
    shutil.rmtree(place.pool("lapor") / "objects/pack")
    assert checking.verdict(check(place, "pool")) == "broken"
    assert repair(place) == {"pool": "repaired", "upstream": "sound", "fork": "sound"}
    assert all(fsck(spot(place, kind).path) == "" for kind in KINDS)


def test_what_a_fork_lost_is_brought_from_another(place):
    fork = place.fork("bontang", "lapor")
    path = loose(fork)
    other = storage.make_fork(place, "tanjungpinang", "lapor", {MAIN: tip(place.upstream("lapor"))})
    git.run(other, "fetch", "-q", str(fork), f"{MAIN}:refs/heads/theirs", config={"protocol.file.allow": "always"})
    path.unlink()
    assert checking.verdict(check(place, "fork")) == "broken"
    assert repair(place)["fork"] == "repaired" and fsck(fork) == ""


def test_a_damaged_object_is_set_aside_and_brought_again(place):
    """A power cut leaves files of no length."""
    fork = place.fork("bontang", "lapor")
    path = loose(fork)
    storage.make_fork(place, "tanjungpinang", "lapor", {})
    other = place.fork("tanjungpinang", "lapor")
    git.run(other, "fetch", "-q", str(fork), f"{MAIN}:{MAIN}", config={"protocol.file.allow": "always"})
    path.chmod(0o644)
    path.write_bytes(b"")
    assert repair(place)["fork"] == "repaired" and fsck(fork) == ""
    assert len(list((fork / "broken").iterdir())) == 1


def test_a_changed_byte_is_found_by_a_deep_check_and_the_pack_rebuilt(place):
    pack = next((place.pool("lapor") / "objects/pack").glob("*.pack"))
    content = bytearray(pack.read_bytes())
    content[len(content) // 2] ^= 0xFF
    pack.chmod(0o644)
    pack.write_bytes(content)
    assert check(place, "pool") == [], "what leads to what is as it was"
    assert checking.verdict(check(place, "pool", deep=True)) == "broken"
    assert repair(place, deep=True)["pool"] == "repaired"
    assert fsck(place.pool("lapor")) == "" and list((place.pool("lapor") / "broken").iterdir())


def test_what_is_nowhere_is_lost_and_said_so(place):
    fork = place.fork("bontang", "lapor")
    loose(fork).unlink()
    assert repair(place) == {"pool": "sound", "upstream": "sound", "fork": "lost"}
    assert tip(fork) != "0" * 40, "the rest of its history is still read"


def test_a_branch_whose_commit_is_gone_is_set_aside_with_a_note(place):
    fork = place.fork("bontang", "lapor")
    loose(fork)
    gone = tip(fork)
    move(fork, gone, "refs/heads/torn")
    move(fork, tip(place.upstream("lapor")))
    (fork / "objects" / gone[:2] / gone[2:]).unlink()
    assert repair(place)["fork"] == "lost"
    assert f"{gone} refs/heads/torn" in (fork / "broken/refs").read_text()
    assert (check(place, "fork"), fsck(fork)) == ([], "")


def test_a_reference_without_a_word_is_set_aside(place):
    fork = place.fork("bontang", "lapor")
    (fork / "refs/heads").mkdir(parents=True, exist_ok=True)
    (fork / "refs/heads/torn").write_text("")
    assert repair(place)["fork"] == "lost"
    assert (fork / "broken/refs-heads-torn").exists() and fsck(fork) == ""


def test_a_fork_that_vanished_comes_back_from_what_was_set_aside(place):
    fork = place.fork("bontang", "lapor")
    made = commit(fork, "own")
    storage.set_aside(fork)
    assert checking.verdict(check(place, "fork")) == "broken"
    assert repair(place)["fork"] == "repaired" and tip(fork) == made


def test_a_fork_that_is_nowhere_is_lost_and_none_is_made_up(place):
    storage.remove(place.fork("bontang", "lapor"))
    assert repair(place)["fork"] == "lost"
    assert not place.fork("bontang", "lapor").exists()


def test_an_upstream_that_vanished_is_made_again_from_its_pool(place):
    before = tip(place.upstream("lapor"))
    storage.remove(place.upstream("lapor"))
    assert repair(place)["upstream"] == "repaired" and tip(place.upstream("lapor")) == before


# With releases and tables


@pytest.fixture
def programme(world):
    with world.app.app_context():
        scope.enter_programme()
        yield world
        db.session.remove()


def states(**given) -> dict[str, str]:
    return {report.spot.kind: report.state for report in survey.survey(**given)}


def test_a_survey_finds_all_sound_and_writes_it_down(programme):
    assert states() == {"pool": "sound", "upstream": "sound", "fork": "sound"}
    assert {state.state for state in db.session.query(RepositoryState)} == {"sound"}


def test_a_lost_pool_comes_back_from_the_releases(programme):
    place = programme.storage
    storage.remove(place.pool("lapor"))
    assert states()["pool"] == "broken"
    assert states(repair=True) == {"pool": "repaired", "upstream": "sound", "fork": "sound"}
    assert fsck(place.fork("bontang", "lapor")) == ""
    assert states() == {"pool": "sound", "upstream": "sound", "fork": "sound"}


def test_a_release_tag_that_vanished_comes_back(programme):
    for repository in (programme.storage.pool("lapor"), programme.storage.upstream("lapor")):
        git.run(repository, "update-ref", "-d", "refs/tags/v1.0.0")
    assert states()["upstream"] == "broken"
    assert states(repair=True) == {"pool": "repaired", "upstream": "repaired", "fork": "sound"}


def test_a_release_tag_that_names_something_else_is_told_and_left(programme):
    upstream = programme.storage.upstream("lapor")
    other = commit(upstream, "other")
    git.run(upstream, "update-ref", "refs/tags/v1.0.0", other)
    assert states(repair=True)["upstream"] == "lost"
    assert tip(upstream, "refs/tags/v1.0.0") == other


def test_repositories_no_table_knows_are_named_and_left(programme):
    storage.make_fork(programme.storage, "tegal", "lapor", {})
    assert [str(path) for path in survey.strangers(programme.storage)] == ["git/cities/tegal/lapor.git"]
    assert programme.storage.fork("tegal", "lapor").exists()


def test_maintainers_are_told_of_what_the_night_found(programme, monkeypatch):
    told: list[tuple[object, str]] = []
    monkeypatch.setattr("registry.core.mail.send", lambda to, subject, text, **_more: told.append((to, text)))
    jobs.check_some()
    assert told == []
    (programme.storage.fork("bontang", "lapor") / "config").write_text("")
    jobs.check_some()
    assert told[0][0] == ["a@example.id"] and "bontang/lapor" in told[0][1] and "/programme/storage" in told[0][1]
