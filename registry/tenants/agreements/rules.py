"""How an agreement goes from draft to its end. Pure: values in, a value or a refusal out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from registry.tenants.agreements.contents import MEMORANDUM, PARTNER, PKS, PUBLISHER

__all__ = ["MEMORANDUM", "PARTNER", "PKS", "PUBLISHER"]

DRAFT, PROPOSED, SIGNED, ACTIVE = "draft", "proposed", "signed", "active"
EXPIRED, TERMINATED = "expired", "terminated"
OPEN = frozenset({DRAFT, PROPOSED})
ENDED = frozenset({EXPIRED, TERMINATED})
RENEWAL, AMENDMENT = "renewal", "amendment"
BEGUN, OVER = "begun", "over"
"""Steps both sides are told of besides the days before the end."""

TOLD_AFTERWARDS = 30
"""Days: an agreement that ended longer ago is no news."""

MAX_DAYS = 3653
"""A PKS is for a fixed term: at most ten years here."""


@dataclass(frozen=True)
class Terms:
    """An agreement as its rules see it."""

    kind: str
    state: str
    starts_on: date | None
    ends_on: date | None
    publisher_signed_on: date | None
    partner_signed_on: date | None
    terminates_on: date | None = None


def state_on(terms: Terms, day: date) -> str:
    """What a stored agreement is worth on ``day``: two signatures make it signed, its dates active or expired.

    One that was ended counts until the day before it ends.
    """
    if terms.state in (DRAFT, EXPIRED):
        return terms.state
    if terms.state == TERMINATED and (terms.terminates_on is None or day >= terms.terminates_on):
        return TERMINATED
    if not (terms.publisher_signed_on and terms.partner_signed_on):
        return TERMINATED if terms.state == TERMINATED else PROPOSED
    if terms.ends_on and day > terms.ends_on:
        return EXPIRED
    return ACTIVE if terms.starts_on and day >= terms.starts_on else SIGNED


def dates_problem(starts_on: date | None, ends_on: date | None) -> str | None:
    """Why a term is refused (a stable code)."""
    if starts_on is None or ends_on is None:
        return "missing"
    if ends_on <= starts_on:
        return "backwards"
    return "too-long" if (ends_on - starts_on).days > MAX_DAYS else None


def propose_problem(terms: Terms, number: str) -> str | None:
    """Why a draft cannot be proposed."""
    if terms.state != DRAFT:
        return "not-draft"
    return "no-number" if not number.strip() else dates_problem(terms.starts_on, terms.ends_on)


def within_problem(starts_on: date, parent: Terms) -> str | None:
    """Why an addendum cannot hold from this day: it changes what is agreed, for a part of that term."""
    if parent.starts_on is None or parent.ends_on is None or not parent.starts_on <= starts_on <= parent.ends_on:
        return "outside"
    return None


def sign_problem(terms: Terms, side: str, day: date, today: date, base_state: str | None) -> str | None:
    """Why ``side`` cannot sign with the date ``day``.

    A PKS is signed under a memorandum in force (``base_state``), an addendum while what it changes still holds.
    """
    if state_on(terms, today) != PROPOSED:
        return "not-proposed"
    if (terms.publisher_signed_on if side == PUBLISHER else terms.partner_signed_on) is not None:
        return "signed-already"
    if terms.kind == PKS and base_state != ACTIVE:
        return "memorandum-first"
    if day > today:
        return "in-future"
    return "after-end" if terms.ends_on and day > terms.ends_on else None


def signer_problem(office: str, signers: Sequence[str], mandate: str) -> str | None:
    """Whether this office may sign: one that begins as the programme says, or one with a power of attorney."""
    if not 3 <= len(office.strip()) <= 120 or not office.strip().isprintable():
        return "signatory"
    known = any(office.strip().casefold().startswith(one.casefold()) for one in signers)
    return None if not signers or known or mandate.strip() else "signer"


def end_problem(state: str, day: date, today: date, ends_on: date | None) -> str | None:
    """Why an agreement cannot be ended on ``day``, the first on which it holds no more."""
    if state in ENDED:
        return "ended"
    if day < today:
        return "in-past"
    return "after-end" if ends_on and day > ends_on else None


def next_term(starts_on: date | None, ends_on: date | None, state: str, today: date) -> tuple[date, date]:
    """When a renewal would hold: right after what it renews, or from today where that has ended; as long as before."""
    begin = ends_on + timedelta(1) if ends_on and state not in ENDED and ends_on >= today else today
    length = ends_on - starts_on if starts_on and ends_on else timedelta(3 * 365)
    return begin, begin + length


def due_step(ends_on: date, today: date, days: Sequence[int], told: Collection[str]) -> tuple[str | None, list[str]]:
    """What both sides are to be told today, and every step that is settled by that.

    A worker that was off for a while tells the nearest step only, and the others count as told.
    """
    left = (ends_on - today).days
    if left < 0:
        new = OVER not in told and -left <= TOLD_AFTERWARDS
        return (OVER if new else None), [OVER, *(str(one) for one in days)]
    due = sorted(one for one in days if left <= one)
    settled = [str(one) for one in due]
    return (settled[0] if due and settled[0] not in told else None), settled


def next_step(city_state: str, memorandum: Terms | None, pks: Terms | None, today: date) -> str:
    """What has to happen before a city may fork and deploy, as a stable code; ``adopt`` when nothing is missing."""
    if city_state != "admitted":
        return "wait-admission" if city_state == "applied" else "declined"
    for kind, terms in ((MEMORANDUM, memorandum), (PKS, pks)):
        state = state_on(terms, today) if terms else EXPIRED
        if state == ACTIVE:
            continue
        if terms is None or state in ENDED:
            return f"start-{kind}"
        if state == PROPOSED:
            return f"{PUBLISHER if terms.partner_signed_on else PARTNER}-signs-{kind}"
        return f"{'propose' if state == DRAFT else 'wait'}-{kind}"
    return "adopt"
