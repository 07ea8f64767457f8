"""Who last wrote each line, and in which commit: some lines at a time."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _

from registry.core.errors import NotFoundError, TooLargeError, UnavailableError
from registry.forge import git
from registry.forge.browsing import reading
from registry.forge.browsing.history import LITERAL
from registry.forge.browsing.parsing import unquoted
from registry.forge.browsing.turns import turn
from registry.forge.browsing.visible import decoded, text_of
from registry.forge.trees import moment

SECONDS = 20
LINES = 200
MAX_SIZE = 2**20
MAX_OUTPUT = 4 * 2**20
MAX_LINE = 1_000


@dataclass(frozen=True)
class Origin:
    """The commit lines come from; ``previous`` is the commit and path before it, empty when it made the file."""

    id: str
    author: str
    when: datetime
    subject: str
    path: str
    previous: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Block:
    """Lines in a row that came with one commit; ``start`` is the first one's number, from 1."""

    origin: Origin
    start: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Blame:
    """``next`` is the first line of the next page, None at the end."""

    blocks: tuple[Block, ...]
    start: int
    next: int | None


def blame(repository: Path, commit: str, path: str, start: int = 1, count: int = LINES) -> Blame:
    """Lines from number ``start`` of a text at a commit (full id).

    Raises NotFoundError, TooLargeError, UnavailableError when it takes too long.
    """
    shown = reading.at(repository, commit, path)
    if not isinstance(shown, reading.SourceFile) or (shown.text is None and shown.size <= reading.MAX_SHOWN):
        raise NotFoundError(_("%(path)s has no lines to tell of.", path=path[:200]))
    if shown.text is None:
        raise TooLargeError(_("%(path)s is too long to tell who wrote its lines.", path=path[:200]))
    total = shown.text.count
    start = max(1, start)
    if start > total:
        return Blame((), start, None)
    end = min(total, start + count - 1)
    arguments = ("blame", "--porcelain", "-L", f"{start},{end}", commit, "--", path)
    try:
        with turn():
            output = git.run(repository, *arguments, variables=LITERAL, seconds=SECONDS, limit=MAX_OUTPUT)
    except (git.GitTimeoutError, git.GitOutputError) as error:
        raise UnavailableError(_("Telling who wrote these lines takes too long. Clone the repository.")) from error
    return Blame(tuple(_blocks(output)), start, end + 1 if end < total else None)


def _blocks(output: bytes) -> list[Block]:
    facts: dict[str, dict[str, str]] = {}
    held: list[tuple[str, int, list[str]]] = []
    current = ""
    for line in os.fsdecode(output).split("\n"):
        if line.startswith("\t"):
            _add(held, current, facts, decoded(os.fsencode(line[1:].removesuffix("\r")))[:MAX_LINE])
        elif _is_head(line):
            words = line.split()
            current = words[0]
            facts.setdefault(current, {})["place"] = words[2]
        elif current:
            key, _space, value = line.partition(" ")
            facts[current].setdefault(key, value)
    origins = {one: _origin(one, told) for one, told in facts.items()}
    return [Block(origins[one], start, tuple(lines)) for one, start, lines in held]


def _add(held: list[tuple[str, int, list[str]]], commit: str, facts: dict[str, dict[str, str]], text: str) -> None:
    if held and held[-1][0] == commit:
        held[-1][2].append(text)
    else:
        held.append((commit, int(facts[commit]["place"]), [text]))


def _is_head(line: str) -> bool:
    """``id, old line, new line``: a name or subject never begins a line of its own without its key."""
    words = line.split(" ")
    return len(words) in (3, 4) and len(words[0]) in (40, 64) and all(word.isdigit() for word in words[1:])


def _origin(commit: str, told: dict[str, str]) -> Origin:
    before, _space, path = told.get("previous", "").partition(" ")
    author, subject = (decoded(os.fsencode(told.get(name, ""))) for name in ("author", "summary"))
    when, named = moment(told.get("author-time", "0")), _path(told.get("filename", ""))
    return Origin(commit, author, when, subject, named, (before, _path(path)))


def _path(text: str) -> str:
    return text_of(unquoted(os.fsencode(text)))
