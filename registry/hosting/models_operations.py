"""What is done to deployments over time: their tasks by the clock, upgrades in waves, addresses of their own."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.catalog.models import App
from registry.core.clock import now
from registry.core.db import Base, TenantOwned

DEPLOYMENT = ["tenant_id", "deployment_id"]
WAITING, VERIFIED, LOST = "waiting", "verified", "lost"
RUNNING, STOPPED, DONE, ABORTED, FAILED, SKIPPED = "running", "stopped", "done", "aborted", "failed", "skipped"


class TaskPlan(TenantOwned, Base):
    """One task of a plugin's manifest, as the clock knows it; its runs are errands of the kind ``task``.

    ``handled_until``: times up to here have had their run, or were let pass while the plugin was off.
    """

    __tablename__ = "task_plans"
    __table_args__ = (
        UniqueConstraint("deployment_id", "name"),
        ForeignKeyConstraint(DEPLOYMENT, ["deployments.tenant_id", "deployments.id"], ondelete="cascade"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    paused: Mapped[bool] = mapped_column(default=False)
    handled_until: Mapped[datetime] = mapped_column(default=now)


class Domain(TenantOwned, Base):
    """A host name of a city's own for one plugin. Routed from `verified_at` on, which proof in DNS sets.

    Several cities may ask for a name; only one can be verified (a partial unique index holds that).
    """

    __tablename__ = "domains"
    __table_args__ = (
        UniqueConstraint("deployment_id", "hostname"),
        ForeignKeyConstraint(DEPLOYMENT, ["deployments.tenant_id", "deployments.id"], ondelete="cascade"),
        Index("uq_domains_verified", "hostname", unique=True, postgresql_where=text("verified_at is not null")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int]
    hostname: Mapped[str] = mapped_column(Text)
    token: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default=WAITING)
    message: Mapped[str] = mapped_column(Text, default="")
    misses: Mapped[int] = mapped_column(default=0)
    """Checks in a row that did not find the proof of a verified name."""
    verified_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Wave(Base):
    """The programme's plan to upgrade one app in the cities that agreed: first ``canary`` of them, then ``size`` each.

    Not tenant-owned: the plan is the programme's; which cities are in it is in `WaveMember`.
    """

    __tablename__ = "waves"

    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id"))
    canary: Mapped[int]
    size: Mapped[int]
    pause_minutes: Mapped[int]
    tolerated: Mapped[int]
    """It stops by itself when more than so many fail."""
    state: Mapped[str] = mapped_column(Text, default=RUNNING)
    step: Mapped[int] = mapped_column(default=0)
    """The group of cities under way; 0 are the canaries."""
    resume_at: Mapped[datetime] = mapped_column(default=now)
    """The step begins no earlier."""
    forgiven: Mapped[int] = mapped_column(default=0)
    """Failures a maintainer has looked at before resuming: they no longer count."""
    created_by: Mapped[int | None]
    author: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
    app: Mapped[App] = relationship(lazy="joined")


class WaveMember(TenantOwned, Base):
    """One deployment in a wave; ``job_id`` is its upgrade once it began, ``message`` why it failed or was skipped."""

    __tablename__ = "wave_members"
    __table_args__ = (
        UniqueConstraint("wave_id", "deployment_id"),
        ForeignKeyConstraint(DEPLOYMENT, ["deployments.tenant_id", "deployments.id"], ondelete="cascade"),
        ForeignKeyConstraint(["tenant_id", "job_id"], ["jobs.tenant_id", "jobs.id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id", ondelete="cascade"), index=True)
    deployment_id: Mapped[int]
    step: Mapped[int]
    job_id: Mapped[uuid.UUID | None]
    state: Mapped[str] = mapped_column(Text, default=WAITING)
    message: Mapped[str] = mapped_column(Text, default="")
    from_version: Mapped[str] = mapped_column(Text, default="")
    finished_at: Mapped[datetime | None]
