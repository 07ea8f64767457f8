"""What a person's words ask for: pure rules, no index and no database. Everything is bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from registry.catalog.search.lexicon import LONGEST_PHRASE, Lexicon, Phrase, words

MAX_QUERY, MAX_TERMS, MAX_PHRASES = 200, 10, 3
SYNONYM, PART = 0.7, 0.3
"""How much a synonym counts beside the word itself, and one word of a phrase beside all of it."""

QUOTED = re.compile(r"[\"\u201c\u201d]([^\"\u201c\u201d]+)(?:[\"\u201c\u201d]|$)")


@dataclass(frozen=True)
class Term:
    """One thing the person means: any of the ``ways`` to say it, each with how much it counts (0 to 1).

    ``open`` is the word still being typed: what begins with it is meant, too.
    """

    text: str
    ways: tuple[tuple[Phrase, float], ...]
    open: bool = False


@dataclass(frozen=True)
class Query:
    """``phrases`` must stand as they are, ``without`` must not be there. No terms: everything is meant."""

    terms: tuple[Term, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    without: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms or self.phrases or self.without)


def tidy(text: str) -> str:
    """As it is kept in addresses and shown: one line, bounded."""
    return " ".join(text.replace("\0", " ").split())[:MAX_QUERY].strip()


def parse(text: str, lexicon: Lexicon) -> Query:
    """Words, "phrases in quotes" and -words that must be absent."""
    text = tidy(text)
    phrases = [tuple(words(phrase))[:MAX_TERMS] for phrase in QUOTED.findall(text)]
    rest = QUOTED.sub(" ", text)
    without = [word for part in rest.split() if _is_minus(part) for word in words(part)[:1]]
    plain = " ".join(part for part in rest.split() if not _is_minus(part))
    typed = [*(word for phrase in phrases for word in phrase), *words(plain)]
    kept = telling(typed, lexicon)
    last_is_open = bool(kept) and not text.endswith('"') and typed[-1:] == kept[-1:]
    found = list(terms(kept[: MAX_TERMS * 2], lexicon))[:MAX_TERMS]
    if found and last_is_open and found[-1].text == kept[-1]:
        found[-1] = Term(found[-1].text, found[-1].ways, open=True)
    return Query(tuple(found), tuple(filter(None, phrases[:MAX_PHRASES])), tuple(without[:MAX_TERMS]))


def _is_minus(part: str) -> bool:
    return part.startswith("-") and len(part) > 1


def telling(typed: Sequence[str], lexicon: Lexicon) -> list[str]:
    """The words that say which app is meant; when all are weak they have to do."""
    full = [word for word in typed if word not in lexicon.stop and (len(word) > 1 or word.isdigit())]
    strong = [word for word in full if word not in lexicon.weak]
    return list(dict.fromkeys(strong or full))


def terms(typed: Sequence[str], lexicon: Lexicon) -> Iterator[Term]:
    """Words one by one, but known phrases ("rumah sakit") as one."""
    at = 0
    while at < len(typed):
        length = next(
            (n for n in range(min(LONGEST_PHRASE, len(typed) - at), 1, -1)
             if lexicon.key(typed[at : at + n]) in lexicon.same), 1
        )  # fmt: skip
        yield term(tuple(typed[at : at + length]), lexicon)
        at += length


def term(phrase: Phrase, lexicon: Lexicon) -> Term:
    """A phrase with its synonyms; of several words each alone counts a little, too."""
    ways: dict[Phrase, float] = {phrase: 1.0}
    for other in lexicon.same.get(lexicon.key(phrase), ()):
        ways.setdefault(other, SYNONYM)
    if len(phrase) > 1:
        for word in phrase:
            ways.setdefault((word,), PART)
    return Term(" ".join(phrase), tuple(ways.items()))
