"""The transparency log as text: one line for each file of a release, each tied to all before it. Pure.

A line is ``number sha256 app version kind when chain``; ``chain`` is the SHA-256 (hex) of the chain of the line before,
a line's end, and the line up to its own chain. The first follows `START`. Who kept any line can tell whether a longer
log still holds everything before it, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registry.core.chains import START, BrokenChainError, tied

SHAPE = re.compile(
    r"(?P<number>[1-9]\d{0,9}) (?P<sha256>[0-9a-f]{64}) (?P<app>[a-z0-9-]{1,100}) (?P<version>[0-9A-Za-z.+-]{1,100}) "
    r"(?P<kind>[a-z0-9.]{1,20}) (?P<when>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (?P<chain>[0-9a-f]{64})"
)
MAX_LINE = 600


@dataclass(frozen=True)
class Entry:
    number: int
    sha256: str
    app: str
    version: str
    kind: str
    when: str
    chain: str

    @property
    def line(self) -> str:
        return f"{self.body} {self.chain}"

    @property
    def body(self) -> str:
        return f"{self.number} {self.sha256} {self.app} {self.version} {self.kind} {self.when}"

    @property
    def file(self) -> str:
        """As it is called when it is downloaded."""
        return f"{self.version}.{self.kind}"


def follow(before: str, number: int, sha256: str, app: str, version: str, kind: str, when: str) -> Entry:
    """The line after the one whose chain is ``before``."""
    body = f"{number} {sha256} {app} {version} {kind} {when}"
    return Entry(number, sha256, app, version, kind, when, tied(before, body))


def read(lines: Iterable[str]) -> Iterator[Entry]:
    """Each line of a whole log. Raises BrokenChainError at the first that is not what the one before makes it."""
    before, expected = START, 1
    for text in lines:
        found = SHAPE.fullmatch(text.rstrip("\n")) if len(text) <= MAX_LINE else None
        if found is None:
            raise BrokenChainError(f"line {expected} cannot be read")
        entry = Entry(int(found["number"]), *found.group("sha256", "app", "version", "kind", "when", "chain"))
        if entry.number != expected:
            raise BrokenChainError(f"line {expected} is missing: {entry.number} stands in its place")
        if entry.chain != tied(before, entry.body):
            what = f"{entry.app} {entry.version} {entry.kind}"
            raise BrokenChainError(f"line {expected} was changed, or one before it: {what}")
        yield entry
        before, expected = entry.chain, expected + 1


def grown(earlier: Iterable[str], later: Iterable[str]) -> int:
    """How many lines came since an earlier copy. Raises BrokenChainError when anything of that is gone or differs."""
    rest = read(later)
    for kept in read(earlier):
        now = next(rest, None)
        if now is None:
            what = f"{kept.app} {kept.version} {kept.kind}"
            raise BrokenChainError(f"line {kept.number} of the earlier copy is gone: {what}")
        if now != kept:
            raise BrokenChainError(f"line {kept.number} is not what the earlier copy says: {kept.app} {kept.version}")
    return sum(1 for _entry in rest)
