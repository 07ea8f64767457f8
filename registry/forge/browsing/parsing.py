"""Git's patch text read into files, hunks and lines. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import IO

from registry.forge.browsing.patches import ADDED, NOTE, REMOVED, SAME, Bounds, Diff, FileDiff, Hunk, Line
from registry.forge.browsing.visible import decoded, text_of

STATES = {"A": "added", "D": "removed", "M": "changed", "R": "renamed", "C": "copied", "T": "type"}
_HUNK = re.compile(rb"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)", re.S)
_KINDS = {b" ": SAME, b"+": ADDED, b"-": REMOVED, b"\\": NOTE}
_ESCAPE = re.compile(rb'\\([abtnvfr"\\]|[0-7]{3})')
_ESCAPES = dict(zip(b'abtnvfr"\\', b'\a\b\t\n\v\f\r"\\', strict=True))


@dataclass
class Reader:
    """Reads ``diff-tree --raw --numstat -p``: first all files, then how many lines of each, then the lines."""

    bounds: Bounds
    cut: bool = False
    count: int = 0
    files: list[FileDiff] = field(default_factory=list)
    _counted: int = 0
    _place: int = -1
    _sections: int = 0
    _left: int = 0
    _shown: int = 0
    _taken: int = 0
    _hunks: list[Hunk] = field(default_factory=list)
    _lines: list[Line] = field(default_factory=list)
    _numbers: tuple[int, int] = (0, 0)

    def read(self, stream: IO[bytes]) -> bool:
        """False when it stopped before the end."""
        most = self.bounds.length * 4
        while line := stream.readline(most):
            self._taken += len(line)
            whole = line.endswith(b"\n") or len(line) < most
            while not whole:
                rest = stream.readline(most)
                self._taken += len(rest)
                line += rest if self._place < 0 else b""
                whole = rest.endswith(b"\n") or len(rest) < most
                if self._taken > self.bounds.size:
                    break
            self._take(line)
            if self._taken > self.bounds.size or self._shown >= self.bounds.lines:
                self._finish_file(too_large=True)
                self.cut = True
                return False
        self._finish_file()
        return True

    def result(self) -> Diff:
        done = [
            replace(file, too_large=True) if self.cut and place > self._place and not file.binary else file
            for place, file in enumerate(self.files)
        ]
        return Diff(tuple(done), self.cut, self.count)

    def _take(self, line: bytes) -> None:
        if line.startswith(b"diff --git "):
            self._next_section()
        elif self._place < 0 and line.startswith(b":"):
            self._add_file(line.rstrip(b"\n"))
        elif self._place < 0 and line != b"\n":
            self._add_counts(line)
        elif line.startswith(b"@@ ") and self._place >= 0:
            self._begin_hunk(line)
        elif self._place >= 0 and self._numbers != (0, 0) and line[:1] in _KINDS:
            self._add_line(line)
        elif line.startswith(b"Binary files ") and 0 <= self._place < len(self.files):
            self.files[self._place] = replace(self.files[self._place], binary=True)

    def _add_file(self, line: bytes) -> None:
        self.count += 1
        if len(self.files) >= self.bounds.files:
            self.cut = True
            return
        facts, *paths = line.split(b"\t")
        old_mode, new_mode, old_id, new_id, status = facts[1:].split()
        names = [text_of(unquoted(path)) for path in paths]
        self.files.append(
            FileDiff(
                names[0],
                names[-1],
                STATES.get(chr(status[0]), "changed"),
                int(old_mode, 8),
                int(new_mode, 8),
                old_id.decode(),
                new_id.decode(),
            )
        )

    def _add_counts(self, line: bytes) -> None:
        place, self._counted = self._counted, self._counted + 1
        parts = line.split(b"\t", 2)
        if place >= len(self.files) or len(parts) != 3:
            return
        added, removed = (int(part) if part.isdigit() else None for part in parts[:2])
        self.files[place] = replace(self.files[place], added=added, removed=removed, binary=added is None)

    def _next_section(self) -> None:
        """A file whose kind changed has two: the old one goes, the new one comes."""
        if self._sections > 0:
            self._sections -= 1
            self._numbers = (0, 0)
            return
        self._finish_file()
        self._place += 1
        if self._place < len(self.files):
            self._sections = int(self.files[self._place].status == "type")
        self._left = self.bounds.file_lines if self._place < self.bounds.shown else 0

    def _begin_hunk(self, line: bytes) -> None:
        self._finish_hunk()
        found = _HUNK.fullmatch(line.rstrip(b"\n"))
        if found:
            self._numbers = int(found[1]), int(found[2])
            self._hunks.append(Hunk(*self._numbers, found[3].decode("utf-8", "replace")[:200], ()))
            self._numbers = self._numbers if any(self._numbers) else (0, 1)

    def _add_line(self, line: bytes) -> None:
        kind = _KINDS[line[:1]]
        old, new = self._numbers
        self._numbers = old + (kind in (SAME, REMOVED)), new + (kind in (SAME, ADDED))
        if self._left <= 0:
            return
        self._left -= 1
        self._shown += 1
        text = decoded(line[1:].removesuffix(b"\n")) if len(line) < self.bounds.length else _part(line[1:])
        text = text.removesuffix("\r") if kind == SAME else text
        cut = len(text) > self.bounds.length or len(line) >= self.bounds.length * 4
        self._lines.append(
            Line(
                kind,
                old if kind in (SAME, REMOVED) else None,
                new if kind in (SAME, ADDED) else None,
                text[: self.bounds.length],
                cut,
            )
        )

    def _finish_hunk(self) -> None:
        if self._hunks:
            self._hunks[-1] = replace(self._hunks[-1], lines=self._hunks[-1].lines + tuple(self._lines))
        self._lines = []

    def _finish_file(self, too_large: bool = False) -> None:
        self._finish_hunk()
        if 0 <= self._place < len(self.files):
            file = self.files[self._place]
            kept = tuple(hunk for hunk in self._hunks if hunk.lines)
            lost = too_large or (self._left <= 0 and bool(self._hunks))
            self.cut = self.cut or lost
            self.files[self._place] = replace(file, hunks=kept, too_large=lost)
        self._hunks, self._numbers = [], (0, 0)


def unquoted(path: bytes) -> bytes:
    """A path as git wrote it: in quotes with C's escapes when it holds something odd."""
    if not (len(path) > 1 and path.startswith(b'"') and path.endswith(b'"')):
        return path
    return _ESCAPE.sub(_unescape, path[1:-1])


def _unescape(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 0xFF]) if len(code) == 3 else bytes([_ESCAPES[code[0]]])


def _part(line: bytes) -> str:
    """Of a line that may end within a character."""
    return line.removesuffix(b"\n").decode("utf-8", "replace")
