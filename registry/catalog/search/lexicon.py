"""What the search knows about words: the file ``words.toml``, ready to be asked."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from registry.catalog.search import stems

FILE = Path(__file__).with_name("words.toml")
WORD = re.compile(r"[^\W_]+(?:[-'\u2019/.][^\W_]+)*")
PARTS = re.compile(r"[^\W_]+")
LONGEST_WORD, LONGEST_PHRASE = 40, 4

Phrase = tuple[str, ...]


def words(text: str) -> list[str]:
    """Lower-case words without accents, in their order; of "e-budgeting" its parts and the whole: ebudgeting."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    found: list[str] = []
    for compound in WORD.findall(plain):
        parts = PARTS.findall(compound)
        found += parts
        if len(set(parts)) > 1:
            found.append("".join(parts))
    return [word[:LONGEST_WORD] for word in found]


@dataclass(frozen=True)
class Lexicon:
    """``stop`` never counts, ``weak`` counts when nothing else is there, ``same`` maps the key of a phrase to the
    phrases that mean as much."""

    stop: frozenset[str]
    weak: frozenset[str]
    roots: Mapping[str, str]
    spelling: Mapping[str, str]
    same: Mapping[Phrase, tuple[Phrase, ...]]

    def spelt(self, word: str) -> str:
        return self.spelling.get(word, word)

    def roots_of(self, word: str) -> tuple[str, ...]:
        """Of a word as typed: its spelling is mended first."""
        word = self.spelt(word)
        known = self.roots.get(word)
        return (known,) if known else tuple(self.spelling.get(root, root) for root in stems.roots(word))

    def key(self, phrase: Iterable[str]) -> Phrase:
        """Under which a phrase is known, whatever its affixes."""
        return tuple(self.roots_of(word)[0] for word in phrase)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Read once per process. Raises KeyError or tomllib.TOMLDecodeError for a file that was edited badly."""
    held = tomllib.loads(FILE.read_text(encoding="utf-8"))
    bare = Lexicon(frozenset(held["stop"]), frozenset(held["weak"]), held["stems"], held["spelling"], {})
    return Lexicon(bare.stop, bare.weak, bare.roots, bare.spelling, _synonyms(bare, held["same"], held["also"]))


def _synonyms(
    bare: Lexicon, same: Mapping[str, list[str]], also: Mapping[str, list[str]]
) -> dict[Phrase, tuple[Phrase, ...]]:
    found: dict[Phrase, dict[Phrase, None]] = {}
    for group in same.values():
        phrases = [tuple(words(phrase)) for phrase in group]
        for phrase in phrases:
            found.setdefault(bare.key(phrase), {}).update(dict.fromkeys(phrases))
    wide = {key: tuple(phrases) for key, phrases in found.items()}
    for typed, others in also.items():
        key = bare.key(words(typed))
        for other in others:
            phrase = tuple(words(other))
            found.setdefault(key, {}).update(dict.fromkeys([phrase, *wide.get(bare.key(phrase), ())]))
    return {key: tuple(phrases) for key, phrases in found.items()}
