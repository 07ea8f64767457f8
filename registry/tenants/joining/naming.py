"""Names and codes of kabupaten and kota as people write them. Pure: text in, text out."""

from __future__ import annotations

import re
import unicodedata

KOTA, KABUPATEN = "kota", "kabupaten"
FIRST_KOTA = 71
"""From this number on the second half of a code means a kota."""

CODE_IN = re.compile(r"(?<![\d.])([1-9]\d\.\d\d)(?![\d.])", re.ASCII)
_PREFIX = re.compile(r"^(kota|kabupaten|kab)\b\.?\s*", re.IGNORECASE)
_ADMINISTRATIVE = re.compile(r"^(administrasi|adm)\b\.?\s*", re.IGNORECASE)
_SHORT = {"kep": "kepulauan"}
_SMALL = {"dan", "di"}


def code_in(text: str) -> str:
    """The Kemendagri code in what somebody typed (``64.74``, ``Kota Bontang (64.74)``), or ""."""
    found = CODE_IN.search(text)
    return found[1] if found else ""


def kind_said(text: str) -> str:
    """Whether the text says itself that it is a kota or a kabupaten, or ""."""
    found = _PREFIX.match(text.strip())
    return "" if found is None else KOTA if found[1].lower() == KOTA else KABUPATEN


def kind_of(code: str, name: str) -> str:
    """By what the name says, else by the number."""
    return kind_said(name) or (KOTA if int(code[3:]) >= FIRST_KOTA else KABUPATEN)


def plain(text: str) -> str:
    """As names are compared: small letters, no accents or dots, without kota, kabupaten and administrasi."""
    bare = _ADMINISTRATIVE.sub("", _PREFIX.sub("", text.strip()))
    letters = unicodedata.normalize("NFKD", bare.casefold())
    words = re.findall(r"[a-z0-9]+", "".join(letter for letter in letters if not unicodedata.combining(letter)))
    return " ".join(_SHORT.get(word, word) for word in words)


def full_name(name: str, code: str) -> str:
    """``KAB. ACEH SELATAN`` and ``Aceh Selatan`` become ``Kabupaten Aceh Selatan``; other writing is left alone."""
    said, tidy = kind_of(code, name), " ".join(name.split())
    bare = _PREFIX.sub("", tidy)
    administrative = _ADMINISTRATIVE.match(bare) is not None
    bare = _ADMINISTRATIVE.sub("", bare)
    bare = _capitals(bare) if bare.isupper() else bare
    first = re.sub(r"^Kep\.?\s", "Kepulauan ", bare)
    return " ".join([said.capitalize(), *(["Administrasi"] if administrative else []), first])


def slug_of(name: str, code: str = "") -> str:
    """A name in addresses: a kota's own name, a kabupaten's with ``kab`` only where ``code`` is given."""
    words = plain(name).split()
    slug = "-".join((["kab"] if code and kind_of(code, name) == KABUPATEN else []) + words)
    return slug[:40].strip("-")


def zone_of(code: str) -> str:
    """The usual time zone of a province; a city corrects it where it lives by another."""
    province = int(code[:2])
    if province >= 81:
        return "Asia/Jayapura"
    return "Asia/Makassar" if 51 <= province <= 53 or 63 <= province <= 76 else "Asia/Jakarta"


def _capitals(text: str) -> str:
    return " ".join(word.lower() if word.lower() in _SMALL else word.capitalize() for word in text.split())
