"""Showing why an entry was found: the words that matched, marked."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from registry.catalog.search.lexicon import WORD, words

OPEN, CLOSE = Markup("<mark>"), Markup("</mark>")


def mark(text: str, wanted: frozenset[str]) -> Markup:
    """``text`` as HTML, escaped piece by piece, with each word in <mark> that has one of the ``wanted`` in it."""
    pieces: list[Markup] = []
    at = 0
    for found in WORD.finditer(text):
        if not wanted.isdisjoint(words(found[0])):
            pieces += [escape(text[at : found.start()]), OPEN, escape(found[0]), CLOSE]
            at = found.end()
    pieces.append(escape(text[at:]))
    return Markup("").join(pieces)


def best(texts: Iterable[str], wanted: frozenset[str]) -> str:
    """The text with most of the wanted words, "" when none has any."""
    counted = [(len(wanted.intersection(words(text))), text) for text in texts]
    most = max(counted, key=lambda item: item[0], default=(0, ""))
    return most[1] if most[0] else ""
