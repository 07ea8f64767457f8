"""Upkeep never loses what anybody needs; the traps of git 2.39 that it walks around are named here."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from registry.forge import git, storage
from registry.forge.keeping import rules, upkeep
from registry.forge.keeping.measuring import measure
from registry.forge.keeping.rules import Act, Known
from registry.forge.storage import Storage
from tests.forge.keeping.conftest import MAIN, commit, fsck, move, tip, upstream_commit

OLD = 40 * rules.DAY
MB = 2**20


def keep(place: Storage, repository: Path, *acts: Act) -> None:
    for act in sorted(acts, key=list(Act).index):
        upkeep.keep(place, repository, repository.name == "pool.git", act)


def has(repository: Path, name: str) -> bool:
    try:
        return bool(git.run(repository, "cat-file", "-t", name))
    except git.GitError:
        return False


def aged(repository: Path) -> None:
    """As if all its objects had come long ago."""
    then = time.time() - OLD
    for path in (repository / "objects").rglob("*"):
        os.utime(path, (then, then))


def extensions(pool: Path) -> str:
    return git.line(pool, "config", "--file", str(pool / "config"), "extensions.preciousObjects")


# A pool


def test_a_pool_becomes_one_pack_with_a_bitmap_and_a_graph(place):
    pool = place.pool("lapor")
    assert len(measure(pool).packs) == 3
    keep(place, pool, Act.PACK, Act.GRAPH)
    found = measure(pool)
    assert (len(found.packs), found.loose, found.bitmap) == (1, 0, True)
    assert found.graph >= found.changed
    graphs = pool / "objects/info/commit-graphs"
    (name,) = (graphs / "commit-graph-chain").read_text().split()
    assert b"BIDX" in (graphs / f"graph-{name}.graph").read_bytes(), "Bloom filters"
    assert fsck(pool) == fsck(place.fork("bontang", "lapor")) == ""


def test_a_force_push_upstream_and_upkeep_leave_the_fork_what_it_borrows(place):
    """facts: `gc --prune=now` upstream after a force push made a fork unusable."""
    fork, upstream, pool = place.fork("bontang", "lapor"), place.upstream("lapor"), place.pool("lapor")
    kept = tip(fork)
    move(upstream, git.line(upstream, "rev-parse", f"{MAIN}~2"))
    storage.feed_pool(place, "lapor", upstream)
    aged(pool), aged(upstream)
    for repository in (pool, upstream, fork):
        keep(place, repository, *Act)
    assert has(pool, kept), "nothing in a pool is ever too old"
    assert fsck(fork) == fsck(upstream) == ""


def test_a_pool_stays_precious_while_it_is_packed(place, monkeypatch):
    """facts: unset, repack, set again. A shadow repository does without the unset."""
    pool, seen = place.pool("lapor"), []
    run = git.run

    def watched(repository, *words, **options):
        seen.append(extensions(pool) if words[0] == "repack" else "")
        return run(repository, *words, **options)

    monkeypatch.setattr(git, "run", watched)
    keep(place, pool, Act.PACK)
    assert "true" in seen
    monkeypatch.undo()
    with pytest.raises(git.GitError, match="precious"):
        git.run(pool, "repack", "-a", "-d", "-l", "-q")


def test_a_pools_unreachable_loose_object_is_packed_not_lost(place):
    pool = place.pool("lapor")
    name = git.line(pool, "hash-object", "-w", "--stdin", stdin=b"nobody names me")
    keep(place, pool, Act.PACK)
    assert has(pool, name) and measure(pool).loose == 0


def test_a_clone_that_runs_while_the_pool_is_packed_ends_well(place, tmp_path):
    """Packs it reads from are taken away under its hands."""
    big = os.urandom(6 * MB)
    upstream_commit(place, "big.bin", big)
    fork, pool = place.fork("bontang", "lapor"), place.pool("lapor")
    move(fork, tip(place.upstream("lapor")))
    before = {path.name for path in (pool / "objects/pack").glob("*.pack")}
    asked = f"0032want {tip(fork)}\n00000009done\n".encode()
    with git.started(None, "upload-pack", "--stateless-rpc", str(fork), stdin=git.PIPE) as process:
        assert process.stdin and process.stdout
        process.stdin.write(asked)
        process.stdin.close()
        answer = process.stdout.read(65_536)
        keep(place, pool, Act.PACK, Act.GRAPH)
        assert before.isdisjoint(path.name for path in (pool / "objects/pack").glob("*.pack"))
        answer += process.stdout.read()
    target = storage.make_scratch(tmp_path / "clone.git")
    git.run(target, "index-pack", "--stdin", "--fix-thin", stdin=answer.partition(b"NAK\n")[2])
    assert has(target, tip(fork))


def test_feeding_a_pool_waits_for_its_graph_instead_of_failing(place):
    """A fetch dies of a commit-graph that is locked; a dead writer's lock goes first."""
    pool = place.pool("lapor")
    keep(place, pool, Act.GRAPH)
    (pool / "objects/info/commit-graphs/commit-graph-chain.lock").write_text("")
    keep(place, pool, Act.GRAPH)
    upstream_commit(place, "after")
    assert has(pool, tip(place.upstream("lapor")))


