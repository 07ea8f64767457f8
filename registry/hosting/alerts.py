"""What a city's admin must hear of: raised once, mailed once, open until it is over.

Rooms above hosting (figures, backups) raise and settle; whoever calls is inside a unit of work, in the city's scope
or the programme's.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ForeignKeyConstraint, Index, Text, select, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.accounts.notices.service import Notice, tell
from registry.core.clock import now
from registry.core.db import Base, TenantOwned, db
from registry.hosting.models import Deployment
from registry.tenants import rules
from registry.tenants.answering import in_charge, with_role
from registry.tenants.models import City

QUIET = timedelta(hours=6)
"""An alert that comes back within this time is shown again, but not mailed again."""

MAX_MESSAGE = 1000


class Alert(TenantOwned, Base):
    """Something wrong with a plugin, or with the installation (no deployment; then of the publisher's city)."""

    __tablename__ = "alerts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "deployment_id"], ["deployments.tenant_id", "deployments.id"], ondelete="cascade"
        ),
        Index(
            "uq_alerts_one_open",
            "tenant_id",
            "deployment_id",
            "kind",
            unique=True,
            postgresql_where=text("until is null"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(default=now)
    until: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[int | None]


def raise_alert(city_id: int, kind: str, message: str, deployment_id: int | None = None) -> Alert:
    """Say that something is wrong; again: only its words change. ``message`` is in the city's language, with what to
    do. The city's admins are mailed once (for the publisher's own alerts: the maintainers).
    """
    message = message[:MAX_MESSAGE]
    found = _open(city_id, kind, deployment_id)
    if found is not None:
        found.message = message
        return found
    quiet = _was_there_lately(city_id, kind, deployment_id)
    alert = Alert(tenant_id=city_id, kind=kind, message=message, deployment_id=deployment_id)
    db.session.add(alert)
    db.session.flush()
    if not quiet:
        _tell(alert)
    return alert


def settle_alert(city_id: int, kind: str, deployment_id: int | None = None) -> None:
    """It is over. Nothing happens when it was not open."""
    found = _open(city_id, kind, deployment_id)
    if found is not None:
        found.until = now()


def open_alerts(city: City) -> list[Alert]:
    """What is wrong now, newest first."""
    wanted = select(Alert).where(Alert.tenant_id == city.id, Alert.until.is_(None))
    return list(db.session.scalars(wanted.order_by(Alert.since.desc())))


def _of(city_id: int, kind: str, deployment_id: int | None) -> tuple[object, ...]:
    return Alert.tenant_id == city_id, Alert.kind == kind, Alert.deployment_id.is_not_distinct_from(deployment_id)


def _open(city_id: int, kind: str, deployment_id: int | None) -> Alert | None:
    wanted = select(Alert).where(*_of(city_id, kind, deployment_id), Alert.until.is_(None))  # type: ignore[arg-type]
    return db.session.scalar(wanted)


def _was_there_lately(city_id: int, kind: str, deployment_id: int | None) -> bool:
    of = _of(city_id, kind, deployment_id)
    wanted = select(Alert.id).where(*of, Alert.until > now() - QUIET)  # type: ignore[arg-type]
    return db.session.scalar(wanted.limit(1)) is not None


def _tell(alert: Alert) -> None:
    city = db.session.get_one(City, alert.tenant_id)
    plugin = db.session.get_one(Deployment, alert.deployment_id).name if alert.deployment_id else ""
    people = with_role(city, rules.ADMIN) if plugin else in_charge(city)
    tell(people, lambda: _notice(alert, city, plugin))


def _notice(alert: Alert, city: City, plugin: str) -> Notice:
    """Several of one plugin within an hour are mostly of one cause: they come in one mail."""
    about = f"{plugin}.{city.slug}" if plugin else city.name
    subject, place = _("Attention: %(what)s", what=about), f"/console/{city.slug}/alerts"
    thread = f"alert-{city.id}-{alert.deployment_id or 0}"
    return Notice("plugin.alert", subject, [alert.message], place, _("Open the alerts"), city.id, thread)
