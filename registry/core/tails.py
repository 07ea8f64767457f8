"""The end of what somebody wrote, however much it is: logs, and the complaints of programs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

MOST = 256 * 1024
"""Bytes that are looked through for the newest lines."""


def end(file: IO[bytes], most: int) -> str:
    """Its last ``most`` bytes as text; what is no UTF-8 is replaced."""
    file.seek(max(0, file.seek(0, os.SEEK_END) - most))
    return file.read(most).decode("utf-8", "replace")


def newest_lines(path: Path, lines: int) -> list[str]:
    """The last lines of a log, oldest first, from its last MOST bytes; none when there is no such file."""
    try:
        with path.open("rb") as file:
            return end(file, MOST).splitlines()[-lines:]
    except FileNotFoundError:
        return []
