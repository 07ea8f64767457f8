"""How a handover is numbered, named and signed. Pure: values in, a value or a refusal out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

PUBLISHER, PARTNER = "publisher", "partner"
DRAWN, SIGNED, REVOKED = "drawn", "signed", "revoked"
STATES = (DRAWN, SIGNED, REVOKED)

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Digits and letters that people do not take for each other on paper."""
CODE_LENGTH = 12
"""31 to the power of 12: at a thousand guesses a second some twenty-five thousand years for one of a million papers."""
CODE = re.compile(f"[{ALPHABET}]{{{CODE_LENGTH}}}")

MONTHS = "I II III IV V VI VII VIII IX X XI XII".split()


@dataclass(frozen=True)
class Paper:
    """A handover as its rules see it."""

    handed_on: date
    publisher_signed_on: date | None = None
    partner_signed_on: date | None = None
    revoked_on: date | None = None


def number(pattern: str, serial: int, day: date) -> str:
    """*BAST/001/LMB/XI/2026*: months are written in Roman numerals, as offices do."""
    return pattern.format(serial=f"{serial:03}", month=MONTHS[day.month - 1], year=day.year)


def read_code(text: str) -> str:
    """A code as somebody typed it from paper: in any case, with or without its dashes; "" when it is none."""
    plain = re.sub(r"[\s-]", "", text[:64]).lower()
    return plain if CODE.fullmatch(plain) else ""


def show_code(code: str) -> str:
    """In groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def state_of(paper: Paper) -> str:
    if paper.revoked_on:
        return REVOKED
    return SIGNED if paper.publisher_signed_on and paper.partner_signed_on else DRAWN


def sign_problem(paper: Paper, side: str, day: date, today: date) -> str | None:
    """Why ``side`` cannot sign with the date ``day``."""
    if paper.revoked_on:
        return "revoked"
    if (paper.publisher_signed_on if side == PUBLISHER else paper.partner_signed_on) is not None:
        return "signed-already"
    if day > today:
        return "in-future"
    return "before-handover" if day < paper.handed_on else None
