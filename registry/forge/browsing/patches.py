"""What changed, as plain values: files, hunks and lines. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from registry.forge.browsing.visible import turns

SAME, ADDED, REMOVED, NOTE = "same", "added", "removed", "note"
SYMLINK, SUBMODULE = 0o120000, 0o160000


@dataclass(frozen=True)
class Bounds:
    """Of one diff: files named, files with lines, lines in all and per file, bytes of patch, characters of a line."""

    files: int = 1_000
    shown: int = 200
    lines: int = 4_000
    file_lines: int = 1_000
    size: int = 8 * 2**20
    length: int = 1_000


@dataclass(frozen=True)
class Line:
    """``kind``: same, added, removed, or note ("no newline at the end"). ``cut``: only the beginning of it is here."""

    kind: str
    old: int | None
    new: int | None
    text: str
    cut: bool = False

    @property
    def sign(self) -> str:
        return {ADDED: "+", REMOVED: "−"}.get(self.kind, "")


@dataclass(frozen=True)
class Hunk:
    """``heading`` is the line git found above it, often a function's first."""

    old: int
    new: int
    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class FileDiff:
    """One file. ``status``: added, removed, changed, renamed, copied, type (a file became a link, or so).

    Modes are git's, 0 where the file is not; ids are of blobs (of a commit for a submodule). ``added`` and ``removed``
    count lines, None for a binary file. ``too_large``: its lines are not here, or not all.
    """

    old_path: str
    new_path: str
    status: str
    old_mode: int
    new_mode: int
    old_id: str
    new_id: str
    added: int | None = 0
    removed: int | None = 0
    hunks: tuple[Hunk, ...] = ()
    binary: bool = False
    too_large: bool = False

    @property
    def path(self) -> str:
        return self.old_path if self.status == "removed" else self.new_path

    @property
    def submodule(self) -> bool:
        return SUBMODULE in (self.old_mode, self.new_mode)

    @property
    def symlink(self) -> bool:
        return SYMLINK in (self.old_mode, self.new_mode)

    @property
    def mode_changed(self) -> bool:
        return self.status not in ("added", "removed") and self.old_mode != self.new_mode

    @property
    def turns(self) -> bool:
        """Whether a line or the name holds characters that change the order of what is read."""
        lines = (line.text for hunk in self.hunks for line in hunk.lines)
        return turns(self.old_path + self.new_path) or any(map(turns, lines))


@dataclass(frozen=True)
class Diff:
    """``cut``: there is more than stands here; ``count``, ``added`` and ``removed`` are of what was read."""

    files: tuple[FileDiff, ...]
    cut: bool = False
    count: int = 0

    @property
    def added(self) -> int:
        return sum(file.added or 0 for file in self.files)

    @property
    def removed(self) -> int:
        return sum(file.removed or 0 for file in self.files)

    @property
    def turns(self) -> bool:
        return any(file.turns for file in self.files)


def lines_of(diff: Diff) -> Iterable[tuple[FileDiff, Line]]:
    """Every line with its file, for what looks at each (a comment's place)."""
    return ((file, line) for file in diff.files for hunk in file.hunks for line in hunk.lines)
