"""A plugin's log as it lies on disk: read from its end, from a place on, or whole; searched line by line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOST_FILES = 100
MOST_READ = 16 * 2**20
MOST_SHOWN = 500
MOST_NEW = 256 * 1024
"""Bytes told at once to who looks on."""

LEVELS = ("", "warning", "error", "host")
_ERROR = re.compile(r"\b(?:error|critical|fatal|exception|traceback|galat)\b", re.IGNORECASE)
_WARNING = re.compile(r"\b(?:warn|warning|peringatan)\b", re.IGNORECASE)
_PLACE = re.compile(r"([0-9]{1,20})-([0-9]{1,20})")


@dataclass(frozen=True)
class Page:
    """Lines, oldest first. ``place`` says where to go on reading; ``more``: older ones were left out."""

    lines: list[str]
    place: str
    more: bool = False


def files(path: Path) -> list[Path]:
    """Newest first."""
    names = [path, *(path.with_name(f"{path.name}.{number}") for number in range(1, MOST_FILES))]
    return [name for name in names if name.exists()]


def newest(path: Path, words: str = "", level: str = "") -> Page:
    """The last MOST_SHOWN lines that hold ``words`` and are of ``level``, from all files, newest MOST_READ bytes."""
    place, room = place_of(path), MOST_READ
    found: list[str] = []
    for file in files(path):
        text, room = _end_of(file, room)
        found = list(chosen(text.splitlines(), words, level)) + found
        if room <= 0 or len(found) > MOST_SHOWN:
            break
    return Page(found[-MOST_SHOWN:], place, len(found) > MOST_SHOWN or room <= 0)


def since(path: Path, place: str, words: str = "", level: str = "") -> Page:
    """What was written after ``place`` (as a Page told it), also when the file has become an older one meanwhile."""
    known = _PLACE.fullmatch(place)
    text, after = b"", place_of(path)
    for file in files(path)[:2]:
        with file.open("rb") as opened:
            found = os.fstat(opened.fileno())
            mine = bool(known) and found.st_ino == int(known[1])  # type: ignore[index]
            opened.seek(int(known[2]) if mine and known else max(found.st_size - MOST_NEW, 0))
            text = opened.read(MOST_NEW) + text
            if file == path:
                after = f"{found.st_ino}-{opened.tell()}"
        if mine or not known:
            break
    whole, _, half = text.rpartition(b"\n")
    ino, _, end = after.partition("-")
    lines = chosen(whole.decode("utf-8", "replace").splitlines(), words, level)
    return Page(list(lines), f"{ino}-{int(end or 0) - len(half)}")


def place_of(path: Path) -> str:
    """The end of what is written now."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return "0-0"
    return f"{found.st_ino}-{found.st_size}"


def whole(path: Path) -> Iterator[bytes]:
    """All of it, oldest first, in pieces."""
    for file in reversed(files(path)):
        with file.open("rb") as opened:
            while piece := opened.read(65_536):
                yield piece


def chosen(lines: list[str], words: str, level: str) -> Iterator[str]:
    """Those that hold ``words`` (any case) and are of ``level``; a traceback's lines go with its first."""
    wanted, follows = words.casefold(), False
    for line in lines:
        said = line.partition(" ")[2]
        follows = follows and said.startswith((" ", "\t")) or bool(_ERROR.search(said))
        if wanted in line.casefold() and _is_of(said, level, follows):
            yield line


def _is_of(said: str, level: str, error: bool) -> bool:
    if level == "error":
        return error
    if level == "warning":
        return error or bool(_WARNING.search(said))
    return said.startswith("[lumbung]") if level == "host" else True


def _end_of(file: Path, room: int) -> tuple[str, int]:
    """The last ``room`` bytes of a file (from the beginning of a line), and what is left of the room."""
    try:
        with file.open("rb") as opened:
            size = os.fstat(opened.fileno()).st_size
            opened.seek(max(size - room, 0))
            text = opened.read(room)
    except FileNotFoundError:
        return "", room
    if size > room:
        text = text.partition(b"\n")[2]
    return text.decode("utf-8", "replace"), room - size
