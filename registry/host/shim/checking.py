"""Whether a plugin's SQLite files are whole, asked inside its sandbox: what they hold was written by strangers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

DATA = Path("/data")
PATTERN = "*.sqlite3"
MAX_LINES = 20


def check(folder: Path = DATA) -> int:
    """Prints ``check: ok``, or a line for each fault; returns 0 or 1. Nothing is changed."""
    faults = [fault for path in sorted(folder.rglob(PATTERN)) if path.is_file() for fault in _faults(path)]
    for fault in faults[:MAX_LINES]:
        print(f"check: {fault}", flush=True)
    if not faults:
        print("check: ok", flush=True)
    return 1 if faults else 0


def _faults(path: Path) -> Iterator[str]:
    try:
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
        try:
            rows = connection.execute(f"PRAGMA integrity_check({MAX_LINES})").fetchall()
        finally:
            connection.close()
    except sqlite3.Error as error:
        yield f"{path.name}: {error}"
        return
    yield from (f"{path.name}: {line}" for (line,) in rows if line != "ok")
