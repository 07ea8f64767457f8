"""How each fork follows its upstream: settings and what was counted, syncs under way, who was told of which release."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.catalog.models import Release
from registry.core.clock import now
from registry.core.db import Base, TenantOwned

RELEASES, MAIN = "releases", "main"
OPEN, MOVING, DONE, STOPPED = "open", "moving", "done", "stopped"
UNDER_WAY = (OPEN, MOVING)


def _of_fork() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant_id", "fork_id"], ["forks.tenant_id", "forks.id"], ondelete="cascade")


class Following(TenantOwned, Base):
    """What a fork is compared with (``channel``), and the last counts.

    The counts hold as long as ``head`` (the fork's main), ``release_commit`` (the newest release) and ``main_commit``
    (upstream's main) are what the repositories say; ``own_files`` counts the files the city changed, its nameplate
    aside, as of ``own_head``. ``auto``: the worker may bring a release in by itself while nothing was changed.
    """

    __tablename__ = "followings"
    __table_args__ = (UniqueConstraint("tenant_id", "fork_id"), _of_fork())

    id: Mapped[int] = mapped_column(primary_key=True)
    fork_id: Mapped[int]
    channel: Mapped[str] = mapped_column(Text, default=RELEASES, server_default=RELEASES)
    auto: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    head: Mapped[str] = mapped_column(Text, default="", server_default="")
    release_commit: Mapped[str] = mapped_column(Text, default="", server_default="")
    release_ahead: Mapped[int | None]
    release_behind: Mapped[int | None]
    main_commit: Mapped[str] = mapped_column(Text, default="", server_default="")
    main_ahead: Mapped[int | None]
    main_behind: Mapped[int | None]
    own_head: Mapped[str] = mapped_column(Text, default="", server_default="")
    own_files: Mapped[int | None]


class Sync(TenantOwned, Base):
    """One act that moves a fork's main to (or together with) ``theirs``: ``way`` says how.

    ``ours`` and ``theirs`` are the commits it was begun with; ``result`` is written before main is moved, so that who
    finds it `MOVING` can see whether it was. ``label`` is what people call ``theirs`` (``1.1.0``, ``main``).
    """

    __tablename__ = "syncs"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        _of_fork(),
        Index("uq_syncs_one_under_way", "fork_id", unique=True, postgresql_where=text("state in ('open', 'moving')")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fork_id: Mapped[int] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(Text, default=OPEN)
    way: Mapped[str] = mapped_column(Text)
    ours: Mapped[str] = mapped_column(Text)
    theirs: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text, default="")
    safety: Mapped[str] = mapped_column(Text, default="")
    by_itself: Mapped[bool] = mapped_column(default=False)
    job_id: Mapped[uuid.UUID | None]
    started_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="set null"))
    starter: Mapped[str] = mapped_column(Text, default="")
    started_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Choice(TenantOwned, Base):
    """What was decided about one conflict: ``side`` is ours, theirs or edited (then ``content`` is the text).

    It holds as long as the conflict's three versions are those of ``state``.
    """

    __tablename__ = "sync_choices"
    __table_args__ = (
        UniqueConstraint("tenant_id", "sync_id", "path"),
        ForeignKeyConstraint(["tenant_id", "sync_id"], ["syncs.tenant_id", "syncs.id"], ondelete="cascade"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sync_id: Mapped[int]
    path: Mapped[str] = mapped_column(Text)
    side: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text)
    chosen_by: Mapped[str] = mapped_column(Text, default="")
    chosen_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class News(TenantOwned, Base):
    """That a city was told of a release its fork has not got; ``mailed_at`` is None while the next digest is due."""

    __tablename__ = "fork_news"
    __table_args__ = (UniqueConstraint("tenant_id", "fork_id", "release_id"), _of_fork())

    id: Mapped[int] = mapped_column(primary_key=True)
    fork_id: Mapped[int]
    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id", ondelete="cascade"), index=True)
    security: Mapped[bool] = mapped_column(default=False)
    told_at: Mapped[datetime] = mapped_column(default=now)
    mailed_at: Mapped[datetime | None]
    release: Mapped[Release] = relationship(lazy="joined")


class SecurityRelease(Base):
    """A release that closes a hole: said by its change log, or marked by a maintainer afterwards."""

    __tablename__ = "security_releases"

    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id", ondelete="cascade"), primary_key=True)
    advice: Mapped[str] = mapped_column(Text, default="")
    marked_by: Mapped[str] = mapped_column(Text, default="")
    marked_at: Mapped[datetime] = mapped_column(default=now)
    release: Mapped[Release] = relationship(lazy="joined")
