"""What ties the lines of the audit log together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.clock import now
from registry.core.db import Base


class AuditLink(Base):
    """The place of one entry in the chain of its city, or of the programme (no ``tenant_id``).

    Entries are written by many transactions at once, so a job ties them shortly after, in the order it finds them.
    Links are added and never changed: the database refuses it.
    """

    __tablename__ = "audit_links"
    __table_args__ = (UniqueConstraint("tenant_id", "number", postgresql_nulls_not_distinct=True),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entries.id"), primary_key=True, autoincrement=False)
    tenant_id: Mapped[int | None] = mapped_column(ForeignKey("cities.id"))
    number: Mapped[int]
    chain: Mapped[str] = mapped_column(Text)


class AuditCheck(Base):
    """How a look at all chains ended: ``fault`` is empty when every line holds."""

    __tablename__ = "audit_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    lines: Mapped[int]
    fault: Mapped[str] = mapped_column(Text, default="")