# A fork


def test_a_fork_gathers_its_own_packs_and_nothing_of_the_pools(place):
    """facts: `repack` without -l copied 250 MB of the pool into a fork."""
    upstream_commit(place, "big.bin", os.urandom(2 * MB))
    fork = place.fork("bontang", "lapor")
    move(fork, tip(place.upstream("lapor")))
    for number in range(7):
        commit(fork, f"own{number}")
    assert len(measure(fork).packs) == 7
    keep(place, fork, Act.GATHER)
    found = measure(fork)
    assert len(found.packs) < 4 and found.bytes < 100_000
    assert fsck(fork) == ""


def test_a_fork_that_borrows_never_has_a_bitmap(place):
    fork = place.fork("bontang", "lapor")
    for number in range(3):
        commit(fork, f"own{number}")
    keep(place, fork, *Act)
    assert not measure(fork).bitmap
    assert fsck(fork) == ""


def test_packing_a_fork_gives_back_what_its_pool_has_meanwhile(place):
    """facts: a city that merges upstream locally and pushes stores what the pool has; `repack -a -d -l` removes it."""
    fork, upstream = place.fork("bontang", "lapor"), place.upstream("lapor")
    made = commit(upstream, "big.bin", os.urandom(2 * MB))
    git.run(fork, "fetch", "-q", "--no-tags", str(upstream), f"{made}:{MAIN}", config={"protocol.file.allow": "always"})
    assert measure(fork).bytes > 2 * MB
    storage.feed_pool(place, "lapor", upstream)
    keep(place, fork, Act.PACK)
    assert measure(fork).bytes < 10_000
    assert tip(fork) == made and fsck(fork) == ""


def test_what_nobody_reaches_is_kept_for_the_grace_then_forgotten(place):
    fork = place.fork("bontang", "lapor")
    before, gone = tip(fork), commit(fork, "secret.txt")
    move(fork, before)
    keep(place, fork, Act.PACK, Act.FORGET)
    assert has(fork, gone), "nobody reaches it, but it was wanted a moment ago"
    aged(fork)
    lone = git.line(fork, "hash-object", "-w", "--stdin", stdin=b"just written")
    keep(place, fork, Act.PACK)
    assert has(fork, gone), "it was moved aside only"
    keep(place, fork, Act.FORGET)
    assert has(fork, lone) and has(fork, before) and fsck(fork) == ""


def test_old_rubbish_of_a_fork_goes_and_loose_objects_do_not_explode(place):
    """facts: gitlab-foss#34981, 300,000 unreachable objects became loose in every fork."""
    fork = place.fork("bontang", "lapor")
    before = tip(fork)
    gone = [commit(fork, f"rubbish{number}") for number in range(5)]
    move(fork, before)
    aged(fork)
    keep(place, fork, Act.PACK)
    assert measure(fork).loose == 0 and has(fork, gone[0])
    keep(place, fork, Act.FORGET)
    assert not any(has(fork, name) for name in gone)
    assert fsck(fork) == ""


def test_what_comes_back_before_it_is_forgotten_stays(place):
    """facts: production#6596, a prune without care raced with writers."""
    fork = place.fork("bontang", "lapor")
    before, gone = tip(fork), commit(fork, "again.txt", b"again")
    move(fork, before)
    aged(fork)
    keep(place, fork, Act.PACK)
    name = git.line(fork, "hash-object", "-w", "--stdin", stdin=b"again")
    keep(place, fork, Act.FORGET)
    assert has(fork, name) and not has(fork, gone)


