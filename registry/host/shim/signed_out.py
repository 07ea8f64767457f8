"""Who signed out, and when: a small file of the host's, looked at once per request of staff, read when it changed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

PLACE = Path("/run/lumbung/signed-out.json")
MAX_BYTES = 2**20


class SignedOut:
    """``{"<person's id>": seconds since 1970}``: tokens given up to then are refused. No file: nobody signed out.

    A file that cannot be read leaves what was known; the host replaces it whole, never piece by piece.
    """

    def __init__(self, place: Path = PLACE) -> None:
        self._place = place
        self._mark: tuple[int, int] | None = None
        self._known: Mapping[str, float] = {}

    def refuses(self, person: str, issued: float) -> bool:
        """Whether a token given to this person at ``issued`` is worth nothing any more."""
        self._look()
        return issued <= self._known.get(person, 0.0)

    def _look(self) -> None:
        try:
            found = os.stat(self._place)
        except OSError:
            return
        mark = (found.st_ino, found.st_mtime_ns)
        if mark != self._mark and found.st_size <= MAX_BYTES:
            self._mark = mark
            self._known = self._read()

    def _read(self) -> Mapping[str, float]:
        try:
            told = json.loads(self._place.read_bytes())
            return {str(person): float(at) for person, at in told.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return self._known
