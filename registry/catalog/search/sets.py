"""Sets of documents as whole numbers: bit n stands for document n.

Python's long integers make "both", "either" and "how many" a matter of microseconds for a hundred thousand documents:
12.5 kB each. Scores are kept the same way, as planes of bits (a bit-sliced index: O'Neil & Quass, 1997): plane p
holds bit p of every document's score, so adding and sorting are a few operations on whole planes, however many
documents match.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_

FILLED = re.compile(rb"[^\0]")
KEPT = 128
"""Sets kept as numbers at a time: at a hundred thousand documents at most 1.6 MB."""


RARE = 8
"""Documents up to which a set is made one by one, each time it is asked for."""


def from_members(rising: Sequence[int]) -> int:
    """The set of these documents, given lowest first."""
    if len(rising) <= RARE:
        return reduce(or_, (1 << number for number in rising), 0)
    held = bytearray(rising[-1] // 8 + 1)
    for number in rising:
        held[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(held, "little")


def members(bits: int) -> Iterator[int]:
    """The documents of a set, lowest first; a long empty stretch costs next to nothing."""
    held = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    for filled in FILLED.finditer(held):
        first, byte = filled.start() * 8, held[filled.start()]
        for bit in range(8):
            if byte >> bit & 1:
                yield first + bit


class Sets:
    """Growing sets by key. The number of a set is made when it is first asked for and kept until the set grows."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._members: dict[str, array[int]] = {}
        self._made: dict[str, tuple[int, int]] = {}

    def keys(self) -> Iterable[str]:
        return self._members.keys()

    def counts(self) -> Iterable[tuple[str, int]]:
        return [(key, len(held)) for key, held in list(self._members.items())]

    def add(self, key: str, number: int) -> None:
        held = self._members.get(key)
        if held is None:
            self._members[key] = array("I", (number,))
        else:
            held.append(number)

    def bits(self, key: str) -> int:
        held = self._members.get(key)
        if held is None:
            return 0
        count, made = len(held), self._made.get(key)
        if count <= RARE:
            return from_members(held)
        if made is None or made[0] != count:
            if len(self._made) >= self._kept:
                self._made.clear()
            made = self._made[key] = count, from_members(held[:count])
        return made[1]

    def either(self, keys: Iterable[str]) -> int:
        """The documents of any of the keys."""
        found = 0
        rare: list[int] = []
        for key in keys:
            held = self._members.get(key, ())
            if len(held) > RARE:
                found |= self.bits(key)
            else:
                rare += held
        return found | from_members(sorted(rare))


def as_planes(levels: Mapping[int, int]) -> list[int]:
    """Each document's points as planes: the highest of the levels it is in; ``levels`` maps points to documents."""
    planes: list[int] = []
    given = 0
    for points in sorted(levels, reverse=True):
        fresh = levels[points] & ~given
        given |= fresh
        planes += [0] * (points.bit_length() - len(planes))
        for plane in range(points.bit_length()):
            if points >> plane & 1:
                planes[plane] |= fresh
    return planes


class Scores:
    """A whole number per document, kept as planes of bits."""

    def __init__(self, planes: Sequence[int] = ()) -> None:
        self._planes = list(planes)

    def plus(self, planes: Sequence[int]) -> None:
        """Add, document by document."""
        held, carry = self._planes, 0
        for at in range(max(len(planes), len(held)) + 1):
            own = held[at] if at < len(held) else 0
            other = planes[at] if at < len(planes) else 0
            either = own ^ other
            total, carry = either ^ carry, own & other | carry & either
            if at < len(held):
                held[at] = total
            else:
                held.append(total)
        while held and not held[-1]:
            held.pop()

    def best_first(self, among: int) -> Iterator[int]:
        """``among`` in groups of equal score, the highest first."""
        yield from self._split(among, len(self._planes) - 1)

    def _split(self, group: int, plane: int) -> Iterator[int]:
        if not group:
            return
        if plane < 0:
            yield group
            return
        yield from self._split(group & self._planes[plane], plane - 1)
        yield from self._split(group & ~self._planes[plane], plane - 1)

    def at_least(self, among: int, least: int) -> int:
        """Those of ``among`` whose score is ``least`` or more."""
        kept, equal = 0, among
        for plane in range(max(len(self._planes), least.bit_length()) - 1, -1, -1):
            bits = self._planes[plane] if plane < len(self._planes) else 0
            if least >> plane & 1:
                equal &= bits
            else:
                kept |= equal & bits
                equal &= ~bits
        return kept | equal