def test_a_forks_graph_is_a_layer_on_its_pools(place):
    """facts: a plain `gc` wrote a graph of the whole history, 3 MB, into a fork."""
    pool, fork = place.pool("lapor"), place.fork("bontang", "lapor")
    for number in range(30):
        upstream_commit(place, f"more{number % 5}")
    move(fork, tip(place.upstream("lapor")))
    commit(fork, "own")
    keep(place, pool, Act.PACK, Act.GRAPH)
    keep(place, fork, Act.GRAPH)
    graphs = (fork / "objects/info/commit-graphs", pool / "objects/info/commit-graphs")
    assert len((graphs[0] / "commit-graph-chain").read_text().split()) == 2
    assert len(list(graphs[0].glob("*.graph"))) == 1
    upstream_commit(place, "later")
    keep(place, pool, Act.PACK, Act.GRAPH)
    assert git.line(fork, "rev-list", "--count", MAIN) == "34"
    assert fsck(fork) == ""


def test_names_are_packed_and_stay(place):
    pool = place.pool("lapor")
    assert measure(pool).refs == 1
    keep(place, pool, Act.REFS)
    assert measure(pool).refs == 0 and tip(pool) == tip(place.upstream("lapor"))


# When


def needed(repository: Path, known: Known = Known(), now: float | None = None) -> set[Act]:  # noqa: B008 frozen
    return set(rules.needs(repository.name == "pool.git", measure(repository), known, now or time.time()))


def test_what_is_well_kept_needs_nothing(place):
    for repository in (place.pool("lapor"), place.upstream("lapor"), place.fork("bontang", "lapor")):
        keep(place, repository, *needed(repository))
        assert needed(repository) == set()


def test_a_fresh_fork_needs_nothing(place):
    commit(place.fork("bontang", "lapor"), "own")
    assert needed(place.fork("bontang", "lapor")) == set()


def test_many_packs_are_gathered(place):
    fork = place.fork("bontang", "lapor")
    for number in range(rules.MANY_PACKS):
        commit(fork, f"own{number}")
    assert needed(fork) == {Act.GATHER}


def test_old_rubbish_is_seen_without_git(place):
    fork = place.fork("bontang", "lapor")
    before, _gone = tip(fork), commit(fork, "rubbish")
    move(fork, before)
    aged(fork)
    keep(place, fork, Act.PACK)
    assert needed(fork) == {Act.FORGET}
    assert needed(fork, now=time.time() - 20 * rules.DAY) == set()


# Beside others


def test_upkeep_and_a_backup_do_not_run_into_each_other(place):
    with storage.undisturbed(place.data), pytest.raises(BlockingIOError), storage.upkeep(place.data, wait=False):
        pass
    with storage.upkeep(place.data, wait=False), pytest.raises(BlockingIOError):
        with storage.upkeep(place.data, wait=False):
            pass


def test_upkeep_takes_what_nobody_else_wants(place, tmp_path):
    with git.started(place.pool("lapor"), "cat-file", "--batch", stdin=git.PIPE, idle=True) as process:
        told = subprocess.run(["ps", "-o", "ni=", "-p", str(process.pid)], capture_output=True, text=True, check=False)
        assert os.getpriority(os.PRIO_PROCESS, process.pid) == 19, told.stdout


def test_a_moved_data_folder_keeps_what_forks_borrow(place, tmp_path):
    """facts: a fork alone moved to another depth broke; the whole folder moves as it is."""
    commit(place.fork("bontang", "lapor"), "own")
    keep(place, place.fork("bontang", "lapor"), Act.GATHER)
    (tmp_path / "deep/er").mkdir(parents=True)
    moved = Storage(place.data.rename(tmp_path / "deep/er/elsewhere"))
    assert fsck(moved.fork("bontang", "lapor")) == fsck(moved.upstream("lapor")) == ""
    keep(moved, moved.pool("lapor"), Act.PACK, Act.GRAPH)
    assert fsck(moved.fork("bontang", "lapor")) == ""
