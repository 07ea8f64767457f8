"""Who may do what, and how an agreement goes from draft to its end. Pure: values in, a value or a refusal out."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

CITY_CODE = re.compile(r"[1-9]\d\.\d\d")
"""Kemendagri: province and kabupaten/kota, ``64.74``. BPS codes look alike without the dot and are never used."""

SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MAX_SLUG = 40
RESERVED_SLUGS = frozenset(
    "www api git apps admin console programme static join cities jobs sign-in sign-out enter mail registry".split()
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
    "plugin.see": frozenset({ADMIN, AUDITOR}),
    "plugin.manage": frozenset({ADMIN}),
    "audit.read": frozenset({ADMIN, AUDITOR}),
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


def next_states(state: str) -> tuple[str, ...]:
    return {
        DRAFT: (PROPOSED, TERMINATED),
        PROPOSED: (DRAFT, SIGNED, TERMINATED),
        SIGNED: (ACTIVE, TERMINATED),
        ACTIVE: (EXPIRED, TERMINATED),
        EXPIRED: (),
        TERMINATED: (),
    }[state]


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
