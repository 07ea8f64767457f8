"""Handovers: made with each adoption, signed by both sides, found by anybody who holds the paper.

Everything but `by_code` needs the session in that city's scope or the programme's.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Select, or_, select
from sqlalchemy.dialects.postgresql import insert

from registry.core import audit, clock, scope
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError
from registry.tenants.agreements import reading as agreements
from registry.tenants.agreements.contents import PKS
from registry.tenants.agreements.models import Agreement
from registry.tenants.handovers import papers, rules, telling
from registry.tenants.handovers.models import Handover, HandoverCode, HandoverCounter
from registry.tenants.handovers.words import problem_text
from registry.tenants.models import City
from registry.tenants.service import reason_of


@dataclass(frozen=True)
class Delivery:
    """What went from a publisher to a city: a release of an app, by the checksum and bytes of its tar.gz."""

    publisher: City
    app: str
    name: str
    release: str
    commit: str
    sha256: str
    size: int
    licence: str


def record(city: City, delivery: Delivery, handed_on: date | None = None) -> Handover | None:
    """The handover of this adoption, numbered, in the open unit of work; None where the city is its own publisher.

    ``handed_on`` is the day of the fork: given where it is noted later.
    """
    if delivery.publisher.id == city.id:
        return None
    today, pks = clock.today(), _signed_pks(city)
    serial = _next_serial(delivery.publisher, today.year)
    made = Handover(
        tenant_id=city.id, publisher_id=delivery.publisher.id, year=today.year, serial=serial,
        number=rules.number(current_app.extensions["lumbung"].handover_number, serial, today), code=_new_code(city),
        app=delivery.app, app_name=delivery.name, release=delivery.release, commit=delivery.commit,
        sha256=delivery.sha256, size=delivery.size, licence=delivery.licence,
        parties=papers.parties_of(delivery.publisher, city, pks), pks_number=pks.number if pks else "",
        pks_on=pks and (pks.dated_on or _later(pks.publisher_signed_on, pks.partner_signed_on)),
        handed_on=handed_on or today, made_on=today,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record("handover.make", _subject(made), tenant_id=city.id, release=made.release)
    return made


def of_city(city_id: int) -> list[Handover]:
    """A city's handovers, newest first."""
    return list(db.session.scalars(select(Handover).where(Handover.tenant_id == city_id).order_by(Handover.id.desc())))


def of_programme(words: str = "", state: str = "") -> Select[Handover]:
    """Everybody's, newest first; ``words`` are looked for in number, app and city."""
    wanted = select(Handover).join(City, City.id == Handover.tenant_id).order_by(Handover.id.desc())
    if words:
        places = (Handover.number, Handover.app_name, Handover.app, City.name)
        wanted = wanted.where(or_(*(place.icontains(words, autoescape=True) for place in places)))
    both = Handover.publisher_signed_on.is_not(None) & Handover.partner_signed_on.is_not(None)
    standing = Handover.revoked_on.is_(None)
    states = {rules.DRAWN: standing & ~both, rules.SIGNED: standing & both, rules.REVOKED: ~standing}
    return wanted.where(states[state]) if state in states else wanted


def find(handover_id: int, city: City | None = None) -> Handover:
    """One handover: of this city, or of any for the programme. Raises NotFoundError."""
    wanted = select(Handover).where(Handover.id == handover_id)
    found = db.session.scalar(wanted.where(Handover.tenant_id == city.id) if city else wanted)
    if found is None:
        raise NotFoundError(_("There is no such handover."))
    return found


def by_code(text: str) -> Handover:
    """The handover whose paper bears this code; the session then is in its city's scope. Raises NotFoundError."""
    code = rules.read_code(text)
    city_id = db.session.scalar(select(HandoverCode.city_id).where(HandoverCode.code == code)) if code else None
    if city_id is None:
        raise NotFoundError(_("No handover has this code. Compare it with the paper, letter by letter."))
    scope.enter_city(city_id)
    return db.session.scalars(select(Handover).where(Handover.code == code)).one()


def state_of(handover: Handover) -> str:
    return rules.state_of(paper_of(handover))


def paper_of(handover: Handover) -> rules.Paper:
    signed = (handover.publisher_signed_on, handover.partner_signed_on)
    return rules.Paper(handover.handed_on, *signed, handover.revoked_on)


def sign(handover: Handover, side: str, signatory: str, day: date | None = None) -> None:
    """Note one side's signature by the office ``signatory``. Raises InvalidError, or ConflictError out of turn."""
    _hold(handover)
    day = day or clock.today()
    problem = rules.sign_problem(paper_of(handover), side, day, clock.today())
    if problem in ("revoked", "signed-already"):
        raise ConflictError(problem_text(problem))
    _refuse("signed_on", problem)
    office = signatory.strip()
    _refuse("signatory", None if 3 <= len(office) <= 120 and office.isprintable() else "signatory")
    if side == rules.PUBLISHER:
        handover.publisher_signed_on, handover.publisher_signatory = day, office
    else:
        handover.partner_signed_on, handover.partner_signatory = day, office
    audit.record("handover.sign", _subject(handover), handover.tenant_id, side=side, signatory=office)
    telling.signed(handover)


def revoke(handover: Handover, reason: str) -> None:
    """Withdraw a handover that should not have been made: its number stays taken, its page says so and why."""
    _hold(handover)
    if handover.revoked_on:
        raise ConflictError(_("This handover is withdrawn already."))
    handover.revoked_on, handover.reason = clock.today(), reason_of(reason)
    audit.record("handover.revoke", _subject(handover), handover.tenant_id, reason=handover.reason)
    telling.revoked(handover)


def noted_apps(city_id: int) -> set[str]:
    """Apps of which the city has a handover that was not withdrawn."""
    wanted = select(Handover.app).where(Handover.tenant_id == city_id, Handover.revoked_on.is_(None))
    return set(db.session.scalars(wanted))


def _next_serial(publisher: City, year: int) -> int:
    """One more than the last. Whoever takes a number holds the counter until commit; a rollback gives it back."""
    row = insert(HandoverCounter).values(publisher_id=publisher.id, year=year, last=1)
    key = [HandoverCounter.publisher_id, HandoverCounter.year]
    raised = row.on_conflict_do_update(index_elements=key, set_={"last": HandoverCounter.last + 1})
    return db.session.scalars(raised.returning(HandoverCounter.last)).one()


def _new_code(city: City) -> str:
    code = "".join(secrets.choice(rules.ALPHABET) for _position in range(rules.CODE_LENGTH))
    db.session.add(HandoverCode(code=code, city_id=city.id))
    return code


def _hold(handover: Handover) -> None:
    """Two who act at the same time wait for each other, and the second sees what the first did."""
    db.session.refresh(handover, with_for_update={"of": Handover})


def _signed_pks(city: City) -> Agreement | None:
    """The one that counts today, or the last there was: adoptions of earlier days are noted under that."""
    found = agreements.standing(city.id, PKS)
    return found if found and found.publisher_signed_on and found.partner_signed_on else None


def _later(*days: date | None) -> date | None:
    """An agreement without a day of its own bears that of its last signature."""
    return max((day for day in days if day), default=None)


def _subject(handover: Handover) -> str:
    return f"{handover.number} · {handover.app}"


def _refuse(field: str, problem: str | None) -> None:
    if problem:
        message = problem_text(problem)
        raise InvalidError(message, [Finding(field, message)])
