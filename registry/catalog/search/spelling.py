"""Words nobody wrote: the likeliest known word for a misspelt one.

A word is found when the two become the same by leaving out one letter of each (SymSpell's idea, W. Garbe 2012): that
covers one letter wrong, missing, too many, or two swapped, and of long words also one missing here and one there. What
is left is ordered by the real distance and by how many entries have the word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

SHORTEST = 4
"""Letters below which a word is taken as typed: nearly every three letters are near some word."""

MAX_KNOWN = 20_000
"""Words that are compared with, those of most entries first."""

LONG = 7
"""Letters from which two slips are forgiven."""


class Speller:
    """Knows words and how common each is; made once per state of the catalog."""

    def __init__(self, known: Iterable[tuple[str, int]]) -> None:
        common = sorted(known, key=lambda item: -item[1])[:MAX_KNOWN]
        self._common = dict(common)
        self._shorter: dict[str, list[str]] = {}
        for word, _ in common:
            if len(word) >= SHORTEST and word.isalpha():
                for form in _shortened(word):
                    self._shorter.setdefault(form, []).append(word)

    def nearest(self, word: str) -> str | None:
        """None when nothing is near enough. A wrong first letter is rare, so it costs as much as another slip."""
        if len(word) < SHORTEST or not word.isalpha():
            return None
        near = {known for form in _shortened(word) for known in self._shorter.get(form, ())}
        costs = [(distance(word, known) + OTHER * (word[0] != known[0]), -self._common[known], known) for known in near]
        best = min(costs, default=None)
        return best[2] if best and best[0] <= OTHER * (2 if len(word) >= LONG else 1) else None


def split(word: str, knows: Callable[[str], bool]) -> tuple[str, str] | None:
    """Two known words typed as one (tataruang), or None."""
    for at in range(len(word) - 3, 2, -1):
        if knows(word[:at]) and knows(word[at:]):
            return word[:at], word[at:]
    return None


OTHER, SWAPPED = 4, 3
"""Costs of slips: fingers that are too quick swap letters more often than they miss a key."""


def distance(one: str, other: str) -> int:
    """What it costs to change, add, leave out or swap neighbouring letters (Damerau's, restricted)."""
    before: list[int] = []
    above = [column * OTHER for column in range(len(other) + 1)]
    for row, letter in enumerate(one, 1):
        here = [row * OTHER]
        for column, wanted in enumerate(other, 1):
            wrong = OTHER if letter != wanted else 0
            cost = min(above[column] + OTHER, here[-1] + OTHER, above[column - 1] + wrong)
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, before[column - 2] + SWAPPED)
            here.append(cost)
        before, above = above, here
    return above[-1]


def _shortened(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
