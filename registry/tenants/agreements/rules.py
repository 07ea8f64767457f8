"""How an agreement goes from draft to its end. Pure: values in, a value or a refusal out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
