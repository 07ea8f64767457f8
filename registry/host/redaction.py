"""What a log must not keep of citizens: their NIK, telephone numbers and e-mail addresses. Pure.

Each is replaced by a word that says what stood there. Written for lines that tell such things by accident, also
percent-encoded in an address; a plugin that wants to write them down can always spell them otherwise. Every pattern
has bounded repeats and no two ways to match the same text, so a line takes time in proportion to its length.
"""

from __future__ import annotations

import re

NIK, TELEPHONE, MAIL = "[nik]", "[telepon]", "[surel]"

_GAP = r"(?:[ .+-]|%20)?"
_MAIL = re.compile(r"[A-Za-z0-9._+-]{1,64}+(?:@|%40)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}")
_SIXTEEN = re.compile(rf"(?<![0-9])[1-9](?:{_GAP}[0-9]){{15}}(?![0-9])")
_TELEPHONE = re.compile(
    rf"(?<![0-9])(?:(?:\+|%2[Bb]){_GAP}62{_GAP}[2-9]|(?:62|0){_GAP}8)(?:{_GAP}[0-9]){{7,11}}(?![0-9])"
)
_BIRTH = re.compile(r"(?:[04][1-9]|[1256][0-9]|[37][01])(?:0[1-9]|1[0-2])[0-9]{2}")
"""Day (women: plus 40), month and year, as the seventh to twelfth digit of a NIK or the number of a family card."""


def redacted(text: str) -> str:
    """The line without them. Letters and digits around stay as they are."""
    if "@" in text or "%40" in text:
        text = _MAIL.sub(MAIL, text)
    if sum(map(str.isdigit, text)) < 9:  # the shortest number looked for has nine
        return text
    return _TELEPHONE.sub(TELEPHONE, _SIXTEEN.sub(_nik, text))


def _nik(found: re.Match[str]) -> str:
    digits = re.sub(r"%20|[^0-9]", "", found.group())
    return NIK if _BIRTH.match(digits, 6) else found.group()
