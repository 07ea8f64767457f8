"""Whether a repository is what it should be: its few files of our own, what it borrows, and every object it names.

A fork's own part is walked (as git itself does after a push); what it borrows was checked with its pool. Only where
that fails git looks at everything and names what is missing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from registry.forge import git, storage
from registry.forge.keeping.models import BROKEN, LOST, POOL, REPAIRED, SOUND
from registry.forge.keeping.spots import Spot
from registry.forge.storage import Storage

SECONDS = 3_000
MAX_TOLD = 64 * 2**20
MOST_NAMED = 20
"""Objects one fault names; all are looked for."""

ID = re.compile(r"[0-9a-f]{40}")
_HEAD = re.compile(r"ref: refs/heads/\S+\n?|[0-9a-f]{40}\n?")
_REF = re.compile(r"ref: refs/\S+\n?|[0-9a-f]{40}\n?")
_PACKED = re.compile(r"#.*|\^?[0-9a-f]{40}( refs/\S+)?")
_MISSING = re.compile(r"^(?:missing \w+|\s+to +\w+) ([0-9a-f]{40})$", re.MULTILINE)
_PACK = re.compile(r"^error: .*(pack-[0-9a-f]{40})", re.MULTILINE)
_CORRUPT = re.compile(r"objects/([0-9a-f]{2})/([0-9a-f]{38})")


class Kind(StrEnum):
    """What may be wrong."""

    REPOSITORY = "repository"
    CONFIG = "config"
    HEAD = "head"
    ALTERNATES = "alternates"
    INDEX = "index"
    REF = "ref"
    TAG = "tag"
    OBJECTS = "objects"


@dataclass(frozen=True)
class Fault:
    """``what`` is the file, name or ids it is about; ``state`` is broken, repaired or lost; ``note`` says more."""

    kind: str
    what: str
    state: str = BROKEN
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def verdict(faults: Sequence[Fault]) -> str:
    """What a repository with these faults is worth."""
    states = {fault.state for fault in faults}
    return next((state for state in (LOST, BROKEN, REPAIRED) if state in states), SOUND)


def is_there(repository: Path) -> bool:
    return (repository / "objects").is_dir()


def plain_faults(place: Storage, spot: Spot) -> Iterator[Fault]:
    """What the files alone tell; no git is started."""
    wanted = config_of(spot)
    if (_text(spot.path / "config") or "").split() != wanted.split():
        yield Fault(Kind.CONFIG, "config")
    if not _HEAD.fullmatch(_text(spot.path / "HEAD") or ""):
        yield Fault(Kind.HEAD, "HEAD")
    told = _text(alternates(spot.path))
    if told is not None and told != borrowing(place, spot):
        yield Fault(Kind.ALTERNATES, "objects/info/alternates", note=told.strip()[:200])
    for name in packs_without_index(spot.path):
        yield Fault(Kind.INDEX, name)
    for path in bad_ref_files(spot.path):
        yield Fault(Kind.REF, str(path.relative_to(spot.path)))


@dataclass(frozen=True)
class Torn:
    """What cannot be read: ids of objects, and its own files they lie in, loose ones (ids) and packs (names)."""

    missing: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset()
    packs: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.missing or self.packs)


def torn(spot: Spot, deep: bool = False) -> Torn:
    """Objects it names but cannot read; ``deep`` reads the content of each, not only what leads to what."""
    empty = empty_objects(spot.path)
    if not deep and not empty and _own_part_is_whole(spot.path):
        return Torn()
    words = ("fsck", *(("--full",) if deep else ("--connectivity-only",)), "--no-dangling", "--no-progress")
    told = _said(spot.path, words)
    loose = empty | {first + rest for first, rest in _CORRUPT.findall(told)}
    own = {one for one in loose if (spot.path / "objects" / one[:2] / one[2:]).exists()}
    packs = {name for name in _PACK.findall(told) if (spot.path / "objects" / "pack" / f"{name}.pack").exists()}
    missing = loose | set(_MISSING.findall(told)) | lost_tips(spot.path).keys()
    return Torn(frozenset(missing), frozenset(own), frozenset(packs))


def empty_objects(repository: Path) -> set[str]:
    """Ids of loose objects whose files are empty, as a power cut leaves them: git takes them for there."""
    found = (repository / "objects").glob("??/*")
    return {path.parent.name + path.name for path in found if len(path.name) == 38 and not path.stat().st_size}


def lost_tips(repository: Path) -> dict[str, list[str]]:
    """Ids that references name but nobody has, with those references."""
    named: dict[str, list[str]] = {}
    for name, value in refs(repository).items():
        named.setdefault(value, []).append(name)
    there = present(repository, set(named))
    return {value: names for value, names in named.items() if value not in there}


def refs(repository: Path) -> dict[str, str]:
    told = git.run(repository, "for-each-ref", "--format=%(objectname) %(refname)", limit=256 * 2**20).decode()
    return {name: value for value, _space, name in (line.partition(" ") for line in told.splitlines())}


def present(repository: Path, ids: set[str]) -> set[str]:
    """Those of the ids it can read, borrowed ones among them."""
    told = git.run(
        repository, "cat-file", "--batch-check=%(objectname)", stdin="".join(f"{one}\n" for one in ids).encode(),
        seconds=SECONDS, limit=256 * 2**20,
    )  # fmt: skip
    return {line for line in told.decode().splitlines() if ID.fullmatch(line)}


def tag_faults(spot: Spot, releases: Mapping[str, str]) -> Iterator[Fault]:
    """Release tags (name → commit) that are not there, or name another commit."""
    told = git.run(spot.path, "for-each-ref", "--format=%(refname:lstrip=2) %(objectname) %(*objectname)", "refs/tags/")
    found = {words[0]: words[-1] for words in (line.split() for line in told.decode().splitlines())}
    for name, commit in releases.items():
        if name not in found:
            yield Fault(Kind.TAG, name)
        elif found[name] != commit:
            yield Fault(Kind.TAG, name, LOST, f"names {found[name]}, the release is {commit}")


def config_of(spot: Spot) -> str:
    return storage.PRECIOUS if spot.kind == POOL else storage.PLAIN


def borrowing(place: Storage, spot: Spot) -> str | None:
    """The one line its alternates should have; None for a pool, which borrows from nobody."""
    if spot.kind == POOL:
        return None
    return os.path.relpath(place.pool(spot.app) / "objects", spot.path / "objects") + "\n"


def alternates(repository: Path) -> Path:
    return repository / "objects" / "info" / "alternates"


def packs_without_index(repository: Path) -> list[str]:
    """Their index was lost, or its writer was killed just before: the pack is whole, but nobody reads it."""
    packs = repository / "objects" / "pack"
    return sorted(path.name for path in packs.glob("pack-*.pack") if not path.with_suffix(".idx").exists())


def bad_ref_files(repository: Path) -> list[Path]:
    """References that say nothing: a power cut left them empty or torn."""
    loose = [path for path in (repository / "refs").rglob("*") if path.is_file() and path.suffix != ".lock"]
    bad = [path for path in loose if not _REF.fullmatch(_text(path) or "")]
    packed = repository / "packed-refs"
    lines = (_text(packed) or "").splitlines()
    return sorted(bad) + ([packed] if any(not _PACKED.fullmatch(line) for line in lines) else [])


def _own_part_is_whole(repository: Path) -> bool:
    words = ("rev-list", "--objects", "--all", "--not", "--alternate-refs", "--quiet")
    try:
        git.run(repository, *words, seconds=SECONDS, idle=True)
    except git.GitTimeoutError:
        raise
    except git.GitError:
        return False
    return not lost_tips(repository)


def _said(repository: Path, words: tuple[str, ...]) -> str:
    """Both streams of a check that may well fail."""
    told = b""
    try:
        with git.started(repository, *words, seconds=SECONDS, idle=True) as process:
            assert process.stdout  # noqa: S101 a pipe was asked for
            told = process.stdout.read(MAX_TOLD)
    except git.GitTimeoutError:
        raise
    except git.GitError as error:
        told += str(error).encode()
    return told.decode("utf-8", "replace")


def _text(path: Path) -> str | None:
    """None when it is not there."""
    try:
        with path.open(errors="replace") as file:
            return file.read(64 * 2**20)
    except (FileNotFoundError, IsADirectoryError):
        return None
