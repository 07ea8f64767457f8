"""The clock's part: agreements begin and end by themselves, and both sides are told in time.

What was told is kept per agreement, end and step, so that a job that runs twice, or after days of silence, tells
everybody once.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from registry.core import clock
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants.agreements import history, reading, rules, service, settings, telling
from registry.tenants.agreements.models import Agreement, AgreementReminder
from registry.tenants.agreements.reading import effective_state
from registry.tenants.models import City


def remind() -> int:
    """Look at every agreement that may have news; answers with how many had. In the programme's scope."""
    return sum(_one(city_id, number) for city_id, number in _open())


def _open() -> list[tuple[int, int]]:
    """Signed by both, and nobody was told yet that it is over."""
    over = select(AgreementReminder.agreement_id).where(
        AgreementReminder.step == rules.OVER, AgreementReminder.ends_on == Agreement.ends_on,
        AgreementReminder.tenant_id == Agreement.tenant_id,
    )  # fmt: skip
    wanted = select(Agreement.tenant_id, Agreement.id).where(
        Agreement.publisher_signed_on.is_not(None), Agreement.partner_signed_on.is_not(None),
        Agreement.starts_on <= clock.today(), Agreement.ends_on.is_not(None), Agreement.id.not_in(over),
        or_(Agreement.terminates_on.is_(None), Agreement.terminates_on > clock.today()),
        Agreement.state.not_in((rules.DRAFT, rules.PROPOSED, rules.EXPIRED)),
    )  # fmt: skip
    found = [(city_id, number) for city_id, number in db.session.execute(wanted.order_by(Agreement.id))]
    db.session.rollback()
    return found


def _one(city_id: int, number: int) -> bool:
    with unit_of_work():
        city = db.session.get_one(City, city_id)
        found = history.locked(city, number, None)
        told = _told(found)
        if rules.BEGUN not in told and effective_state(found) == rules.ACTIVE:
            service.begin(city, found)
            return True
        return _ending(city, found, told)


def _ending(city: City, found: Agreement, told: set[str]) -> bool:
    if found.ends_on is None or found.relation == rules.AMENDMENT:
        return False
    days = settings.programme().reminder_days
    step, settled = rules.due_step(found.ends_on, clock.today(), days, told)
    new = _settle(found, (one for one in settled if one not in told))
    if step is None or step not in new:
        return False
    renewed = _is_renewed(found)
    if step == rules.OVER:
        history.note(city, found, "expire")
        if not renewed:
            telling.expired(city, found)
    elif not renewed:
        history.note(city, found, "remind", why=step)
        telling.expiring(city, found, (found.ends_on - clock.today()).days)
    return True


def _is_renewed(found: Agreement) -> bool:
    """Both sides have signed what comes after it."""
    after = reading.successor_of(found)
    return after is not None and effective_state(after) in (rules.SIGNED, rules.ACTIVE)


def _told(found: Agreement) -> set[str]:
    wanted = select(AgreementReminder.step).where(
        AgreementReminder.tenant_id == found.tenant_id, AgreementReminder.agreement_id == found.id,
        AgreementReminder.ends_on == found.ends_on,
    )  # fmt: skip
    return set(db.session.scalars(wanted))


def _settle(found: Agreement, steps: Iterable[str]) -> set[str]:
    """The steps written down as told; those somebody else wrote meanwhile are not among them."""
    rows = [
        {"tenant_id": found.tenant_id, "agreement_id": found.id, "ends_on": found.ends_on, "step": step,
         "told_at": clock.now()}
        for step in steps
    ]  # fmt: skip
    if not rows:
        return set()
    made = insert(AgreementReminder).values(rows).on_conflict_do_nothing().returning(AgreementReminder.step)
    return set(db.session.scalars(made))
