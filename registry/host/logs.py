"""A plugin's log: what it prints, without what is the citizens' own, kept small, and harmless on a screen."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from registry.core import clock
from registry.host.redaction import redacted
from registry.host.shim import SIGN

MAX_FILE = 2**20
MAX_LINE = 2000
LINES_PER_SECOND, BYTES_PER_SECOND = 100, 32 * 1024
LINES_PER_DAY, BYTES_PER_DAY = 200_000, 20 * 2**20
TAIL = 60

_HALF = re.compile(r"[\w.+@%-]{1,100}$")
"""What a cut may have gone through: half a number could not be told from another."""


@dataclass(frozen=True)
class Policy:
    """How much of one plugin's log is kept, over all its files, and for how long."""

    size: int = 10 * 2**20
    age: timedelta = timedelta(days=14)


AT_MOST = Policy(size=40 * 2**20)
"""What a log takes until the meter comes round with the installation's own policy."""


class Allowance:
    """So many lines and bytes in one period; the next period begins with none taken."""

    def __init__(self, lines: int, size: int) -> None:
        self._most = lines, size
        self._period = -1
        self._taken = (0, 0)

    def take(self, period: int, size: int) -> bool:
        """Whether a line of ``size`` bytes still goes into this period (any number that grows with time)."""
        if period != self._period:
            self._period, self._taken = period, (0, 0)
        self._taken = self._taken[0] + 1, self._taken[1] + size
        return self._taken[0] <= self._most[0] and self._taken[1] <= self._most[1]


class PluginLog:
    """Appends to ``path``; a file that is full or of another day becomes ``path.1`` and so on. Lines the shim
    addresses to the host go to ``signal`` instead. What is beyond the allowance of a second or a day is counted.
    """

    def __init__(
        self, path: Path, signal: Callable[[str], None] = lambda word: None, policy: Policy | None = None
    ) -> None:
        self._path = path
        self._signal = signal
        self._policy = policy or AT_MOST
        self._rest = b""
        self._skipping = False
        self._second = Allowance(LINES_PER_SECOND, BYTES_PER_SECOND)
        self._day = Allowance(LINES_PER_DAY, BYTES_PER_DAY)
        self._dropped = 0
        self._tail: deque[str] = deque(maxlen=TAIL)

    @property
    def tail(self) -> str:
        """The last lines seen by this object."""
        return "\n".join(self._tail)

    def feed(self, piece: bytes) -> None:
        """Take what was read from the plugin's output; any cut is allowed. Of a long line only the beginning stays."""
        *lines, rest = (self._rest + piece).split(b"\n")
        if self._skipping and lines:
            self._skipping = False
            del lines[0]
        self._rest = b"" if self._skipping else rest
        if len(self._rest) > MAX_LINE:
            lines.append(self._rest)
            self._rest, self._skipping = b"", True
        written = [text for line in lines if (text := self._taken(line)) is not None]
        if written:
            self._write(written)

    def note(self, text: str) -> None:
        """A line of the host's own."""
        self._write([f"[lumbung] {shown(redacted(text))}"])

    def close(self) -> None:
        """Write what was still waiting for its line to end, and the count of what was dropped."""
        if self._rest:
            self.feed(b"\n")
        if self._dropped:
            self._write([self._drops()])

    def _taken(self, line: bytes) -> str | None:
        if line.startswith(SIGN.encode()):
            self._signal(line[len(SIGN) : len(SIGN) + MAX_LINE].decode("ascii", "replace").strip())
            return None
        size = min(len(line), MAX_LINE)
        if not (self._second.take(int(time.monotonic()), size) and self._day.take(clock.now().toordinal(), size)):
            self._dropped += 1
            return None
        text = shown(readable(line))
        return f"{self._drops()}\n{text}" if self._dropped else text

    def _drops(self) -> str:
        count, self._dropped = self._dropped, 0
        return f"[lumbung] ({count} lines dropped)"

    def _write(self, lines: list[str]) -> None:
        self._tail.extend(lines)
        stamp = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._rotate()
            with self._path.open("a", encoding="utf-8") as file:
                file.writelines(f"{stamp} {line}\n" for line in lines)
        except OSError:  # a full disk takes the log, never the host
            self._dropped += len(lines)

    def _rotate(self) -> None:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return
        if found.st_size >= MAX_FILE or _day(found.st_mtime) != clock.now().toordinal():
            for number, path in reversed(list(enumerate(files(self._path), 1))):
                path.rename(self._path.with_name(f"{self._path.name}.{number}"))
            expire(self._path, self._policy)


def readable(line: bytes) -> str:
    """One line as text, without what is the citizens', and not longer than MAX_LINE bytes of it."""
    text = line[:MAX_LINE].decode("utf-8", "backslashreplace")
    return redacted(text) if len(line) <= MAX_LINE else redacted(_HALF.sub("", text)) + "…"


def files(path: Path) -> list[Path]:
    """The log's files, newest first: ``plugin.log``, ``plugin.log.1``…"""
    return list(_files(path))


def _files(path: Path) -> Iterator[Path]:
    if path.exists():
        yield path
    number = 1
    while (older := path.with_name(f"{path.name}.{number}")).exists():
        yield older
        number += 1


def expire(path: Path, policy: Policy) -> None:
    """Remove the files that are too old, and the oldest of too many. Raises OSError."""
    size = 0
    oldest = (clock.now() - policy.age).timestamp()
    for file in files(path):
        found = file.stat()
        size += found.st_size
        if found.st_mtime < oldest or size > policy.size:
            file.unlink()


def _day(moment: float) -> int:
    return datetime.fromtimestamp(moment, UTC).toordinal()


def shown(text: str) -> str:
    """The text with control, bidirectional and other invisible characters written out."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode() for c in text)
