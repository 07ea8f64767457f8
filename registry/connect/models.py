"""What plugins may do outside their sandbox, what they told of themselves, and how much went out."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.connect.rules import ASKED
from registry.core.db import Base, TenantOwned


class Grant(TenantOwned, Base):
    """An admin's answer to one wish of one plugin. Without a row, or `asked`, the answer is no.

    ``count`` are the times it was used, ``denied`` the times the plugin tried without permission.
    """

    __tablename__ = "grants"
    __table_args__ = (
        UniqueConstraint("deployment_id", "kind", "name"),
        ForeignKeyConstraint(["tenant_id", "deployment_id"], ["deployments.tenant_id", "deployments.id"]),
        CheckConstraint("kind in ('sibling', 'egress', 'mail')", name="kind"),
        CheckConstraint("state in ('asked', 'given', 'refused', 'revoked')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int]
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text, default=ASKED)
    decided_by: Mapped[str] = mapped_column(Text, default="")
    """The person's name: it still reads when the person left."""
    decided_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    count: Mapped[int] = mapped_column(default=0)
    denied: Mapped[int] = mapped_column(default=0)
    denied_at: Mapped[datetime | None]


class Kpi(TenantOwned, Base):
    """What a plugin says of its work: the last value of each day; the newest day is the value of now."""

    __tablename__ = "kpis"
    __table_args__ = (
        UniqueConstraint("deployment_id", "name", "day"),
        ForeignKeyConstraint(["tenant_id", "deployment_id"], ["deployments.tenant_id", "deployments.id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    day: Mapped[date]
    at: Mapped[datetime]
    value: Mapped[float]
    unit: Mapped[str] = mapped_column(Text, default="")
    label_id: Mapped[str] = mapped_column(Text, default="")
    label_en: Mapped[str] = mapped_column(Text, default="")


class Outward(TenantOwned, Base):
    """What went out of one plugin on one day (`clock.today`): messages, and bytes through the proxy both ways."""

    __tablename__ = "outward"
    __table_args__ = (
        UniqueConstraint("deployment_id", "day"),
        ForeignKeyConstraint(["tenant_id", "deployment_id"], ["deployments.tenant_id", "deployments.id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int]
    day: Mapped[date]
    mails: Mapped[int] = mapped_column(default=0)
    bytes: Mapped[int] = mapped_column(default=0)
