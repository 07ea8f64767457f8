"""What each person was told, and how each wants to be told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.clock import now
from registry.core.db import Base


class Notification(Base):
    """One thing told to one person, in the words and the ``language`` it was told in.

    Not tenant-owned: it belongs to its person, who may work for several cities, and nobody else ever reads it.
    ``mail_at``: when it is to go by mail; None when it has gone (``mailed_at``) or never shall. Those of one ``thread``
    go by mail once in `service.QUIET`, together.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_user_id_id", "user_id", "id"),
        Index("ix_notifications_unread", "user_id", postgresql_where=text("read_at is null")),
        Index("ix_notifications_mail_at", "mail_at", postgresql_where=text("mail_at is not null")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="cascade"))
    city_id: Mapped[int | None] = mapped_column(ForeignKey("cities.id"))
    kind: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    paragraphs: Mapped[list[str]] = mapped_column(JSONB)
    link: Mapped[str] = mapped_column(Text, default="")
    action: Mapped[str] = mapped_column(Text, default="")
    thread: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    read_at: Mapped[datetime | None]
    mail_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]


class Preference(Base):
    """How a person wants to hear of a group of kinds (`kinds.GROUPS`); without a row: at once by mail."""

    __tablename__ = "notice_preferences"
    __table_args__ = (CheckConstraint("way in ('mail', 'daily', 'app', 'off')", name="way"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="cascade"), primary_key=True)
    group: Mapped[str] = mapped_column(Text, primary_key=True)
    way: Mapped[str] = mapped_column(Text)
