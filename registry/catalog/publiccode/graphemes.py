"""Length as a reader counts it: grapheme clusters (Unicode UAX 29, extended), as the reference parser does."""

from __future__ import annotations

import unicodedata

ZWJ = "\u200d"
EXTENDERS = frozenset({"Mn", "Me", "Mc"})
HANGUL_VOWEL_OR_FINAL = range(0x1160, 0x1200)
SKIN_TONES = range(0x1F3FB, 0x1F400)
REGIONAL = range(0x1F1E6, 0x1F200)


def count(text: str) -> int:
    """Clusters in ``text``. Rules GB3, GB6-9a, GB11 and GB12-13; a joined emoji, a flag, a syllable is one."""
    clusters, before, flag_open = 0, "", False
    for character in text:
        flag = ord(character) in REGIONAL
        joins = bool(before) and _extends(before, character)
        if flag and flag_open:
            joins, flag_open = True, False
        else:
            flag_open = flag
        clusters += not joins
        before = character
    return clusters


def _extends(before: str, character: str) -> bool:
    if before == "\r" and character == "\n":
        return True
    if before in "\r\n":
        return False
    code = ord(character)
    if unicodedata.category(character) in EXTENDERS or character in (ZWJ, "\u200c") or code in SKIN_TONES:
        return True
    if code in HANGUL_VOWEL_OR_FINAL:
        return _is_hangul(before)
    return before == ZWJ and unicodedata.category(character) == "So"


def _is_hangul(character: str) -> bool:
    return 0x1100 <= ord(character) <= 0x11FF or 0xAC00 <= ord(character) <= 0xD7A3
