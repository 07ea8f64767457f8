"""What was found complete, so that nobody reads thousands of files again and again to find nothing missing.

A folder's time changes with every file that comes, goes or is replaced. What changes inside a file shows the next day,
when all are read again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from registry.core.clock import today
from registry.core.files import write_lasting
from registry.forge import storage

NOTE = ".complete.json"


@dataclass(frozen=True)
class Completed:
    """The time of each app's folder (nanoseconds, 0 for none) when every file in it was there, whole and signed by one
    of the keys that ``under`` names, with the day.
    """

    under: str
    times: dict[str, int]


def noted(place: storage.Storage, keys: Collection[bytes]) -> Completed:
    """Nothing of another day, of other keys, or that cannot be read."""
    under = _under(keys)
    try:
        told = json.loads(_note(place).read_text())
        return Completed(under, dict(told["times"]) if told["under"] == under else {})
    except (OSError, ValueError, KeyError, TypeError):
        return Completed(under, {})


def note(place: storage.Storage, found: Completed) -> None:
    write_lasting(_note(place), json.dumps({"under": found.under, "times": found.times}))


def time_of(place: storage.Storage, app: str) -> int:
    """Of the folder of an app's archives."""
    try:
        return _note(place).with_name(app).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _note(place: storage.Storage) -> Path:
    return place.data / "archives" / NOTE


def _under(keys: Collection[bytes]) -> str:
    return f"{today().isoformat()} {hashlib.sha256(b''.join(sorted(keys))).hexdigest()}"
