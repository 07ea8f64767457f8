"""What the parts write to their output, bounded: strangers choose the paths, names and headers told there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

LOG_BYTES = 16 * 2**20
"""Of one part's log; as much again is kept of what was written before."""


def of(data: Path) -> list[Path]:
    """The logs of the parts and that of PostgreSQL, which tells every mistake in a plugin's questions."""
    return [*(data / "log").glob("*.log"), *(data / "postgres").glob("server.log")]


def shorten(logs: Iterable[Path], most: int = LOG_BYTES) -> None:
    """What passed ``most`` becomes the older file, and the log begins anew.

    The part goes on writing to the same file, always at its end, so the file is emptied and not renamed; a line written
    in between may be lost. A disk without room for the older file costs that one and never the shortening.
    """
    for log in logs:
        if log.stat().st_size > most:
            older = log.with_suffix(".log.1")
            try:
                shutil.copyfile(log, older)
            except OSError:
                older.unlink(missing_ok=True)
            os.truncate(log, 0)
