"""Files written whole: who reads one while it is written anew sees the one before."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, text: str, mode: int | None = None) -> None:
    """``mode`` holds from the first moment; without one it is the process's. Raises OSError where no folder is."""
    _draft(path, text, mode=mode).rename(path)


def write_lasting(path: Path, text: str) -> None:
    """The same in a folder that is made, and even when the power fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _draft(path, text, lasting=True).rename(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """What was made, renamed or removed in it outlasts a power cut from now on."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _draft(path: Path, text: str, mode: int | None = None, lasting: bool = False) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with draft.open("w") as file:
        if mode is not None:
            os.fchmod(file.fileno(), mode)
        file.write(text)
        file.flush()
        if lasting:
            os.fsync(file.fileno())
    return draft
