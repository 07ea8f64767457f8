"""What killed processes left: taken away when it is surely nobody's, taken up when it may be all there is."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from registry.forge import storage
from registry.forge.keeping import rules, sweeping, upkeep
from registry.forge.keeping.rules import Act
from tests.forge.keeping.conftest import commit, fsck, tip
from tests.forge.keeping.test_upkeep import has, keep


def littered(repository: Path) -> list[Path]:
    (repository / "objects/pack").mkdir(exist_ok=True)
    (repository / "objects/info/commit-graphs").mkdir(exist_ok=True)
    (repository / "objects/tmp_objdir-incoming-a1B2c3/pack").mkdir(parents=True)
    (repository / "objects/ab").mkdir(exist_ok=True)
    (repository / "refs/heads").mkdir(exist_ok=True)
    files = ("refs/heads/main.lock", "packed-refs.lock", "HEAD.lock", "objects/pack/tmp_pack_a1B2c3",
             "objects/ab/tmp_obj_a1B2c3", "objects/pack/pack-1.keep",
             "objects/info/commit-graphs/commit-graph-chain.lock",
             "objects/tmp_objdir-incoming-a1B2c3/pack/tmp_pack_x")  # fmt: skip
    for name in files:
        (repository / name).write_text("receive-pack 123 on here")
    return [repository / name for name in files]


def test_leftovers_go_when_they_are_surely_dead(place):
    fork = place.fork("bontang", "lapor")
    commit(fork, "own")
    left = littered(fork)
    kept = fork / "objects/pack/pack-2.keep"
    kept.write_text("kept by the operator")
    assert sweeping.sweep(fork, time.time()) == [] and all(path.exists() for path in left), "somebody may write them"
    sweeping.sweep(fork, time.time() + rules.DEAD_AFTER + 60)
    assert [path for path in left if path.exists()] == []
    assert kept.exists() and fsck(fork) == ""


@pytest.mark.parametrize("named", ["nothing is named", "its pack is named"])
def test_a_pack_of_a_killed_repacking_is_kept_under_its_name(place, named):
    """Git reads it as any other: what it packed may be nowhere else by now. One without an index trips git up."""
    fork = place.fork("bontang", "lapor")
    commit(fork, "own")
    made, pack = tip(fork), next((fork / "objects/pack").glob("*.pack"))
    already = pack if named == "its pack is named" else None
    for path in list(pack.parent.iterdir()):
        if path != already:
            path.rename(path.with_name(f".tmp-123-{path.name}"))
    (pack.parent / ".tmp-99-pack-abc.pack").write_bytes(b"half")
    keep(place, fork, Act.PACK)
    assert has(fork, made) and fsck(fork) == ""
    assert [path.name for path in pack.parent.iterdir() if path.name.startswith(".")] == []


def test_a_pack_without_an_index_is_read_again(place, monkeypatch):
    """Its receiver was killed between the two names; every repacking ended with "could not find pack"."""
    fork = place.fork("bontang", "lapor")
    commit(fork, "own")
    next((fork / "objects/pack").glob("*.idx")).unlink()
    later = time.time() + rules.DEAD_AFTER + 60
    monkeypatch.setattr(upkeep.time, "time", lambda: later)
    keep(place, fork, Act.PACK)
    assert fsck(fork) == ""


def test_half_made_repositories_go_and_what_was_set_aside_waits_long(place):
    home = place.fork("bontang", "lapor").parent
    incoming, apps = place.data / "git/incoming", place.data / "git/apps"
    for folder in (home / ".new-abc", apps / "lapor/.new-x", incoming / "tmpab_d1f2x", incoming / "kept"):
        folder.mkdir(parents=True)
    storage.make_fork(place, "bontang", "antrian", {})
    storage.set_aside(place.fork("bontang", "antrian"))
    now = time.time()
    assert sweeping.sweep_around(place, now) == []
    assert len(sweeping.sweep_around(place, now + rules.DEAD_AFTER + 60)) == 3
    assert len(list(home.iterdir())) == 2
    assert len(sweeping.sweep_around(place, now + rules.ASIDE_KEPT + 60)) == 1
    assert [path.name for path in home.iterdir()] == ["lapor.git"]
    assert [path.name for path in incoming.iterdir()] == ["kept"], "not a scratch folder: somebody keeps it there"
