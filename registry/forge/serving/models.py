"""What a city decides about its forks' doors: who but people may come in, and what a push may change."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.catalog.models import App
from registry.core.clock import now
from registry.core.db import Base, TenantOwned


class DeployToken(TenantOwned, Base):
    """A secret for one repository and nothing else; only its digest is kept.

    Without ``fork_id`` it opens the app's upstream, which is its publisher's. ``write``: it may push, too.
    """

    __tablename__ = "deploy_tokens"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "fork_id"], ["forks.tenant_id", "forks.id"], ondelete="cascade"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id", ondelete="cascade"), index=True)
    fork_id: Mapped[int | None] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text, unique=True)
    write: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    app: Mapped[App] = relationship(lazy="joined")


class Gate(TenantOwned, Base):
    """Of one fork: what its own people may do to it, and who pushed last. A fork without a row is at its defaults."""

    __tablename__ = "fork_gates"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "fork_id"], ["forks.tenant_id", "forks.id"], ondelete="cascade"),
        UniqueConstraint("tenant_id", "fork_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fork_id: Mapped[int]
    rewrite_main: Mapped[bool] = mapped_column(default=False)
    move_release_tags: Mapped[bool] = mapped_column(default=False)
    pushed_by: Mapped[str] = mapped_column(Text, default="")
    pushed_at: Mapped[datetime | None]
