"""Showing why an entry was found: the words that matched, marked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from registry.catalog.search.lexicon import WORD, words

PARTED = re.compile(f"({WORD.pattern})")
NONE: frozenset[str] = frozenset()
PLAIN = {gap: (gap, NONE) for gap in ("", " ", ", ", ". ")}
"""What stands between most words, as HTML, too: one piece each, whatever the text."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A text taken apart once, so that it can be marked for one question after another.

    ``pieces`` are HTML, already escaped, each with the words that stand in it: none, or those of a compound.
    """

    html: Markup
    words: frozenset[str]
    pieces: tuple[tuple[str, frozenset[str]], ...]

    @classmethod
    def of(cls, text: str) -> Marker:
        between = PARTED.split(text)
        told = [_word(word) for word in between[1::2]]
        gaps = [PLAIN.get(piece) or (str(escape(piece)), NONE) for piece in between[::2]]
        pieces = [gaps[0], *[piece for pair in zip(told, gaps[1:], strict=True) for piece in pair]]
        return cls(escape(text), frozenset([word for _html, held in told for word in held]), tuple(pieces))

    def mark(self, wanted: frozenset[str]) -> Markup:
        """The text as HTML, each word in <mark> that has one of the ``wanted`` in it."""
        if self.words.isdisjoint(wanted):
            return self.html
        told = [html if held.isdisjoint(wanted) else f"<mark>{html}</mark>" for html, held in self.pieces]
        return Markup("".join(told))  # noqa: S704 every piece was escaped when the text was taken apart


@lru_cache(maxsize=20_000)
def _word(piece: str) -> tuple[str, frozenset[str]]:
    return str(escape(piece)), frozenset(words(piece))


def mark(text: str, wanted: frozenset[str]) -> Markup:
    return Marker.of(text).mark(wanted)


def best(texts: Iterable[Marker], wanted: frozenset[str]) -> Marker | None:
    """The text with most of the wanted words, None when none has any."""
    found = max(texts, key=lambda text: len(text.words & wanted), default=None)
    return found if found and found.words & wanted else None
