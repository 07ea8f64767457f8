"""Who wants to be told of what happens in the catalog, and each message to them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.core.clock import now
from registry.core.db import Base, TenantOwned

QUEUED, DELIVERED, FAILED = "queued", "delivered", "failed"


class Webhook(TenantOwned, Base):
    """A city's wish to be told; those of the programme belong to the publisher.

    ``secret`` is sealed. After a change ``former_secret`` signs, too, until ``former_until``. Nothing was delivered
    since ``failing_since``. ``off_reason`` (``person``, ``imported``, ``failing``, ``gone``) tells why it is off.
    """

    __tablename__ = "webhooks"
    __table_args__ = (UniqueConstraint("tenant_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    events: Mapped[list[str]] = mapped_column(JSONB)
    secret: Mapped[bytes]
    former_secret: Mapped[bytes | None]
    former_until: Mapped[datetime | None]
    enabled: Mapped[bool] = mapped_column(default=True)
    off_reason: Mapped[str] = mapped_column(Text, default="")
    failing_since: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Delivery(TenantOwned, Base):
    """One message to one webhook. ``id`` is the same in every attempt, ``body`` the very bytes (JSON) that are sent.

    ``next_at`` is when it is tried (again) while queued. Of the last attempt: ``status`` is HTTP's, ``problem`` a code
    (`registry.core.outgoing.UnreachableError`, ``status``, ``redirect``; "" when it arrived).
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        ForeignKeyConstraint(["tenant_id", "webhook_id"], ["webhooks.tenant_id", "webhooks.id"], ondelete="cascade"),
        Index("ix_webhook_deliveries_webhook_id", "webhook_id", "created_at"),
        Index("ix_webhook_deliveries_due", "next_at", postgresql_where=text("state = 'queued'")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    webhook_id: Mapped[int]
    event: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default=QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    status: Mapped[int | None]
    problem: Mapped[str] = mapped_column(Text, default="")
    took_ms: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    tried_at: Mapped[datetime | None]
    webhook: Mapped[Webhook] = relationship(passive_deletes=True)
