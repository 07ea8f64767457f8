"""What git says two sides disagree about, as things somebody can decide. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TEXT, ADDED, GONE_HERE, GONE_THERE = "text", "added", "gone-here", "gone-there"
RENAMED, PLACE, BINARY, MODE, SORT = "renamed", "place", "binary", "mode", "sort"
REGULAR = (0o100644, 0o100755)


@dataclass(frozen=True)
class Side:
    """A file as one of the three has it: git's mode and the id of its content."""

    mode: int
    blob: str


@dataclass(frozen=True)
class Conflict:
    """One thing somebody must decide. ``paths`` are all it is about; ``spot`` among them is where its text lies.

    ``path`` is that as it can be shown and kept: a name that is no UTF-8 has its bytes written out in it. ``base``,
    ``ours`` and ``theirs`` are the file at ``spot``, None where there is none.
    """

    path: str
    spot: str
    kind: str
    paths: tuple[str, ...]
    base: Side | None
    ours: Side | None
    theirs: Side | None
    state: str

    @property
    def may_edit(self) -> bool:
        """Whether it is one file with two regular versions of text (of what length the caller must look)."""
        sides = (self.ours, self.theirs)
        return self.kind in (TEXT, ADDED) and all(side is not None and side.mode in REGULAR for side in sides)


def parse(told: str) -> tuple[Conflict, ...]:
    """Of merge-tree's answer after the tree: the three stages of each path, then messages with the paths they mean."""
    stages: dict[str, dict[int, Side]] = {}
    fields = iter(told.split("\0"))
    for record in fields:
        facts, tab, path = record.partition("\t")
        if not tab:
            break
        mode, blob, stage = facts.split()
        stages.setdefault(path, {})[int(stage)] = Side(int(mode, 8), blob)
    groups = _groups(stages, _messages(list(fields)))
    return tuple(_conflict(paths, kinds, stages) for paths, kinds in groups)


def _messages(fields: list[str]) -> list[tuple[str, list[str]]]:
    """Each message's kind and paths."""
    found, at = [], 0
    while at < len(fields) and fields[at].strip().isdigit():
        count = int(fields[at])
        found.append((fields[at + 1 + count], fields[at + 1 : at + 1 + count]))
        at += count + 3
    return found


def _groups(
    stages: Mapping[str, Mapping[int, Side]], messages: Sequence[tuple[str, list[str]]]
) -> list[tuple[list[str], set[str]]]:
    """Paths that one decision is about, with the kinds of trouble git named."""
    found: list[tuple[list[str], set[str]]] = [([path], set()) for path in stages]
    for kind, paths in messages:
        if not kind.startswith("CONFLICT"):
            continue
        touched = [group for group in found if not set(group[0]).isdisjoint(paths)]
        joined = sorted({path for group in touched for path in group[0]} | set(paths))
        kinds = {kind}.union(*(group[1] for group in touched))
        found = [group for group in found if group not in touched] + [(joined, kinds)]
    return sorted(found)


def _conflict(paths: list[str], kinds: set[str], stages: Mapping[str, Mapping[int, Side]]) -> Conflict:
    path = min(paths, key=lambda one: ("~" in one, len(one), one)) if len(paths) > 1 else paths[0]
    own = stages.get(path) or next((stages[one] for one in paths if one in stages), {})
    digest = hashlib.sha256()
    for one in paths:
        digest.update(f"{one}\0{sorted((k, v.mode, v.blob) for k, v in stages.get(one, {}).items())}".encode(
            "utf-8", "surrogateescape"))  # fmt: skip
    base, ours, theirs = own.get(1), own.get(2), own.get(3)
    kind = _kind(kinds, base, ours, theirs)
    return Conflict(shown(path), path, kind, tuple(paths), base, ours, theirs, digest.hexdigest()[:32])


def shown(path: str) -> str:
    """A path of git's as text that can be shown, kept and sent back."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _kind(kinds: set[str], base: Side | None, ours: Side | None, theirs: Side | None) -> str:
    told = " ".join(kinds)
    if "file/directory" in told:
        return PLACE
    if "rename" in told:
        return RENAMED
    if "distinct" in told:
        return SORT
    if ours is None or theirs is None:
        return GONE_HERE if ours is None else GONE_THERE
    if "binary" in told:
        return BINARY
    if ours.blob == theirs.blob:
        return MODE
    if {ours.mode, theirs.mode} - set(REGULAR):
        return SORT
    return TEXT if base else ADDED
