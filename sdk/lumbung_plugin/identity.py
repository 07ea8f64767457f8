"""Telephone numbers, national identity numbers (NIK) and names: read, checked, and masked for lists."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import ValidationError

from lumbung_plugin.clock import today

LONGEST = 40
NIK_DIGITS = 16
# The day of birth of a woman is written with 40 added.
WOMAN = 40
SHOWN_DIGITS = 3
SHOWN_WORDS = 3
_BETWEEN = re.compile(r"[ .()\-/]")
# After +62: a mobile number (8 and eight to eleven digits more) or an area code with its number. No part starts with 0.
_MOBILE = re.compile(r"8[1-9][0-9]{7,10}")
_FIXED = re.compile(r"(?:2[1-9]|[3-7][1-9]|9[0-9])[0-9]{6,9}")
_REGION = re.compile(r"[1-9][0-9](?!00)[0-9]{2}(?!00)[0-9]{2}")


def phone(text: str | None) -> str | None:
    """An Indonesian telephone number as `+62…`, however it is typed; `None` when it cannot be one."""
    number = _BETWEEN.sub("", (text or "")[: LONGEST + 1].strip())
    if len(number) > LONGEST or not re.fullmatch(r"\+?[0-9]+", number):
        return None
    if number.startswith("+") and not number.startswith("+62"):
        return None
    rest = re.sub(r"^(\+?62)?0?", "", number, count=1)
    return f"+62{rest}" if _MOBILE.fullmatch(rest) or _FIXED.fullmatch(rest) else None


def nik(text: str | None) -> str | None:
    """The 16 digits of a NIK, spaces, dots and dashes taken out; `None` when it cannot be one.

    PP 37/2007, article 37: six digits of the region (province, kabupaten/kota, kecamatan), six of the day of birth
    (DDMMYY, a woman's day plus 40), four of a running number. That a NIK is well formed does not say it was issued.
    """
    digits = re.sub(r"[ .\-]", "", (text or "")[: LONGEST + 1])
    if not re.fullmatch(r"[0-9]{16}", digits) or not _REGION.match(digits) or digits.endswith("0000"):
        return None
    return digits if _born(digits[6:12]) else None


def masked(text: str | None) -> str:
    """A name or a number as lists show it: enough to recognise, too little to use. Nothing is an empty text."""
    digits = sum(character.isdigit() for character in text or "")
    return masked_phone(text) if digits > SHOWN_DIGITS + 1 else masked_name(text)


def masked_phone(text: str | None) -> str:
    """The last three digits of a number; of one too short to hide anything, none."""
    if not text:
        return ""
    return f"••••{text[-SHOWN_DIGITS:]}" if len(text) > 2 * SHOWN_DIGITS else "••••"


def masked_nik(text: str | None) -> str:
    """The last four digits: neither where nor when somebody was born."""
    if not text:
        return ""
    return f"••••{text[-4:]}" if len(text) >= NIK_DIGITS else "••••"


def masked_name(text: str | None) -> str:
    """The first letters of at most three words, without brackets and the like before them."""
    letters = (re.search(r"\w", word) for word in (text or "").split()[:SHOWN_WORDS])
    return " ".join(f"{found[0]}•••" for found in letters if found)


class _Normalised:
    """A WTForms validator that leaves what `read` makes of a field in it. An empty field passes: say InputRequired."""

    read: Callable[[str | None], str | None]

    def __init__(self, message: str | None = None) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data or not field.data.strip():
            return
        found = type(self).read(field.data)
        if found is None:
            raise ValidationError(self.message or self.words())
        field.data = found

    def words(self) -> str:
        raise NotImplementedError


class Phone(_Normalised):
    """A field that is a telephone number; `field.data` becomes `+62…`."""

    read = staticmethod(phone)

    def words(self) -> str:
        return _("Write a telephone number like 0812 3456 7890.")


class Nik(_Normalised):
    """A field that is a NIK; `field.data` becomes its 16 digits."""

    read = staticmethod(nik)

    def words(self) -> str:
        return _("A NIK has 16 digits: region, day of birth, running number. Copy it from the identity card.")


def _born(six: str) -> date | None:
    """The day of birth, in whichever century it is a day of the calendar and not ahead of us."""
    day, month, year = int(six[:2]), int(six[2:4]), int(six[4:])
    for century in (2000, 1900):
        with suppress(ValueError):
            found = date(century + year, month, day - WOMAN if day > WOMAN else day)
            if found <= today():
                return found
    return None
