"""How bundles' own tests went in the sandbox. Public by construction: addressed by content, as builds are."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.core.clock import now
from registry.core.db import Base
from registry.hosting.plain import ProvingState
from registry.tenants.models import City

OPEN = (ProvingState.WANTED, ProvingState.RUNNING)


class Proving(Base):
    """One run of the tests that come with a tree (git's hash), the newest of a tree counts. At most one is open.

    ``lock`` and ``runtime`` are the bundle's, ``environment`` names what it ran in ("" until that is built): runtime,
    libraries and test tools by content. ``source`` says where the tree is found (`registry.forge.proving`), for as long
    as it is. ``reason`` is why it was broken, ``detail`` its blank. ``city`` asked for it. The host writes the rest.
    """

    __tablename__ = "provings"
    __table_args__ = (
        CheckConstraint("state in ('wanted', 'running', 'passed', 'failed', 'broken')", name="state"),
        Index("ix_provings_tree_id", "tree", "id"),
        Index("one_open_proving", "tree", unique=True, postgresql_where=text("state in ('wanted', 'running')")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tree: Mapped[str] = mapped_column(Text)
    lock: Mapped[str] = mapped_column(Text)
    runtime: Mapped[str] = mapped_column(Text)
    environment: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text, default=ProvingState.WANTED)
    reason: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    passed: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    errors: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[float] = mapped_column(default=0.0)
    failures: Mapped[list[str]] = mapped_column(JSONB, default=list)
    log: Mapped[str] = mapped_column(Text, default="", deferred=True)
    version: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    attempts: Mapped[int] = mapped_column(default=0)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"), index=True)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="set null"))
    job_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
    city: Mapped[City] = relationship()

    @property
    def ended(self) -> bool:
        return self.state not in OPEN
