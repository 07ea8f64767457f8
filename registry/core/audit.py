"""Who did what: an append-only log, written in the transaction of the act it tells."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.clock import now
from registry.core.db import Base, db
from registry.core.logs import request_id


@dataclass(frozen=True)
class Actor:
    """A person or a part of the system. ``name`` is kept in the log, so that it still reads when the person left."""

    id: int | None
    name: str


SYSTEM = Actor(None, "lumbung")
_actor: ContextVar[Actor] = ContextVar("actor", default=SYSTEM)


class AuditEntry(Base):
    __tablename__ = "audit_entries"
    __table_args__ = {"implicit_returning": False}
    """RETURNING would need the right to read the row: who adds to the log need not be able to read it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int | None] = mapped_column(ForeignKey("cities.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    actor_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    request_id: Mapped[str] = mapped_column(Text, default="")


def act_as(actor: Actor) -> None:
    """Say who acts in this request, job or command."""
    _actor.set(actor)


def actor() -> Actor:
    return _actor.get()


def record(action: str, subject: str, tenant_id: int | None = None, **detail: Any) -> None:
    """Note an act: ``action`` is ``noun.verb`` (``deployment.off``), ``subject`` the thing (``lapor.bontang``)."""
    who = _actor.get()
    db.session.add(
        AuditEntry(
            tenant_id=tenant_id,
            actor_id=who.id,
            actor=who.name,
            action=action,
            subject=subject,
            detail=detail,
            request_id=request_id(),
        )
    )
