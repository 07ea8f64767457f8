"""Backups that were made, how often they are made, and how long they are kept."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.backups import rules
from registry.core.clock import now
from registry.core.db import Base, TenantOwned
from registry.hosting.models import Revision

SCHEDULED, MANUAL, BEFORE_REMOVAL = "scheduled", "manual", "before_removal"
MAKING, KEPT, FAILED, FORGOTTEN = "making", "kept", "failed", "forgotten"
DEPLOYMENT = ["tenant_id", "deployment_id"]


class Backup(TenantOwned, Base):
    """One plugin's code, config and data of one moment: its revision names the first two, ``snapshot`` holds the data.

    ``snapshot`` is restic's id; it holds ``data/``, ``data.pgdump`` where the store is PostgreSQL, and
    ``manifest.json``. ``drill`` is what the last restore to a scratch copy gave: healthy, integrity, files, seconds.
    """

    __tablename__ = "backups"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        ForeignKeyConstraint(DEPLOYMENT, ["deployments.tenant_id", "deployments.id"]),
        ForeignKeyConstraint(["tenant_id", "revision_id"], ["revisions.tenant_id", "revisions.id"]),
        ForeignKeyConstraint(["tenant_id", "job_id"], ["jobs.tenant_id", "jobs.id"]),
        CheckConstraint("reason in ('scheduled', 'manual', 'before_removal')", name="reason"),
        CheckConstraint("state in ('making', 'kept', 'failed', 'forgotten')", name="state"),
        CheckConstraint("state <> 'kept' or (snapshot <> '' and revision_id is not null)", name="kept"),
        Index("ix_backups_deployment_id", "deployment_id", "created_at"),
        Index("uq_backups_one_making", "deployment_id", unique=True, postgresql_where=text("state = 'making'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int]
    revision_id: Mapped[int | None]
    job_id: Mapped[uuid.UUID | None]
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default=MAKING)
    message: Mapped[str] = mapped_column(Text, default="")
    snapshot: Mapped[str] = mapped_column(Text, default="")
    bytes: Mapped[int] = mapped_column(default=0)
    files: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    made_at: Mapped[datetime | None]
    drilled_at: Mapped[datetime | None]
    drill: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    revision: Mapped[Revision | None] = relationship(lazy="joined")

    @property
    def drilled_well(self) -> bool:
        return rules.drilled_well(self.drill)


class BackupPolicy(TenantOwned, Base):
    """How often one plugin is backed up and how many are kept; a plugin without a row has `rules.Policy`'s defaults.

    ``hour`` is in the city's zone.
    """

    __tablename__ = "backup_policies"
    __table_args__ = (
        UniqueConstraint("deployment_id"),
        ForeignKeyConstraint(DEPLOYMENT, ["deployments.tenant_id", "deployments.id"], ondelete="cascade"),
        CheckConstraint("every in ('hourly', 'daily', 'weekly', 'off')", name="every"),
        CheckConstraint("hour between 0 and 23", name="hour"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int]
    every: Mapped[str] = mapped_column(Text)
    hour: Mapped[int]
    daily: Mapped[int]
    weekly: Mapped[int]
    monthly: Mapped[int]
    drills: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
