"""Looking for words in the files of one version, by ``git grep``: bounded in time, hits and bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flask_babel import gettext as _
from markupsafe import Markup

from registry.core.errors import Finding, InvalidError
from registry.forge import git
from registry.forge.browsing import rules
from registry.forge.browsing.texts import marked
from registry.forge.browsing.turns import turn
from registry.forge.browsing.visible import text_of

SECONDS = 10
MEMORY = 512 * 2**20
PER_FILE = 20
MAX_HITS = 200
MAX_OUTPUT = 4 * 2**20
MAX_LINE = 4_096
WIDTH = 240
"""Characters of a line that are shown, around its first hit."""

_BEGIN, _END = "\x1b[1m", "\x1b[m"
_CONFIG = {
    "color.grep.match": "bold", "color.grep.filename": "", "color.grep.lineNumber": "", "color.grep.separator": "",
    "color.grep.selected": "", "color.grep.context": "", "grep.fallbackToNoIndex": "false",
}  # fmt: skip
_RECORD = re.compile(rb"([0-9a-f]{40,64}):(.*?)\x00(\d+)\x00(.*)", re.S)


@dataclass(frozen=True)
class Query:
    """``pattern``: a POSIX extended regular expression and no fixed text. ``path``: a folder, a file, or ``*.py``."""

    text: str
    pattern: bool = False
    exact_case: bool = False
    path: str = ""


@dataclass(frozen=True)
class Hit:
    """``html`` is the line, or the part of it around the hit, with ``<mark>``; ``text`` the same without."""

    path: str
    line: int
    html: Markup
    text: str


@dataclass(frozen=True)
class Results:
    """``cut``: there may be more, also behind a file too large to look into; ``slow``: the time was up."""

    hits: tuple[Hit, ...]
    cut: bool = False
    slow: bool = False

    @property
    def files(self) -> dict[str, list[Hit]]:
        found: dict[str, list[Hit]] = {}
        for hit in self.hits:
            found.setdefault(hit.path, []).append(hit)
        return found


def search(repository: Path, commit: str, query: Query) -> Results:
    """In the texts of a commit (full id). Raises InvalidError for what is not searched for."""
    _check(query)
    arguments = (
        "grep", "-I", "-n", "-z", "--full-name", "--color=always", "--no-textconv", "--threads=1",
        f"--max-count={PER_FILE}", "-E" if query.pattern else "-F", *(() if query.exact_case else ("-i",)),
        "-e", query.text, commit, "--", *([query.path] if query.path else []),
    )  # fmt: skip
    hits: list[Hit] = []
    cut = slow = False
    try:
        with (
            turn(),
            git.started(
                repository, *arguments, config=_CONFIG, variables={"LC_ALL": "C.UTF-8"}, seconds=SECONDS, memory=MEMORY
            ) as process,
        ):
            assert process.stdout  # noqa: S101 a pipe was asked for
            for hit in _read(process.stdout):
                hits.append(hit)
                cut = len(hits) > MAX_HITS
                if cut:
                    git.stop(process)
                    break
    except git.GitTimeoutError:
        slow = cut = True
    except git.GitError as error:
        cut = "Out of memory" in str(error)
        if not cut and error.code != 1:
            raise _refused("pattern") from error
    return Results(tuple(hits[:MAX_HITS]), cut or _is_full(hits), slow)


def _check(query: Query) -> None:
    problem = rules.query_problem(query.text, query.pattern)
    if problem:
        raise _refused(problem)
    if rules.filter_problem(query.path):
        message = _("Give a folder, a file or a pattern such as *.py.")
        raise InvalidError(message, [Finding("path", message)])


def _refused(problem: str) -> InvalidError:
    words = {
        "length": _("Search for 1 to %(n)d characters.", n=rules.MAX_QUERY),
        "reference": _("Patterns may not refer back to what they found (\\1)."),
        "repeat": _("Patterns may repeat at most %(n)d times, and say so at most twice.", n=rules.MAX_REPEAT),
        "pattern": _("This pattern cannot be searched for. Look at its brackets, or search for plain text."),
    }
    return InvalidError(words[problem], [Finding("q", words[problem])])


def _read(stream: IO[bytes]) -> Iterable[Hit]:
    """A hit is ``commit:path NUL line NUL text``; of a long line the rest is read and dropped."""
    taken = 0
    while taken < MAX_OUTPUT and (record := stream.readline(MAX_LINE)):
        taken += len(record)
        rest = record
        while not rest.endswith(b"\n") and (rest := stream.readline(1 << 20)):
            taken += len(rest)
        found = _RECORD.fullmatch(record)
        if found:
            text = found[4].decode("utf-8", "replace").rstrip("\r\n")
            part = _around(text)
            plain = part.replace(_BEGIN, "").replace(_END, "")
            yield Hit(text_of(found[2]), int(found[3]), marked(part, _BEGIN, _END), plain)


def _around(text: str) -> str:
    """The part of a long line that begins a little before its first hit, its marks in pairs."""
    place = text.find(_BEGIN)
    start = max(0, place - WIDTH // 4) if len(text) > WIDTH else 0
    part = text[start : start + WIDTH + 40]
    part = part[: part.rfind("\x1b")] if part.rfind("\x1b") > len(part) - 4 else part
    return part + _END if part.count(_BEGIN) > part.count(_END) else part


def _is_full(hits: list[Hit]) -> bool:
    """Whether one file has as many hits as are taken of one."""
    counts: dict[str, int] = {}
    for hit in hits:
        counts[hit.path] = counts.get(hit.path, 0) + 1
    return any(count >= PER_FILE for count in counts.values())
