"""What is known of each repository on the disk, how much a city's forks may weigh, and which forks are leaving."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.catalog.models import App
from registry.core.clock import now
from registry.core.db import Base, TenantOwned
from registry.forge.models import Fork
from registry.tenants.models import City

UPSTREAM, POOL, FORK = "upstream", "pool", "fork"
UNCHECKED, SOUND, REPAIRED, BROKEN, LOST = "unchecked", "sound", "repaired", "broken", "lost"


class RepositoryState(TenantOwned, Base):
    """One repository as it was last measured, kept and checked. An upstream and a pool are their publisher's.

    ``bytes`` are its own: what it borrows from the pool is not among them. ``whole`` is a fork that borrows nothing.
    ``faults`` are findings of the last check as JSON (`registry.forge.keeping.checking.Fault`).
    """

    __tablename__ = "repositories"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        UniqueConstraint("tenant_id", "app_id", "kind"),
        CheckConstraint("kind in ('upstream', 'pool', 'fork')", name="kind"),
        CheckConstraint("state in ('unchecked', 'sound', 'repaired', 'broken', 'lost')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id", ondelete="cascade"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    bytes: Mapped[int] = mapped_column(default=0)
    packs: Mapped[int] = mapped_column(default=0)
    loose: Mapped[int] = mapped_column(default=0)
    whole: Mapped[bool] = mapped_column(default=False)
    measured_at: Mapped[datetime] = mapped_column(default=now)
    kept_at: Mapped[datetime | None]
    kept: Mapped[str] = mapped_column(Text, default="")
    """What the last upkeep did, as codes with spaces between."""
    packed_at: Mapped[datetime | None]
    """When all of it was last packed anew, and ``packed_bytes`` what it weighed then."""
    packed_bytes: Mapped[int] = mapped_column(default=0)
    checked_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(Text, default=UNCHECKED)
    faults: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    app: Mapped[App] = relationship(lazy="joined")
    city: Mapped[City] = relationship(lazy="joined")


class ForkQuota(TenantOwned, Base):
    """What a city's forks may weigh together, where it is not the installation's setting (bytes; 0: any)."""

    __tablename__ = "fork_quotas"
    __table_args__ = (UniqueConstraint("tenant_id"), CheckConstraint("bytes >= 0", name="bytes"))

    id: Mapped[int] = mapped_column(primary_key=True)
    bytes: Mapped[int]
    set_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class ForkRemoval(TenantOwned, Base):
    """A fork on its way out: hidden at once, brought back by one click until ``due_at``, then taken by the worker.

    ``purging`` is set when the taking has begun: from then on there is no way back.
    """

    __tablename__ = "fork_removals"
    __table_args__ = (
        UniqueConstraint("tenant_id", "fork_id"),
        ForeignKeyConstraint(["tenant_id", "fork_id"], ["forks.tenant_id", "forks.id"], ondelete="cascade"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fork_id: Mapped[int]
    asked_by: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime]
    warned_at: Mapped[datetime | None]
    purging: Mapped[bool] = mapped_column(default=False)
    fork: Mapped[Fork] = relationship(lazy="joined", viewonly=True)
