"""From what was typed to what is meant, given the words the catalog has."""

from __future__ import annotations

from collections.abc import Callable

from registry.catalog.search import rules, spelling
from registry.catalog.search.index import Index
from registry.catalog.search.rules import Query
from registry.catalog.search.spelling import Speller


def understand(index: Index, speller: Callable[[], Speller], text: str) -> tuple[Query, tuple[tuple[str, str], ...]]:
    """What the words ask for, and which of them were taken for others: (as typed, as meant)."""
    query = rules.parse(text, index.lexicon)
    terms, corrected = [], []
    for term in query.terms:
        if index.scored(term).known:
            terms.append(term)
            continue
        meant = [_meant(index, speller, word) for word in term.text.split()]
        flat = tuple(word for words in meant for word in words)
        if " ".join(flat) != term.text:
            corrected.append((term.text, " ".join(flat)))
        terms += rules.terms(flat, index.lexicon)
    return Query(tuple(terms[: rules.MAX_TERMS]), query.phrases, query.without), tuple(corrected)


def _meant(index: Index, speller: Callable[[], Speller], word: str) -> tuple[str, ...]:
    """A word nobody uses is two words typed as one, or the likeliest known word."""
    if index.knows(word):
        return (word,)
    return spelling.split(word, index.knows) or (speller().nearest(word) or word,)
