"""A city's fork against writing as many small files, and against git's own copies.

A fork borrows its objects from the app's pool, so it must cost the same however long the history behind it is. Git's
clone with hard links is quick too, but such a copy becomes a full one at its first repacking. The last rows are
`create_fork` as the console calls it: agreement checked, the commit with the city's own publiccode.yml (git is started
three times for it), row and audit committed.

Of 500 forks of one app with a commit each: what they take on the disk, how long a round of upkeep looks at them when
none needs anything (files alone, no git), and what it takes per fork when each has seven packs to gather.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import time
from pathlib import Path

from bench.harness import Row, Way, ratio, rounds, seconds, several, spread
from bench.house import House
from bench.stack import CITY, Stack
from registry.catalog.service import get_app
from registry.core import scope
from registry.core.clock import now
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge import forking, git, storage, writing
from registry.forge.keeping import rules, upkeep
from registry.forge.keeping.detaching import link_objects
from registry.forge.keeping.measuring import measure
from registry.forge.keeping.rules import Act, Known
from registry.forge.publishing import MAIN
from registry.forge.storage import Storage
from registry.forge.writing import Author, File
from registry.tenants.service import find_city

ROUNDS = 15
WHOLE_ROUNDS = 7
FORKS, KEPT = 500, 50
"""Forks of one app, and of how many the upkeep is timed."""

SIZES = {"small": (3, 1_000), "large": (250, 2**20)}
"""Commits of an upstream, and the incompressible bytes each of them adds."""


def run(house: House) -> list[Row]:
    place = Storage(house.folder / "forge")
    sources = {name: _history(house.folder / f"{name}.git", *size) for name, size in SIZES.items()}
    for name, source in sources.items():
        storage.make_app(place, name)
        storage.feed_pool(place, name, source)
    numbers = itertools.count()
    ways: dict[str, Way] = {}
    for name, source in sources.items():
        refs = _refs(source)
        written = _contents(storage.make_fork(place, "example", name, refs))
        ways[f"{name}_fork"] = several(_forked(place, name, refs, numbers), 5)
        ways[f"{name}_writes"] = several(_wrote(house.folder / "writes", written, numbers), 5)
        ways[f"{name}_clone"] = _cloned(source, house.folder / "clones", numbers)
        ways[f"{name}_copy"] = _cloned(source, house.folder / "clones", numbers, "--no-hardlinks")
    found = rounds(ROUNDS, **ways)
    rows = []
    for name, source in sources.items():
        label = f"a fork's repository, {name} upstream ({_megabytes(source):.3g} MB)"
        fork = found[f"{name}_fork"]
        rows += [
            Row("fork", label, "the same files written with fsync", ratio(fork, found[f"{name}_writes"]), 3),
            Row("fork", label, "`git clone --bare` (hard links)", ratio(fork, found[f"{name}_clone"]), 1),
            Row("fork", label, "`git clone --bare --no-hardlinks`", ratio(fork, found[f"{name}_copy"]), 1),
        ]
    grown = ratio(found["large_fork"], found["small_fork"])
    rows.append(Row("fork", "a fork of the large upstream", "a fork of the small one", grown, 1.25))
    return [*rows, *_many(Storage(house.folder / "many"), sources["large"]), *_whole(house.stack, sources["large"])]


def _many(place: Storage, large: Path) -> list[Row]:
    """500 forks at rest, and 500 that all need upkeep."""
    storage.make_app(place, "many")
    storage.feed_pool(place, "many", large)
    upkeep.keep(place, place.pool("many"), True, Act.PACK)
    forks = [storage.make_fork(place, f"city-{number}", "many", _refs(large)) for number in range(FORKS)]
    _own_commits(forks, 1)
    taken, copies = _on_disk(forks), FORKS * _on_disk([large])
    looked = spread([seconds(lambda: [_needs(fork) for fork in forks])() * 1000 for _ in range(5)])
    assert not any(_needs(fork) for fork in forks)
    _own_commits(forks, 7)
    gathered = seconds(lambda: [upkeep.keep(place, fork, False, act) for fork in forks[:KEPT] for act in _needs(fork)])
    label = f"{FORKS} forks of one app, {_megabytes(large):.0f} MB"
    return [
        Row("fork", f"{label}, on the disk", "as many copies", ratio([taken], [copies]), 0.01),
        Row("fork", f"{label}, on the disk", "", spread([taken / 2**20]), unit="MB"),
        Row("fork", f"a round of upkeep over {FORKS} forks that need nothing", "", looked, unit="ms"),
        Row("fork", "upkeep of a fork with seven packs", "", spread([gathered() * 1000 / KEPT]), unit="ms"),
    ]


def _own_commits(forks: list[Path], count: int) -> None:
    """The same commits in all of them, made once: each a pack of its own."""
    first, *others = forks
    for number in range(count):
        tip = git.line(first, "rev-parse", MAIN)
        author = Author("Bench", "bench@example.org", now())
        writing.commit_files(first, MAIN, [File(f"own-{number}", 0o100644, os.urandom(2_000))], "own", author, tip)
    for fork in others:
        link_objects(first / "objects", fork / "objects")
        shutil.copyfile(first / "refs" / "heads" / "main", _parents(fork / "refs" / "heads") / "main")


def _parents(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _needs(fork: Path) -> tuple[Act, ...]:
    return rules.needs(False, measure(fork), Known(), time.time())


def _on_disk(repositories: list[Path]) -> float:
    found = (path.lstat() for repository in repositories for path in [repository, *repository.rglob("*")])
    return float(sum(told.st_blocks * 512 for told in found))


def _whole(stack: Stack, large: Path) -> list[Row]:
    """`create_fork` as the console calls it: agreement checked, commit with an own publiccode.yml, row, audit."""
    place = Storage(stack.settings.data)
    storage.feed_pool(place, "bench", large, ("+refs/heads/*:refs/heads/bench/*",))
    starts = seconds(lambda: [git.run(None, "--version") for _ in range(3)])
    ways = {"small": _made(stack, "antrian"), "large": _made(stack, "bench"), "starts": starts}
    found = rounds(WHOLE_ROUNDS, **ways)
    what, label = "create_fork, all of it", "starting git three times"
    return [
        Row("fork", what, label, ratio(found["small"], found["starts"])),
        Row("fork", f"{what}, with {_megabytes(large):.0f} MB more in the pool", "without",
            ratio(found["large"], found["small"]), 1.5),
        Row("fork", what, "", spread([value * 1000 for value in found["small"]]), unit="ms"),
    ]  # fmt: skip


def _made(stack: Stack, app: str) -> Way:
    def made() -> float:
        try:
            return seconds(lambda: _created(stack, app))()
        finally:
            _undone(stack, app)

    return made


def _created(stack: Stack, slug: str) -> None:
    with stack.app.test_request_context():
        city = find_city(CITY)
        scope.enter_city(city.id)
        with unit_of_work():
            forking.create_fork(city, get_app(slug), None)


def _undone(stack: Stack, slug: str) -> None:
    with stack.app.test_request_context():
        city = find_city(CITY)
        scope.enter_city(city.id)
        fork = forking.service.fork_of(city, slug)
        with unit_of_work():
            db.session.delete(fork)
    storage.remove(Storage(stack.settings.data).fork(CITY, slug))


def _history(target: Path, commits: int, size: int) -> Path:
    """A bare repository whose every commit adds a file that neither packs nor shares anything."""
    storage.make_scratch(target)
    stream = bytearray()
    for number in range(commits):
        stream += b"commit refs/heads/main\ncommitter Bench <bench@example.org> %d +0000\n" % (1_700_000_000 + number)
        stream += b"data 1\n.\nM 100644 inline %d\ndata %d\n" % (number, size) + os.urandom(size) + b"\n"
    config = {"core.compression": "0", "fastimport.unpackLimit": "1"}
    git.run(target, "fast-import", "--quiet", stdin=bytes(stream) + b"done\n", config=config, seconds=120)
    return target


def _refs(source: Path) -> dict[str, str]:
    return {MAIN: git.line(source, "rev-parse", MAIN)}


def _forked(place: Storage, app: str, refs: dict[str, str], numbers: itertools.count[int]) -> Way:
    return seconds(lambda: storage.make_fork(place, f"city-{next(numbers)}", app, refs))


def _contents(made: Path) -> dict[str, bytes]:
    return {str(path.relative_to(made)): path.read_bytes() for path in made.rglob("*") if path.is_file()}


def _wrote(folder: Path, contents: dict[str, bytes], numbers: itertools.count[int]) -> Way:
    folder.mkdir(exist_ok=True)
    return seconds(lambda: _write(folder / str(next(numbers)), contents))


def _write(target: Path, contents: dict[str, bytes]) -> None:
    for name, content in contents.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def _cloned(source: Path, folder: Path, numbers: itertools.count[int], *options: str) -> Way:
    folder.mkdir(exist_ok=True)

    def cloned() -> float:
        target = folder / str(next(numbers))
        command = ["git", "clone", "--quiet", "--bare", *options, str(source), str(target)]
        try:
            return seconds(lambda: subprocess.run(command, check=True))()
        finally:
            shutil.rmtree(target)

    return cloned


def _megabytes(repository: Path) -> float:
    return sum(path.stat().st_size for path in repository.rglob("*") if path.is_file()) / 2**20
