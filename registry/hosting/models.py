"""What should run: builds (shared by content), deployments, their revisions, and the switches between revisions."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.core.clock import now
from registry.core.db import Base, TenantOwned
from registry.hosting.plain import DeploymentState, ErrandState, SwitchStep

OPEN_STEPS = ("pending", "draining", "snapshot", "migrating", "probing")


class Build(Base):
    """A bundle made runnable, addressed by content and shared by every city that runs the same bytes.

    ``tree`` is git's hash of the source, ``lock`` the SHA-256 of its requirements.txt (empty when it has none). Paths
    are relative to the data folder.
    """

    __tablename__ = "builds"
    __table_args__ = (UniqueConstraint("tree", "lock", "runtime"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tree: Mapped[str] = mapped_column(Text)
    lock: Mapped[str] = mapped_column(Text)
    runtime: Mapped[str] = mapped_column(Text)
    code_path: Mapped[str] = mapped_column(Text)
    env_path: Mapped[str] = mapped_column(Text)
    manifest: Mapped[dict[str, Any]] = mapped_column(JSONB)
    config_schema: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Not JSONB, which would forget the order in which the bundle lists its settings."""
    size_bytes: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Deployment(TenantOwned, Base):
    """A plugin: one city's build + config + data under one name (``lapor.bontang``)."""

    __tablename__ = "deployments"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        UniqueConstraint("tenant_id", "name"),
        ForeignKeyConstraint(["tenant_id", "fork_id"], ["forks.tenant_id", "forks.id"]),
        ForeignKeyConstraint(["tenant_id", "opd_id"], ["opd.tenant_id", "opd.id"]),
        ForeignKeyConstraint(
            ["tenant_id", "serving_revision_id"],
            ["revisions.tenant_id", "revisions.id"],
            name="fk_deployments_serving_revision",
            use_alter=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fork_id: Mapped[int]
    opd_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(Text)
    enabled: Mapped[bool] = mapped_column(default=True)
    serving_revision_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(Text, default=DeploymentState.OFF)
    state_message: Mapped[str] = mapped_column(Text, default="")
    failures: Mapped[int] = mapped_column(default=0)
    pinned: Mapped[bool] = mapped_column(default=False)
    """Always awake: never stopped for want of visitors."""
    maintenance: Mapped[str] = mapped_column(Text, default="")
    """What citizens read while the plugin is closed for maintenance; empty when it is not."""
    follows: Mapped[bool] = mapped_column(default=False)
    """Whether the programme's waves may upgrade it."""
    trial_of: Mapped[int | None]
    """The deployment this one is a copy of, for trying an upgrade."""
    removed_at: Mapped[datetime | None]
    """Taken away by the admin; its data and backups stay until it is purged."""
    secret_key_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Revision(TenantOwned, Base):
    """Immutable: build + config + limits. ``snapshot`` names the copy of the data as this revision left it."""

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        UniqueConstraint("deployment_id", "number"),
        ForeignKeyConstraint(["tenant_id", "deployment_id"], ["deployments.tenant_id", "deployments.id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(index=True)
    number: Mapped[int]
    build_id: Mapped[int] = mapped_column(ForeignKey("builds.id"))
    version: Mapped[str] = mapped_column(Text)
    commit: Mapped[str] = mapped_column(Text)
    config_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    limits: Mapped[dict[str, Any]] = mapped_column(JSONB)
    snapshot: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    build: Mapped[Build] = relationship(lazy="joined")


class Switch(TenantOwned, Base):
    """One change of the serving revision, done by the host step by step (design §7, lifecycle)."""

    __tablename__ = "switches"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "deployment_id"], ["deployments.tenant_id", "deployments.id"]),
        ForeignKeyConstraint(["tenant_id", "from_revision_id"], ["revisions.tenant_id", "revisions.id"]),
        ForeignKeyConstraint(["tenant_id", "to_revision_id"], ["revisions.tenant_id", "revisions.id"]),
        ForeignKeyConstraint(["tenant_id", "job_id"], ["jobs.tenant_id", "jobs.id"]),
        Index(
            "uq_switches_one_open",
            "deployment_id",
            unique=True,
            postgresql_where=text("step in ('pending', 'draining', 'snapshot', 'migrating', 'probing')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int]
    job_id: Mapped[uuid.UUID]
    from_revision_id: Mapped[int | None]
    to_revision_id: Mapped[int]
    data_source: Mapped[str | None] = mapped_column(Text)
    """The folder, below the deployment's home, whose content becomes the data: ``snapshots/3``, ``incoming/7``."""
    step: Mapped[str] = mapped_column(Text, default=SwitchStep.PENDING)
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Errand(TenantOwned, Base):
    """Something the host is asked to do for a deployment besides running it (`registry.hosting.plain.ErrandKind`)."""

    __tablename__ = "errands"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        ForeignKeyConstraint(["tenant_id", "deployment_id"], ["deployments.tenant_id", "deployments.id"]),
        Index("ix_errands_open", "id", postgresql_where=text("state in ('pending', 'running')")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(Text)
    argument: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    state: Mapped[str] = mapped_column(Text, default=ErrandState.PENDING)
    result: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    message: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]


class EntryCode(Base):
    """A one-time code with which a signed-in person enters a plugin's origin. Lives a minute; only its digest is kept.

    Not tenant-owned: it is redeemed on the plugin's origin, where nobody is signed in yet; the code itself is the key.
    """

    __tablename__ = "entry_codes"

    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"))
    plugin: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="cascade"))
    role: Mapped[str] = mapped_column(Text)
    opd: Mapped[str] = mapped_column(Text, default="")
    opd_id: Mapped[int | None]
    expires_at: Mapped[datetime]


class Host(Base):
    """The plugin host's heartbeat and what really holds on its machine: read by doctor, console and ``/readyz``."""

    __tablename__ = "hosts"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    beat_at: Mapped[datetime]
    pid: Mapped[int]
    facts: Mapped[Any] = mapped_column(JSONB)

    __table_args__ = (CheckConstraint("pid > 0", name="pid"),)
