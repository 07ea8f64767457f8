"""An app as the search knows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """What its card says. ``description`` is that of its publiccode.yml as JSON, without the long texts.

    ``version`` is the newest release's, "" without one; ``adopters`` counts cities that use it or did.
    """

    publisher: str
    description: str
    version: str
    adopters: int
    maturity: str
    rating: str
    deprecated: bool
    described: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """``words`` are by field, each a text of words; ``facets`` values by facet.

    ``standing`` are points for being used and mature, 0 to 15; ``behind`` is for deprecated or merely described ones.
    ``moment`` orders by age, ``running`` counts cities.
    """

    id: int
    slug: str
    name: str
    words: Mapping[str, str]
    facets: Mapping[str, Sequence[str]]
    standing: int = 0
    behind: bool = False
    moment: float = 0.0
    running: int = 0
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What is kept of an entry by its number."""

    id: int
    slug: str
    name: str
    moment: float
    running: int
    told: Told | None


def rank(entry: Entry) -> tuple[bool, int, int, str]:
    """Sorts entries by standing, the best first; `store.RANKED` says the same to the database."""
    return entry.behind, -entry.running, -entry.standing, entry.name.casefold()
