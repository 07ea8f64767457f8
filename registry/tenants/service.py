"""Cities and their agreements: what is asked by every room. The acts are in the functions below, each audited."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from registry.core import clock
from registry.core.db import db
from registry.core.errors import AgreementNeededError
from registry.tenants import rules
from registry.tenants.models import Agreement, City


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
    """A city's agreements, newest first; the session must be in that city's scope or the programme's."""
    wanted = select(Agreement).where(Agreement.tenant_id == city_id).order_by(Agreement.id.desc())
    if kind:
        wanted = wanted.where(Agreement.kind == kind)
    return list(db.session.scalars(wanted))


def active_agreement(city_id: int, kind: str) -> Agreement | None:
    return next((found for found in agreements_of(city_id, kind) if effective_state(found) == rules.ACTIVE), None)


def active_pks(city_id: int) -> Agreement | None:
    """The PKS in force today, or None; the session must be in that city's scope or the programme's."""
    return active_agreement(city_id, rules.PKS)


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
