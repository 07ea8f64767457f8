"""What is believed of a bundle's own tests, from what came out of their sandbox. Nothing is started here.

Their counts are told by code that may be forged by the code it tries (``shim/proving.py`` says why); what is judged
here is at least of one piece: a run that passed has tests, all of them ended well, pytest came to its end and so did
its process.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.host.logs import MAX_LINE, readable, shown
from registry.host.shim import SIGN
from registry.hosting.plain import ProvingState

KEPT_LINES, KEPT_BYTES = 500, 64_000
MAX_COUNT, MAX_FAILURES, MAX_NAME = 1_000_000, 20, 200
OUTCOMES = ("passed", "failed", "skipped", "errors")
NO_TESTS, USAGE = 5, (3, 4)
"""Exit codes of pytest: nothing collected; an internal error, a bad option or a broken conftest.py."""


@dataclass(frozen=True)
class Proved:
    """How it went. ``reason`` says why it is no yes, "" for tests that simply passed or failed: a key of
    `registry.catalog.trust.proved_words.unproved`, with its blank in ``detail``.
    """

    state: ProvingState
    reason: str = ""
    detail: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    failures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """The shim's last word: pytest's own exit code (None: it came to no end), and that of its process."""

    counts: Mapping[str, int]
    end: int | None
    exit: int


class Heard:
    """Takes what the sandbox prints: the shim's word, known by ``secret``, and the last lines of the rest."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self._mark = f"{SIGN}proved {secret} ".encode()
        self._lines: deque[bytes] = deque(maxlen=KEPT_LINES)
        self._rest = b""
        self.failures: list[str] = []
        self.told: Told | None = None

    def feed(self, piece: bytes) -> None:
        *lines, rest = (self._rest + piece).split(b"\n")
        self._rest = rest[: 2 * MAX_LINE]  # of a longer line only its beginning is shown
        for line in lines:
            if line.startswith(self._mark):
                self._take(line[len(self._mark) :])
            elif not line.startswith(SIGN.encode()):
                self._lines.append(line[: 2 * MAX_LINE])

    def close(self) -> None:
        if self._rest:
            self.feed(b"\n")

    @property
    def log(self) -> str:
        """Its last lines, without what is the citizens' own, harmless on a screen."""
        kept: deque[str] = deque()
        size = 0
        for line in reversed(self._lines):
            if size > KEPT_BYTES:
                break
            kept.appendleft(shown(readable(line)))
            size += len(kept[0]) + 1
        return "\n".join(kept).strip("\n")[-KEPT_BYTES:]

    def _take(self, word: bytes) -> None:
        try:
            told = json.loads(word[: 2 * MAX_LINE])
            if "failure" in told:
                self.failures.append(shown(str(told["failure"])[:MAX_NAME]))
                del self.failures[MAX_FAILURES:]
            else:
                counts = {name: min(int(told[name]), MAX_COUNT) for name in OUTCOMES}
                self.told = Told(counts, None if told["end"] is None else int(told["end"]), int(told["exit"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            return


def judge(heard: Heard, memory: bool = False) -> Proved:
    """Of a sandbox that ended by itself; ``memory``: something in it was ended for taking too much of it."""
    told = heard.told
    if told is None:
        return Proved(ProvingState.BROKEN, "memory" if memory else "silent")
    found = {"counts": told.counts, "failures": tuple(heard.failures)}
    if told.counts["failed"] or told.counts["errors"]:
        return Proved(ProvingState.FAILED, **found)  # type: ignore[arg-type]
    reason = _unproved(told, memory)
    return Proved(ProvingState.BROKEN if reason else ProvingState.PASSED, reason, **found)  # type: ignore[arg-type]


def _unproved(told: Told, memory: bool) -> str:
    if told.end in USAGE or (told.end is None and told.exit in USAGE):
        return "usage"
    if told.end is None:
        return "memory" if memory else "cut"
    if told.end == NO_TESTS or not any(told.counts.values()):
        return "none"
    if not told.counts["passed"]:
        return "skipped"
    return "" if told.end == told.exit == 0 else "cut"
