"""Who may do what, and how an agreement goes from draft to its end. Pure: values in, a value or a refusal out."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from registry.tenants.provinces import PROVINCES

CITY_CODE = re.compile(r"[1-9]\d\.\d\d")
"""Kemendagri: province and kabupaten/kota, ``64.74``. BPS codes look alike without the dot and are never used."""

BPS_CODE = re.compile(r"[1-9]\d{3}")
COLOR = re.compile(r"#[0-9a-f]{6}")
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
MIN_CONTRAST = 4.5
"""Of white text on a city's colour: WCAG 2.2, 1.4.3."""

SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MAX_SLUG = 40
RESERVED_SLUGS = frozenset(
    "www api git apps admin console programme static join cities jobs sign-in sign-out enter mail registry "
    "facets verify".split()
)

MAINTAINER, ADMIN, AUDITOR = "maintainer", "admin", "auditor"
ADMINISTRATOR, OPERATOR = "administrator", "operator"

PERMISSIONS: dict[str, frozenset[str]] = {
    "city.see": frozenset({ADMIN, AUDITOR, MAINTAINER}),
    "city.edit": frozenset({ADMIN}),
    "people.manage": frozenset({ADMIN}),
    "agreement.see": frozenset({ADMIN, AUDITOR, MAINTAINER}),
    "agreement.act": frozenset({ADMIN}),
    "fork.create": frozenset({ADMIN}),
    "fork.push": frozenset({ADMIN}),
    "fork.manage": frozenset({ADMIN}),
    "plugin.see": frozenset({ADMIN, AUDITOR}),
    "plugin.manage": frozenset({ADMIN}),
    "audit.read": frozenset({ADMIN, AUDITOR}),
    "shortlist.see": frozenset({ADMIN, AUDITOR, ADMINISTRATOR, OPERATOR}),
    "shortlist.write": frozenset({ADMIN, ADMINISTRATOR, OPERATOR}),
    "shortlist.decide": frozenset({ADMIN}),
    "webhook.see": frozenset({ADMIN, AUDITOR, MAINTAINER}),
    "webhook.manage": frozenset({ADMIN, MAINTAINER}),
    "programme.see": frozenset({MAINTAINER}),
    "programme.manage": frozenset({MAINTAINER}),
    "app.publish": frozenset({MAINTAINER}),
}
"""The whole policy on one page: permission → roles held in the city it is about (the programme: the publisher)."""


def allows(permission: str, roles: Collection[str]) -> bool:
    return not PERMISSIONS[permission].isdisjoint(roles)


DRAFT, PROPOSED, SIGNED, ACTIVE = "draft", "proposed", "signed", "active"
EXPIRED, TERMINATED = "expired", "terminated"
MEMORANDUM, PKS = "memorandum", "pks"
PUBLISHER, PARTNER = "publisher", "partner"


@dataclass(frozen=True)
class Terms:
    """An agreement as its rules see it."""

    kind: str
    state: str
    starts_on: date | None
    ends_on: date | None
    publisher_signed_on: date | None
    partner_signed_on: date | None


def state_on(terms: Terms, day: date) -> str:
    """What a stored agreement is worth on ``day``: two signatures make it signed, its dates active or expired."""
    if terms.state in (DRAFT, TERMINATED, EXPIRED):
        return terms.state
    if not (terms.publisher_signed_on and terms.partner_signed_on):
        return PROPOSED
    if terms.ends_on and day > terms.ends_on:
        return EXPIRED
    return ACTIVE if terms.starts_on and day >= terms.starts_on else SIGNED


def dates_problem(starts_on: date | None, ends_on: date | None) -> str | None:
    """Why a term is refused (a stable code). A PKS is for a fixed term: at most ten years here."""
    if starts_on is None or ends_on is None:
        return "missing"
    if ends_on <= starts_on:
        return "backwards"
    return "too-long" if (ends_on - starts_on).days > 3653 else None


def slug_problem(slug: str) -> str | None:
    """Why a city's name in addresses is refused: it becomes a host label, so only what a label may hold."""
    if not SLUG.fullmatch(slug) or len(slug) > MAX_SLUG:
        return "not-a-label"
    return "reserved" if slug in RESERVED_SLUGS else None


def code_problem(code: str) -> str | None:
    """Why a city's code is refused. Four digits without a dot are BPS's numbering, which differs in many places."""
    if BPS_CODE.fullmatch(code):
        return "bps"
    if not CITY_CODE.fullmatch(code):
        return "format"
    return None if code[:2] in PROVINCES else "no-province"


def color_problem(color: str) -> str | None:
    """Why a city's colour is refused: the portal writes white on it."""
    if not COLOR.fullmatch(color):
        return "format"
    return "too-light" if 1.05 / (luminance(color) + 0.05) < MIN_CONTRAST else None


def luminance(color: str) -> float:
    """Relative luminance of ``#rrggbb`` after WCAG 2.2, 0 to 1."""
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def propose_problem(terms: Terms, number: str) -> str | None:
    """Why a draft cannot be proposed."""
    if terms.state != DRAFT:
        return "not-draft"
    return "no-number" if not number.strip() else dates_problem(terms.starts_on, terms.ends_on)


def sign_problem(terms: Terms, side: str, day: date, today: date, memorandum_state: str | None) -> str | None:
    """Why ``side`` cannot sign with the date ``day``. A PKS is signed under a memorandum in force."""
    if state_on(terms, today) != PROPOSED:
        return "not-proposed"
    if (terms.publisher_signed_on if side == PUBLISHER else terms.partner_signed_on) is not None:
        return "signed-already"
    if terms.kind == PKS and memorandum_state != ACTIVE:
        return "memorandum-first"
    if day > today:
        return "in-future"
    return "after-end" if terms.ends_on and day > terms.ends_on else None


def next_step(city_state: str, memorandum: Terms | None, pks: Terms | None, today: date) -> str:
    """What has to happen before a city may fork and deploy, as a stable code; ``adopt`` when nothing is missing."""
    if city_state != "admitted":
        return "wait-admission" if city_state == "applied" else "declined"
    for kind, terms in ((MEMORANDUM, memorandum), (PKS, pks)):
        state = state_on(terms, today) if terms else EXPIRED
        if state == ACTIVE:
            continue
        if terms is None or state in (EXPIRED, TERMINATED):
            return f"start-{kind}"
        if state == PROPOSED:
            return f"{PUBLISHER if terms.partner_signed_on else PARTNER}-signs-{kind}"
        return f"{'propose' if state == DRAFT else 'wait'}-{kind}"
    return "adopt"


def may_leave(role: str, admins: int) -> bool:
    """A city keeps at least one admin."""
    return role != ADMIN or admins > 1
