"""Everything that happened to an agreement, and the lock under which the next thing happens."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.core import audit, clock
from registry.core.db import db
from registry.core.errors import ConflictError, NotFoundError
from registry.tenants.agreements.models import Agreement, AgreementEvent
from registry.tenants.agreements.refusals import act_text
from registry.tenants.models import City

BY_ITSELF = frozenset({"begin", "remind", "expire"})


def locked(city: City, agreement_id: int, seen: int | None) -> Agreement:
    """The agreement as it is now, held until the unit of work ends; ``seen`` is the version the person looked at.

    Raises NotFoundError, and ConflictError naming what was done meanwhile when it has changed since.
    """
    found = db.session.scalar(
        select(Agreement)
        .where(Agreement.tenant_id == city.id, Agreement.id == agreement_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFoundError(_("There is no such agreement."))
    if seen is not None and seen != found.version:
        last = _last(found)
        told = {"who": last.actor, "act": act_text(last.act)} if last else {"who": "–", "act": ""}
        raise ConflictError(
            _("Meanwhile %(who)s did this: %(act)s. Look at the agreement as it is now, then decide again.", **told)
        )
    return found


def note(city: City, found: Agreement, act: str, side: str = "", why: str = "", **detail: object) -> None:
    """Write down an act with the state it led to. A person's act gives the agreement its next version: what the clock
    does (`BY_ITSELF`) changes nothing that a person may be looking at.
    """
    who = audit.actor()
    if act not in BY_ITSELF:
        found.version += 1
        found.updated_at = clock.now()
    db.session.add(
        AgreementEvent(
            tenant_id=city.id, agreement_id=found.id, at=clock.now(), actor_id=who.id, actor=who.name, act=act,
            side=side, state=found.state, why=why, version=found.version,
        )
    )  # fmt: skip
    told = {**detail, **({"side": side} if side else {}), **({"reason": why} if why else {})}
    audit.record(f"agreement.{act}", subject(city, found), tenant_id=city.id, **told)


def events(found: Agreement) -> list[AgreementEvent]:
    """Oldest first."""
    wanted = select(AgreementEvent).where(
        AgreementEvent.tenant_id == found.tenant_id, AgreementEvent.agreement_id == found.id
    )
    return list(db.session.scalars(wanted.order_by(AgreementEvent.id)))


def proposals(city: City, found: Collection[Agreement]) -> dict[int, datetime]:
    """When each of these agreements of a city was last proposed, by its id; those that never were are left out."""
    when = func.max(AgreementEvent.at)
    wanted = select(AgreementEvent.agreement_id, when).where(
        AgreementEvent.tenant_id == city.id,
        AgreementEvent.agreement_id.in_([one.id for one in found]),
        AgreementEvent.act == "propose",
    )
    return {number: at for number, at in db.session.execute(wanted.group_by(AgreementEvent.agreement_id))}


def subject(city: City, found: Agreement) -> str:
    return f"{found.kind} {found.number or found.id} · {city.name}"


def _last(found: Agreement) -> AgreementEvent | None:
    wanted = select(AgreementEvent).where(
        AgreementEvent.tenant_id == found.tenant_id, AgreementEvent.agreement_id == found.id
    )
    return db.session.scalar(wanted.order_by(AgreementEvent.id.desc()).limit(1))
