"""What a city's code may be, what each step of the form needs, and who may do what when with an application. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, timedelta

from registry.tenants.provinces import PROVINCES

CITY_CODE = re.compile(r"[1-9]\d\.\d\d", re.ASCII)
"""Kemendagri: province and kabupaten/kota, ``64.74``. BPS codes look alike without the dot and are never used."""

BPS_CODE = re.compile(r"[1-9]\d{3}", re.ASCII)
PHONE = re.compile(r"(\+62|0)[\d ()-]{6,18}", re.ASCII)
PLAIN_MAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
OFFICIAL = re.compile(r"[^@\s]+@([a-z0-9-]+\.)+go\.id", re.IGNORECASE)
"""Addresses below go.id are given to government bodies only."""

STEPS: Mapping[int, tuple[str, ...]] = {
    1: ("region", "code", "name", "slug", "timezone"),
    2: ("contact_office", "head", "mail", "phone"),
    3: ("contact_name", "email", "proof", "proof_mail"),
    4: (),
}
LAST = 4
PROOFS = ("mail", "letter", "other")
WAITING, ASKED, ADMITTED, DECLINED = "waiting", "asked", "admitted", "declined"
ACTS: Mapping[str, frozenset[str]] = {
    "ask": frozenset({WAITING, ASKED}),
    "answer": frozenset({WAITING, ASKED}),
    "correct": frozenset({WAITING, ASKED, DECLINED}),
    "prove": frozenset({WAITING, ASKED, DECLINED}),
    "check": frozenset({WAITING, ASKED, DECLINED}),
    "admit": frozenset({WAITING, ASKED, DECLINED}),
    "decline": frozenset({WAITING, ASKED}),
    "reapply": frozenset({DECLINED}),
}
"""In which states of an application each act may be done."""

OLDEST_LETTER = timedelta(days=5 * 366)
PATIENCE = 7
"""Days after which an application that waits for the maintainers is late."""


def code_problem(code: str) -> str | None:
    """Why a city's code is refused. Four digits without a dot are BPS's numbering, which differs in many places."""
    if BPS_CODE.fullmatch(code):
        return "bps"
    if not CITY_CODE.fullmatch(code):
        return "format"
    return None if code[:2] in PROVINCES else "no-province"


def is_official(address: str) -> bool:
    return OFFICIAL.fullmatch(address.strip()) is not None


def contact_problems(said: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is wrong with the contact of the office: (field, problem)."""
    checks = (
        ("contact_office", 3 <= len(said.get("contact_office", "")) <= 120, "office"),
        ("head", len(said.get("head", "")) <= 120, "too-many-letters"),
        ("mail", is_mail(said.get("mail", "")), "mail"),
        ("phone", PHONE.fullmatch(said.get("phone", "")) is not None, "phone"),
    )
    return [(field, problem) for field, fine, problem in checks if not fine]


def person_problems(said: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is wrong with the person who applies and the proof of office."""
    proof, mail = said.get("proof", ""), said.get("proof_mail", "") or said.get("mail", "")
    checks = (
        ("contact_name", 3 <= len(said.get("contact_name", "")) <= 120, "position"),
        ("email", is_mail(said.get("email", "")), "mail"),
        ("proof", proof in PROOFS, "proof"),
        ("proof_mail", proof != "mail" or is_official(mail), "not-official"),
    )
    return [(field, problem) for field, fine, problem in checks if not fine]


def is_mail(address: str) -> bool:
    return len(address) <= 200 and address.isprintable() and PLAIN_MAIL.fullmatch(address) is not None


def letter_problem(day: date | None, today: date) -> str | None:
    """Why the date of a letter of assignment is refused."""
    if day is None:
        return None
    if day > today:
        return "letter-in-future"
    return "letter-too-old" if today - day > OLDEST_LETTER else None


def may(act: str, state: str) -> bool:
    return state in ACTS[act]


def missing(filled: Collection[str], proven: bool) -> list[str]:
    """What an application still lacks, of what the maintainers look for."""
    wanted = ("contact_office", "head", "mail", "phone", "contact_name")
    return [*(name for name in wanted if name not in filled), *([] if proven else ["proof"])]


def is_late(state: str, since: date, today: date) -> bool:
    return state == WAITING and (today - since).days > PATIENCE
