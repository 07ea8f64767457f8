"""What a term is worth to the entries that have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scored:
    """The entries that have a term, and the points of each as planes (`sets.as_planes`).

    ``known``: the catalog has its words, even where no entry has them together; ``words`` may be why an entry has it.
    """

    known: bool
    all: int
    planes: list[int]
    words: frozenset[str]


def weight(having: int, size: int) -> float:
    """A rare word tells more: from 1 for a word of all entries to 2 for a word of one."""
    if having < 1 or size < 2:
        return 1.0
    return 2.0 - having.bit_length() / size.bit_length()


def both(one: Mapping[float, int], other: Mapping[float, int]) -> dict[float, int]:
    found: dict[float, int] = {}
    for counts, bits in one.items():
        for more, others in other.items():
            least = min(counts, more)
            found[least] = found.get(least, 0) | bits & others
    return found
