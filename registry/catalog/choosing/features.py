"""Features of several apps on common lines: what is said in nearly the same words is the same feature. Pure.

Publishers write features freely, so the words are compared by their roots, without the words that say nothing. A line
never holds two features of one app, and each feature stands on exactly one line, so nothing is lost or told twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from registry.catalog.search.stems import roots

ALIKE = 0.6
"""Of the words both say, at least: two times the common ones by all (Dice)."""

MAX_FEATURES = 100
"""Looked at of each app."""

WORD = re.compile(r"\w+")
EMPTY = frozenset(
    "a an and are as at by for from in into is it its of on or per that the their to with "
    "ada agar akan atau bagi dalam dan dari dengan di itu ini ke oleh pada para secara seperti serta setiap tiap "
    "untuk yang".split()
)


@dataclass(frozen=True)
class Line:
    """``text`` as the first of the apps says it; ``said`` has each app's own words in their order, "" without it."""

    text: str
    said: tuple[str, ...]

    @property
    def count(self) -> int:
        return sum(map(bool, self.said))


@dataclass(frozen=True)
class Kinds:
    """Lines sorted by who names them: ``alone`` has for each app what no other names, ``by_some`` what more than one
    names and not all, ``by_all`` the rest.
    """

    alone: tuple[tuple[str, ...], ...]
    by_some: tuple[Line, ...]
    by_all: tuple[Line, ...]


def sort_out(lines: Sequence[Line], apps: int) -> Kinds:
    """For so many apps; of one app alone everything is its own."""
    own = [line for line in lines if line.count == 1]
    return Kinds(
        tuple(tuple(line.text for line in own if line.said[at]) for at in range(apps)),
        tuple(line for line in lines if 1 < line.count < apps),
        tuple(line for line in lines if line.count == apps > 1),
    )


def align(apps: Sequence[Sequence[str]]) -> tuple[Line, ...]:
    """Lines that most apps share first, else in the order of the apps."""
    lines: list[_Draft] = []
    for at, features in enumerate(apps):
        free = list(lines)
        for feature in dict.fromkeys(one.strip() for one in features[:MAX_FEATURES] if one.strip()):
            own = _words(feature)
            found = max(free, key=lambda line: line.likeness(own), default=None)
            if found is not None and found.likeness(own) >= ALIKE:
                free.remove(found)
            else:
                found = _Draft(["" for _app in apps], [])
                lines.append(found)
            found.said[at] = feature
            found.ways.append(own)
    drawn = [Line(next(filter(None, line.said)), tuple(line.said)) for line in lines]
    return tuple(sorted(drawn, key=lambda line: -line.count))


@dataclass
class _Draft:
    said: list[str]
    ways: list[frozenset[str]]

    def likeness(self, own: frozenset[str]) -> float:
        return max(_dice(way, own) for way in self.ways)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    """1 for the same words, also when there are none but empty ones."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def _words(text: str) -> frozenset[str]:
    words = WORD.findall(text.casefold())
    telling = [word for word in words if word not in EMPTY] or words
    return frozenset(roots(word)[0] for word in telling)
