"""A city's agreements: what every room asks, and the acts from a draft to the end of a PKS, each audited.

Everything here needs the session in that city's scope or the programme's.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from registry.core import audit, clock
from registry.core.db import db
from registry.core.errors import AgreementNeededError, ConflictError, NotFoundError
from registry.tenants.agreements import rules
from registry.tenants.agreements.models import Agreement
from registry.tenants.models import City
from registry.tenants.service import reason_of, refuse
from registry.tenants.words import problem_text


@dataclass(frozen=True)
class Draft:
    """What an agreement says before anybody signs."""

    number: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    allows_variants: bool = True


def terms_of(agreement: Agreement) -> rules.Terms:
    return rules.Terms(
        kind=agreement.kind,
        state=agreement.state,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        publisher_signed_on=agreement.publisher_signed_on,
        partner_signed_on=agreement.partner_signed_on,
    )


def effective_state(agreement: Agreement) -> str:
    """What the agreement is worth today (`rules.state_on`)."""
    return rules.state_on(terms_of(agreement), clock.today())


def agreements_of(city_id: int, kind: str | None = None) -> list[Agreement]:
    """A city's agreements, newest first."""
    wanted = select(Agreement).where(Agreement.tenant_id == city_id).order_by(Agreement.id.desc())
    if kind:
        wanted = wanted.where(Agreement.kind == kind)
    return list(db.session.scalars(wanted))


def agreement(city_id: int, agreement_id: int) -> Agreement:
    """One agreement of this city. Raises NotFoundError."""
    found = db.session.scalar(select(Agreement).where(Agreement.tenant_id == city_id, Agreement.id == agreement_id))
    if found is None:
        raise NotFoundError(_("There is no such agreement."))
    return found


def standing(city_id: int, kind: str) -> Agreement | None:
    """The agreement of this kind that counts today: the one in force, else the newest."""
    found = agreements_of(city_id, kind)
    return next((one for one in found if effective_state(one) == rules.ACTIVE), found[0] if found else None)


def next_step(city: City) -> str:
    """What is missing before the city may fork and deploy (`rules.next_step`)."""
    memorandum, pks = standing(city.id, rules.MEMORANDUM), standing(city.id, rules.PKS)
    terms = [terms_of(found) if found else None for found in (memorandum, pks)]
    return "adopt" if city.publisher else rules.next_step(city.state, terms[0], terms[1], clock.today())


def active_pks(city_id: int) -> Agreement | None:
    """The PKS in force today, or None."""
    found = standing(city_id, rules.PKS)
    return found if found and effective_state(found) == rules.ACTIVE else None


def require_active_pks(city: City) -> Agreement | None:
    """The PKS that lets this city fork and deploy; the publisher needs none (None). Raises AgreementNeededError."""
    if city.publisher:
        return None
    found = active_pks(city.id)
    if found is None:
        raise AgreementNeededError(
            _("%(city)s has no active PKS yet. Forks and plugins open when both sides have signed it.", city=city.name)
        )
    return found


def draft_agreement(city: City, kind: str, draft: Draft) -> Agreement:
    """A new draft, by either side. Raises ConflictError while another of this kind is still being agreed."""
    if city.state != "admitted":
        raise ConflictError(_("%(city)s is not admitted to the programme yet.", city=city.name))
    if any(effective_state(found) in (rules.DRAFT, rules.PROPOSED) for found in agreements_of(city.id, kind)):
        raise ConflictError(_("There is already one being agreed: finish or end that one first."))
    found = Agreement(tenant_id=city.id, kind=kind, **asdict(draft))
    db.session.add(found)
    db.session.flush()
    audit.record("agreement.draft", _subject(city, found), tenant_id=city.id)
    return found


def propose(city: City, found: Agreement, draft: Draft | None = None) -> None:
    """Put a draft before both sides, with its last changes. Raises InvalidError when number or term are missing."""
    if draft and found.state == rules.DRAFT:
        for name, value in asdict(draft).items():
            setattr(found, name, value)
    problem = rules.propose_problem(terms_of(found), found.number)
    field = {"no-number": "number", "backwards": "ends_on", "too-long": "ends_on"}.get(problem or "", "starts_on")
    refuse((field, problem))
    found.state = rules.PROPOSED
    audit.record("agreement.propose", _subject(city, found), tenant_id=city.id)


def sign(city: City, found: Agreement, side: str, signatory: str, day: date | None = None) -> None:
    """Note one side's signature by the office ``signatory``. Raises InvalidError, or ConflictError out of turn."""
    day = day or clock.today()
    memorandum = standing(city.id, rules.MEMORANDUM)
    state = effective_state(memorandum) if memorandum else None
    problem = rules.sign_problem(terms_of(found), side, day, clock.today(), state)
    if problem in ("not-proposed", "signed-already", "memorandum-first"):
        raise ConflictError(problem_text(problem))
    refuse(("signed_on", problem), ("signatory", None if 3 <= len(signatory.strip()) <= 120 else "signatory"))
    if side == rules.PUBLISHER:
        found.publisher_signed_on, found.publisher_signatory = day, signatory.strip()
    else:
        found.partner_signed_on, found.partner_signatory = day, signatory.strip()
    if found.publisher_signed_on and found.partner_signed_on:
        found.state = rules.SIGNED
    audit.record("agreement.sign", _subject(city, found), tenant_id=city.id, side=side, signatory=signatory.strip())


def terminate(city: City, found: Agreement, reason: str) -> None:
    """End an agreement before its time. What runs goes on running; nothing new may be forked or deployed."""
    if effective_state(found) in (rules.EXPIRED, rules.TERMINATED):
        raise ConflictError(_("This agreement has ended already."))
    found.state, found.reason = rules.TERMINATED, reason_of(reason)
    audit.record("agreement.terminate", _subject(city, found), tenant_id=city.id, reason=found.reason)


def _subject(city: City, found: Agreement) -> str:
    return f"{found.kind} {found.number or found.id} · {city.name}"
