"""Invitations, and that somebody was reminded."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.clock import now
from registry.core.db import Base, TenantOwned


class Invitation(TenantOwned, Base):
    """A role offered to an address. The link itself was in a mail only (`registry.accounts.links`).

    ``inviter`` is kept as a name, so that it still reads when the person left; ``inviter_id`` hears of the answer.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        ForeignKeyConstraint(["tenant_id", "opd_id"], ["opd.tenant_id", "opd.id"]),
        CheckConstraint("state in ('open', 'accepted', 'withdrawn')", name="state"),
        CheckConstraint("role in ('maintainer', 'admin', 'auditor', 'administrator', 'operator')", name="role"),
        CheckConstraint("(plugin = '') = (role in ('maintainer', 'admin', 'auditor'))", name="plugin"),
        Index(
            "uq_invitations_open", "tenant_id", "email", "role", "plugin", unique=True,
            postgresql_where=text("state = 'open'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text, default="")
    role: Mapped[str] = mapped_column(Text)
    plugin: Mapped[str] = mapped_column(Text, default="")
    opd_id: Mapped[int | None]
    inviter_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="set null"))
    inviter: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text, default="open")
    sent: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class AppointmentReminder(TenantOwned, Base):
    """That a city was reminded in a week (its Monday) of plugins nobody answers for."""

    __tablename__ = "appointment_reminders"
    __table_args__ = (UniqueConstraint("tenant_id", "week"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    week: Mapped[date]
    at: Mapped[datetime] = mapped_column(default=now)
