"""Random histories of one app: whatever order pushes, rewrites, syncs, upkeep, leaving and restores come in, git's own
full check finds nothing wrong in any fork, and everything a fork names can be read.

``LUMBUNG_LONG_HISTORIES=1`` tells many more of them (with ``--timeout 0``).
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from pathlib import Path

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from registry.forge import git, storage
from registry.forge.keeping import checking, detaching, repairing, upkeep
from registry.forge.keeping.measuring import measure
from registry.forge.keeping.rules import Act
from registry.forge.keeping.spots import Spot
from registry.forge.storage import Storage
from registry.operate.backup import repositories
from tests.forge.keeping.conftest import MAIN, commit, fsck, move, tip

CITIES = ("bontang", "tegal")
SHORT, LONG = (8, 12), (100, 40)
"""Histories told, and the steps of each."""

BORROW = {"protocol.file.allow": "always"}


class Histories(RuleBasedStateMachine):
    """One upstream, its pool, two forks."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="lumbung-machine-"))
        self.place = Storage(self.root / "data")
        self.names, self.moves = itertools.count(), itertools.count()
        self.copy: Path | None = None

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    @initialize()
    def begin(self) -> None:
        storage.make_app(self.place, "lapor")
        self.push_upstream()
        for city in CITIES:
            storage.make_fork(self.place, city, "lapor", {MAIN: tip(self.upstream)})

    @property
    def upstream(self) -> Path:
        return self.place.upstream("lapor")

    @property
    def pool(self) -> Path:
        return self.place.pool("lapor")

    def fork(self, city: str) -> Path:
        return self.place.fork(city, "lapor")

    def spot(self, kind: str, city: str = "") -> Spot:
        paths = {"pool": self.pool, "upstream": self.upstream}
        return Spot(kind, paths.get(kind) or self.fork(city), "lapor", 1, 1, city)

    # What people do

    @rule()
    def push_upstream(self) -> None:
        commit(self.upstream, f"up{next(self.names)}")
        self.feed()

    @rule(back=st.integers(1, 3))
    def rewrite_upstream(self, back: int) -> None:
        count = int(git.line(self.upstream, "rev-list", "--count", MAIN))
        move(self.upstream, git.line(self.upstream, "rev-parse", f"{MAIN}~{min(back, count - 1)}"))
        self.push_upstream()

    @rule()
    def feed(self) -> None:
        storage.feed_pool(self.place, "lapor", self.upstream)

    @rule(city=st.sampled_from(CITIES), branch=st.sampled_from(["main", "own"]))
    def push(self, city: str, branch: str) -> None:
        """From a clone, through git's own receive-pack, as a small push (unpacked) or a large one (kept as a pack)."""
        fork, ref = self.fork(city), f"refs/heads/{branch}"
        clone = storage.make_scratch(self.root / f"clone{next(self.names)}.git")
        git.run(clone, "fetch", "-q", str(fork), f"+{MAIN}:{MAIN}", config=BORROW)
        made = commit(clone, f"{city}{next(self.names)}")
        limit = {"receive.unpackLimit": str(next(self.moves) % 2 * 50 + 1), **BORROW}
        git.run(clone, "push", "-q", "--force", str(fork), f"{made}:{ref}", config=limit)
        shutil.rmtree(clone)

    @rule(city=st.sampled_from(CITIES))
    def drop_branch(self, city: str) -> None:
        if tip(self.fork(city), "refs/heads/own").strip("0"):
            git.run(self.fork(city), "update-ref", "-d", "refs/heads/own")

    @rule(city=st.sampled_from(CITIES))
    def sync(self, city: str) -> None:
        """A merge of upstream's main without a checkout; it fetches only where nothing is shared."""
        fork, theirs = self.fork(city), tip(self.upstream)
        if not checking.alternates(fork).exists():
            git.run(fork, "fetch", "-q", "--no-tags", str(self.upstream), MAIN, config=BORROW)
        ours = tip(fork)
        tree = git.line(fork, "merge-tree", "--write-tree", "--allow-unrelated-histories", ours, theirs).split()[0]
        words = ("-c", "user.name=t", "-c", "user.email=t@example.id", "commit-tree", "-p", ours, "-p", theirs)
        move(fork, git.line(fork, *words, "-m", "sync", tree))

    # What the registry does

    @rule(kind=st.sampled_from(["pool", "upstream", *CITIES]), act=st.sampled_from(list(Act)))
    def keep(self, kind: str, act: Act) -> None:
        repository = {"pool": self.pool, "upstream": self.upstream}.get(kind) or self.fork(kind)
        upkeep.keep(self.place, repository, kind == "pool", act)

    @rule(city=st.sampled_from(CITIES))
    def age(self, city: str) -> None:
        """A season goes by."""
        for path in (*(self.fork(city) / "objects").rglob("*"), *(self.pool / "objects").rglob("*")):
            os.utime(path, (1_600_000_000, 1_600_000_000))

    @rule(city=st.sampled_from(CITIES))
    def detach(self, city: str) -> None:
        detaching.detach(self.place, self.spot("fork", city))
        assert not measure(self.fork(city)).borrows

    @rule(city=st.sampled_from(CITIES))
    def attach(self, city: str) -> None:
        detaching.attach(self.place, self.spot("fork", city))

    @rule()
    def back_up(self) -> None:
        if self.copy is None:
            self.copy = self.root / "copy"
            self.copy.mkdir()
            repositories.copy(self.place.data, self.copy)

    @precondition(lambda self: self.copy is not None)
    @rule()
    def restore(self) -> None:
        assert self.copy is not None
        shutil.rmtree(self.place.data)
        self.place = Storage(self.copy.rename(self.root / f"deeper{next(self.moves)}"))
        self.copy = None

    # What must hold

    @invariant()
    def everything_is_there(self) -> None:
        for city in CITIES:
            if self.fork(city).exists():
                assert fsck(self.fork(city)) == ""

    @invariant()
    def a_check_finds_nothing(self) -> None:
        """Nothing torn either: that would be a fault."""
        kinds = [("pool", ""), ("upstream", ""), *(("fork", city) for city in CITIES)]
        spots = [self.spot(*one) for one in kinds if self.spot(*one).path.exists()]
        assert [found for spot in spots for found in repairing.examine(self.place, spot, {})] == []


COUNT, STEPS = LONG if os.environ.get("LUMBUNG_LONG_HISTORIES") else SHORT
TestHistories = Histories.TestCase
TestHistories.settings = hypothesis.settings(
    max_examples=COUNT, stateful_step_count=STEPS, deadline=None, derandomize=COUNT == SHORT[0],
    suppress_health_check=list(hypothesis.HealthCheck),
)  # fmt: skip
