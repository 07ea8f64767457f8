"""What cities offer to an app's original, and what both sides say of it. Public, as the code it is about: no tenant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.catalog.models import App
from registry.core.clock import now
from registry.core.db import Base
from registry.forge.proposals import rules
from registry.tenants.models import City


class Proposal(Base):
    """A branch of a city's fork, offered to the main branch of the app's upstream.

    ``head`` is the city's commit that is offered, ``target`` the upstream's main it was last held against. Of this
    pair are ``base`` (where they parted), ``offer`` (a commit of what is offered, without the city's nameplate),
    ``trial`` (a merge commit on trial, "" where there is none), ``fit`` (a code of `rules`), ``conflicts`` and
    ``counts``. ``result`` is written before main is moved: who finds the row `rules.DECIDING` sees whether it was.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        Index("ix_proposals_app_id", "app_id", "state"),
        Index("ix_proposals_city_id", "city_id", "state"),
        Index(
            "uq_proposals_one_open", "app_id", "city_id", "branch", unique=True,
            postgresql_where=text("state in ('open', 'deciding')"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id"))
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="set null"))
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text, default="")
    branch: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default=rules.OPEN)
    waits_for: Mapped[str] = mapped_column(Text, default=rules.PUBLISHER)
    head: Mapped[str] = mapped_column(Text, default="")
    target: Mapped[str] = mapped_column(Text, default="")
    base: Mapped[str] = mapped_column(Text, default="")
    offer: Mapped[str] = mapped_column(Text, default="")
    trial: Mapped[str] = mapped_column(Text, default="")
    fit: Mapped[str] = mapped_column(Text, default="")
    conflicts: Mapped[list[str]] = mapped_column(JSONB, default=list)
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    way: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="set null"))
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    app: Mapped[App] = relationship(lazy="joined")
    city: Mapped[City] = relationship(lazy="joined")
    author: Mapped[User | None] = relationship(foreign_keys=[author_id])

    @property
    def is_open(self) -> bool:
        return self.state in rules.UNDECIDED


class Remark(Base):
    """Something said or done by one ``side`` (``kind`` is one of `rules.KINDS`) when ``head`` was offered.

    A remark about a line has ``path``, ``line`` (its number on ``line_side``, `rules.OLD` or `rules.NEW`) and
    ``line_text``, which tells whether the line is still the same. ``told_at`` is when the other side was written to.
    """

    __tablename__ = "proposal_remarks"
    __table_args__ = (Index("ix_proposal_remarks_proposal_id", "proposal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id", ondelete="cascade"))
    kind: Mapped[str] = mapped_column(Text)
    side: Mapped[str] = mapped_column(Text)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="set null"))
    text: Mapped[str] = mapped_column(Text, default="")
    head: Mapped[str] = mapped_column(Text, default="")
    path: Mapped[str] = mapped_column(Text, default="")
    line: Mapped[int | None]
    line_side: Mapped[str] = mapped_column(Text, default="")
    line_text: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    told_at: Mapped[datetime | None]
    city: Mapped[City] = relationship(lazy="joined")
    proposal: Mapped[Proposal] = relationship()


class VariantRequest(Base):
    """A city asks to publish its fork as an app of its own, beside the original (``app``), as ``slug``.

    ``head`` is the fork's commit that was looked over when it asked: exactly this is published. ``state`` is one of
    `rules.ASKED`, `rules.APPROVED`, `rules.REFUSED`.
    """

    __tablename__ = "variant_requests"
    __table_args__ = (
        Index(
            "uq_variant_requests_one_open", "app_id", "city_id", unique=True, postgresql_where=text("state = 'asked'")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id"))
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="set null"))
    name: Mapped[str] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    head: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default=rules.ASKED)
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="set null"))
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    app: Mapped[App] = relationship(lazy="joined")
    city: Mapped[City] = relationship(lazy="joined")
