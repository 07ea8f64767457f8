"""A plugin's log: what it prints, kept small, and harmless to whoever reads it on a screen."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from registry.host.shim import SIGN

MAX_FILE = 2**20
MAX_LINE = 2000
LINES_PER_SECOND = 100
TAIL = 60


class PluginLog:
    """Appends to ``path``; at MAX_FILE bytes it becomes ``path.1``. Lines the shim addresses to the host go
    to ``signal`` instead. At most LINES_PER_SECOND are kept, the rest is counted.
    """

    def __init__(self, path: Path, signal: Callable[[str], None] = lambda word: None) -> None:
        self._path = path
        self._signal = signal
        self._rest = b""
        self._second = 0
        self._kept = 0
        self._dropped = 0
        self._tail: deque[str] = deque(maxlen=TAIL)

    @property
    def tail(self) -> str:
        """The last lines seen by this object."""
        return "\n".join(self._tail)

    def feed(self, piece: bytes) -> None:
        """Take what was read from the plugin's output; any cut is allowed."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) > MAX_LINE:
            lines.append(self._rest)
            self._rest = b""
        written = [text for line in lines if (text := self._taken(line)) is not None]
        if written:
            self._write(written)

    def note(self, text: str) -> None:
        """A line of the host's own."""
        self._write([f"[lumbung] {shown(text)}"])

    def close(self) -> None:
        """Write what was still waiting for its line to end, and the count of what was dropped."""
        if self._rest:
            self.feed(b"\n")
        if self._dropped:
            self._write([self._drops()])

    def _taken(self, line: bytes) -> str | None:
        if line.startswith(SIGN.encode()):
            self._signal(line[len(SIGN) :].decode("ascii", "replace").strip())
            return None
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._kept = second, 0
        self._kept += 1
        if self._kept > LINES_PER_SECOND:
            self._dropped += 1
            return None
        text = shown(line[:MAX_LINE].decode("utf-8", "backslashreplace"))
        return f"{self._drops()}\n{text}" if self._dropped else text

    def _drops(self) -> str:
        count, self._dropped = self._dropped, 0
        return f"[lumbung] ({count} lines dropped)"

    def _write(self, lines: list[str]) -> None:
        self._tail.extend(lines)
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._rotate()
            with self._path.open("a", encoding="utf-8") as file:
                file.writelines(f"{stamp} {line}\n" for line in lines)
        except OSError:  # a full disk takes the log, never the host
            self._dropped += len(lines)

    def _rotate(self) -> None:
        if self._path.exists() and self._path.stat().st_size >= MAX_FILE:
            self._path.replace(self._path.with_name(self._path.name + ".1"))


def shown(text: str) -> str:
    """The text with control, bidirectional and other invisible characters written out."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode() for c in text)
