"""What becomes of an agreement once it is signed: renewed, changed by an addendum, ended early.

As in `service`: inside a unit of work, with the agreement locked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask_babel import gettext as _

from registry.core import clock
from registry.core.errors import ConflictError
from registry.tenants.agreements import history, reading, rules, seams, service, telling
from registry.tenants.agreements.contents import Draft
from registry.tenants.agreements.models import Agreement
from registry.tenants.agreements.reading import effective_state, terms_of
from registry.tenants.agreements.refusals import refuse
from registry.tenants.agreements.seams import Effect
from registry.tenants.models import City
from registry.tenants.service import reason_of


def renew(city: City, found: Agreement, side: str = "") -> Agreement:
    """A new draft that says what this one says now, for as long again, right after it.

    Where both terms overlap in the end, the newer one counts. Raises ConflictError for what was never signed, or while
    another of its kind is being agreed.
    """
    state = effective_state(found)
    if state in rules.OPEN or found.relation == rules.AMENDMENT:
        raise ConflictError(_("Only an agreement that was signed can be renewed."))
    service.refuse_second(city, found.kind, "")
    starts_on, ends_on = rules.next_term(found.starts_on, found.ends_on, state, clock.today())
    draft = service.with_parties(city, found.kind, _as_agreed(found))
    fresh = replace(draft, number="", partner_number="", dated_on=None, starts_on=starts_on, ends_on=ends_on)
    made = service.add(city, found.kind, fresh, "draft", side, found, rules.RENEWAL)
    history.note(city, found, "renew", side)
    return made


def amend(city: City, found: Agreement, side: str = "") -> Agreement:
    """The draft of an addendum: the terms as they are now, to be changed from a day on. Raises ConflictError."""
    if effective_state(found) not in (rules.ACTIVE, rules.SIGNED) or found.relation == rules.AMENDMENT:
        raise ConflictError(_("Only an agreement that is signed and has not ended can be changed by an addendum."))
    service.refuse_second(city, found.kind, rules.AMENDMENT)
    begin = max(clock.today(), found.starts_on or clock.today())
    draft = service.with_parties(city, found.kind, _as_agreed(found))
    fresh = replace(draft, number="", partner_number="", dated_on=None, starts_on=begin, ends_on=found.ends_on)
    made = service.add(city, found.kind, fresh, "draft", side, found, rules.AMENDMENT)
    history.note(city, found, "amend", side)
    return made


def _as_agreed(found: Agreement) -> Draft:
    """What it says with its addenda."""
    now = reading.conditions_of(found)
    return replace(
        reading.draft_of(found), scope_apps=now.apps, allows_variants=now.variants, allows_commercial=now.commercial,
        requires_attribution=now.attribution, assistance=now.assistance, more_terms=now.more,
    )  # fmt: skip


def effects_of_ending(city: City, found: Agreement) -> list[Effect]:
    """What ends with it, what stays, by name: what rooms above say, for a PKS that counts."""
    if found.kind != rules.PKS or found.relation == rules.AMENDMENT:
        return []
    counts = reading.standing(city.id, rules.PKS)
    return seams.effects(city) if counts and counts.id == found.id else []


def terminate(city: City, found: Agreement, reason: str, day: date | None = None, side: str = rules.PUBLISHER) -> None:
    """End it before its time: ``day`` is the first on which it holds no more, today when not given.

    What runs goes on running; nothing new may be forked or deployed. Raises InvalidError, ConflictError.
    """
    day = day or clock.today()
    refuse(("effective_on", rules.end_problem(effective_state(found), day, clock.today(), found.ends_on)))
    if found.state == rules.TERMINATED:
        raise ConflictError(_("It is decided already when this agreement ends."))
    why = reason_of(reason)
    never_signed = effective_state(found) in rules.OPEN
    found.state, found.reason, found.terminates_on = rules.TERMINATED, why, clock.today() if never_signed else day
    history.note(city, found, "terminate", side, why)
    telling.terminated(city, found, why)
    for addendum in reading.addenda_of(found):
        if rules.state_on(terms_of(addendum), day) not in rules.ENDED:
            addendum.state, addendum.reason, addendum.terminates_on = rules.TERMINATED, why, found.terminates_on
            history.note(city, addendum, "terminate", side, why)


def keep(city: City, found: Agreement, reason: str, side: str = rules.PUBLISHER) -> None:
    """Take back an early end before its day: it holds as it did, and so do the addenda that would have ended with it.

    Raises ConflictError when none is decided or its day has come.
    """
    if found.state != rules.TERMINATED or effective_state(found) in rules.ENDED:
        raise ConflictError(_("Only an early end whose day is still to come can be taken back."))
    why, day, decided = reason_of(reason), found.terminates_on, found.reason
    _stand_again(found)
    history.note(city, found, "keep", side, why)
    telling.kept(city, found, why)
    for addendum in reading.addenda_of(found):
        if (addendum.state, addendum.terminates_on, addendum.reason) == (rules.TERMINATED, day, decided):
            _stand_again(addendum)
            history.note(city, addendum, "keep", side, why)


def _stand_again(found: Agreement) -> None:
    """In the state of the last act before its end was decided."""
    before = [one.state for one in history.events(found) if one.state != rules.TERMINATED]
    found.state = before[-1] if before else rules.SIGNED
    found.reason, found.terminates_on = "", None
