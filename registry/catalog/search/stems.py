"""What is left of a word when its affixes are gone, in Indonesian and English, without a dictionary.

PostgreSQL's Indonesian stemmer takes "perizinan" and "izin" for two words and has no stop words, so the search has its
own rules. They need not find the true root: entries and questions go through the same rules, so it is enough that
the forms of one word meet. Where the spelling leaves two roots possible ("mengurus": urus or kurus) both are kept.
After Tala (2003), A Study of Stemming Effects on Information Retrieval in Bahasa Indonesia.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

SHORTEST = 3
"""Letters of a root: what would be left shorter is no affix."""

PARTICLE = re.compile(r"(?:nya|lah|kah|pun)$")
NASAL = re.compile(r"^(?:me|pe)(?:ng(?=[aiueokgh])|ny(?=[aiueo])|n(?=[aiueocdjtsz])|m(?=[aiueobpf])|(?=[lrwymn]))")
LOST = {"ng": ("", "k"), "ny": ("s",), "n": ("t", "n"), "m": ("p", "m"), "": ("",)}
"""Sounds a nasal swallows before a vowel: meN + pakai = memakai, but me + masak = memasak."""

PLAIN = re.compile(r"^(?:ber|bel|ter|per|pel|di|ke|se|pe)(?=[a-z]{3})")
BOTH = ("per", "pel")
"""May be pe- before a root on r or l (perawat, pelayan), or a prefix of their own (perizinan, pelajar)."""

VOWELS = "aiueo"
ENGLISH = ("ations", "ation", "ings", "ing", "ments", "ment", "ers", "ed", "es", "er", "s")


@lru_cache(maxsize=50_000)
def roots(word: str) -> tuple[str, ...]:
    """The roots a lower-case word may have, the likeliest first; a word of three letters or with digits is its own."""
    if len(word) <= SHORTEST or not word.isalpha() or not word.isascii():
        return (word,)
    found = dict.fromkeys(root for form in _without_suffix(PARTICLE.sub("", word)) for root in _without_prefix(form))
    kept = [root for root in found if len(root) >= SHORTEST] or [word]
    english = _english(word)
    return tuple(dict.fromkeys([*kept, *([english] if len(english) >= SHORTEST else [])]))


def _without_suffix(word: str) -> Iterator[str]:
    """Without -kan, -an or -i; -kan may also be -an after a root on k, -i ends many roots and goes with a prefix."""
    if word.endswith("kan") and len(word) > 6:
        yield word[:-3]
        if PLAIN.match(word) or NASAL.match(word):
            yield word[:-2]
    elif word.endswith("an") and len(word) > 4:
        yield word[:-2]
    elif word.endswith("i") and len(word) > 6 and (NASAL.match(word) or word.startswith("di")):
        yield word[:-1]
        yield word
    else:
        yield word


def _without_prefix(word: str, depth: int = 0) -> Iterator[str]:
    """Without up to two prefixes (ke-pen-duduk-an, di-per-baiki)."""
    nasal = NASAL.match(word)
    if nasal and len(word) - nasal.end() >= 2:
        sound, rest = nasal[0][2:], word[nasal.end() :]
        swallowed = LOST[sound] if rest[0] in VOWELS else ("",)
        yield from (root for lost in swallowed if len(root := lost + rest) >= SHORTEST)
        if sound or not word.startswith(BOTH):
            return
    plain = PLAIN.match(word)
    if plain and depth < 2 and len(word) - plain.end() > SHORTEST:
        yield from _without_prefix(word[plain.end() :], depth + 1)
    elif not nasal:
        yield word


def _english(word: str) -> str:
    """Without the common endings: queues, queueing and queued meet, so do permits and permit."""
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    for ending in ENGLISH:
        if word.endswith(ending) and len(word) - len(ending) > SHORTEST and not word.endswith("ss"):
            return word[: -len(ending)].rstrip("e") or word
    return word.rstrip("e") if len(word) > 4 else word
