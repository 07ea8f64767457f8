"""The acts from a draft to both signatures, each by one side, in the history and audited.

Everything here needs the session in that city's scope or the programme's, and is called inside a unit of work with an
agreement that `history.locked` holds (a new one needs no lock).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask_babel import gettext as _

from registry.core import clock
from registry.core.db import db
from registry.core.errors import ConflictError
from registry.tenants.agreements import contents, history, reading, rules, seams, settings, telling
from registry.tenants.agreements.contents import Draft, Party
from registry.tenants.agreements.models import Agreement, AgreementReminder
from registry.tenants.agreements.reading import (
    active_pks,
    agreement,
    agreements_of,
    effective_state,
    next_step,
    require_active_pks,
    require_variants,
    standing,
    terms_of,
)
from registry.tenants.agreements.refusals import problem_text, refuse
from registry.tenants.models import City
from registry.tenants.service import reason_of

__all__ = ["Draft", "active_pks", "agreement", "agreements_of", "effective_state", "next_step", "require_active_pks",
           "require_variants", "standing", "terms_of"]  # fmt: skip


def draft_agreement(city: City, kind: str, draft: Draft, side: str = "") -> Agreement:
    """A new draft, by either side; who is not named in it is filled in as usual.

    Raises InvalidError, and ConflictError while another of this kind is still being agreed.
    """
    refuse_second(city, kind, "")
    return add(city, kind, with_parties(city, kind, draft), "draft", side)


def with_parties(city: City, kind: str, draft: Draft) -> Draft:
    """The draft with who usually signs, where it names nobody."""
    publisher = draft.publisher if draft.publisher.office else settings.publisher_party(kind)
    partner = draft.partner if draft.partner.office else contents.head_of(kind, city.name, city.contact_office)
    place = draft.place or settings.programme().place
    return replace(draft, publisher=publisher, partner=partner, place=place)


def add(
    city: City, kind: str, draft: Draft, act: str, side: str = "", parent: Agreement | None = None, relation: str = ""
) -> Agreement:
    """The row of a new draft, checked, with the first line of its history."""
    if city.state != "admitted":
        raise ConflictError(_("%(city)s is not admitted to the programme yet.", city=city.name))
    refuse(*contents.problems(draft, seams.apps()))
    found = Agreement(
        tenant_id=city.id, kind=kind, relation=relation, parent_id=parent.id if parent else None, version=0,
        state=rules.DRAFT, **draft.columns,
    )  # fmt: skip
    db.session.add(found)
    db.session.flush()
    history.note(city, found, act, side)
    return found


def edit(city: City, found: Agreement, draft: Draft, side: str = "") -> None:
    """Change what a draft says. Raises InvalidError with every field, ConflictError when it is a draft no longer."""
    if found.state != rules.DRAFT:
        raise ConflictError(problem_text("not-draft"))
    refuse(*contents.problems(draft, seams.apps()))
    for name, value in draft.columns.items():
        setattr(found, name, value)
    history.note(city, found, "edit", side)


def propose(city: City, found: Agreement, draft: Draft | None = None, side: str = "") -> None:
    """Put a draft before both sides, with its last changes. Raises InvalidError when number or term are missing."""
    if draft and found.state == rules.DRAFT:
        refuse(*contents.problems(draft, seams.apps()))
        for name, value in draft.columns.items():
            setattr(found, name, value)
    problem = rules.propose_problem(terms_of(found), found.number)
    field = {"no-number": "number", "backwards": "ends_on", "too-long": "ends_on"}.get(problem or "", "starts_on")
    refuse((field, problem))
    if found.relation == rules.AMENDMENT and found.parent_id and found.starts_on:
        parent = reading.agreement(city.id, found.parent_id)
        refuse(("starts_on", rules.within_problem(found.starts_on, terms_of(parent))))
    found.state = rules.PROPOSED
    history.note(city, found, "propose", side)
    telling.proposed(city, found)


def withdraw(city: City, found: Agreement, why: str, side: str = "") -> None:
    """Take a proposal back to the draft; a signature noted meanwhile no longer counts. Raises ConflictError."""
    if effective_state(found) != rules.PROPOSED:
        raise ConflictError(_("Only what is proposed and not yet signed by both sides can be taken back."))
    reason = reason_of(why)
    found.state = rules.DRAFT
    found.publisher_signed_on = found.partner_signed_on = None
    found.publisher_signatory = found.partner_signatory = ""
    history.note(city, found, "withdraw", side, reason)
    telling.withdrawn(city, found, reason)


def sign(
    city: City, found: Agreement, side: str, signatory: str, day: date | None = None, number: str = "",
    mandate: str = "",
) -> None:  # fmt: skip
    """Note one side's signature by the office ``signatory``; ``number`` is that side's own, where it is not known yet.

    Raises InvalidError, or ConflictError out of turn.
    """
    day, office = day or clock.today(), signatory.strip()
    party = Party.from_json(found.parties.get(side))
    mandate = mandate.strip() or party.mandate
    problem = rules.sign_problem(terms_of(found), side, day, clock.today(), _base_state(city, found))
    signers = settings.programme().signers(found.kind)
    long = ("number", None if len(number) <= contents.MAX_LINE and number.isprintable() else "long-line")
    refuse(("signed_on", problem), ("signatory", rules.signer_problem(office, signers, mandate)), long)
    party = replace(party, office=office, mandate=mandate[: contents.MAX_LINE])
    found.parties = {**found.parties, side: party.to_json()}
    if side == rules.PUBLISHER:
        found.publisher_signed_on, found.publisher_signatory = day, office
        found.number = number.strip() or found.number
    else:
        found.partner_signed_on, found.partner_signatory = day, office
        found.partner_number = number.strip() or found.partner_number
    both = bool(found.publisher_signed_on and found.partner_signed_on)
    found.state = rules.SIGNED if both else found.state
    history.note(city, found, "sign", side, signatory=office)
    telling.signed(city, found, side)
    if both and effective_state(found) == rules.ACTIVE:
        begin(city, found)


def begin(city: City, found: Agreement) -> None:
    """It is in force from today on: written down and told once."""
    if found.ends_on is not None:
        db.session.add(
            AgreementReminder(tenant_id=city.id, agreement_id=found.id, ends_on=found.ends_on, step=rules.BEGUN)
        )
    history.note(city, found, "begin")
    telling.begun(city, found)


def _base_state(city: City, found: Agreement) -> str | None:
    """What the agreement below this one is worth: what an addendum changes, or the memorandum under a PKS."""
    if found.relation == rules.AMENDMENT and found.parent_id:
        state = effective_state(reading.agreement(city.id, found.parent_id))
        if state not in (rules.ACTIVE, rules.SIGNED):
            raise ConflictError(_("What this addendum changes is not in force any more."))
        return rules.ACTIVE
    memorandum = standing(city.id, rules.MEMORANDUM)
    return effective_state(memorandum) if memorandum else None


def refuse_second(city: City, kind: str, relation: str) -> None:
    """One of a kind is agreed at a time."""
    held = [one for one in reading.papers_of(city.id) if one.kind == kind]
    same = [one for one in held if (one.relation == rules.AMENDMENT) == (relation == rules.AMENDMENT)]
    if any(effective_state(one) in rules.OPEN for one in same):
        raise ConflictError(_("There is already one being agreed: finish or end that one first."))
