"""A city's shortlist: apps it thinks about, what its people say, how its units vote, what was decided."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.catalog.models import App
from registry.core.clock import now
from registry.core.db import Base, TenantOwned
from registry.tenants.models import Opd


class ShortlistItem(TenantOwned, Base):
    """One app a city thinks about. Names of people are kept, so that they still read when the person left.

    ``version`` counts what happens to the item as a whole (decided, reopened, removed, put back): who acts names the
    one he saw. ``decision`` is "" while open. Only an adopted app has ``opd_id``, the unit that will own it, and
    ``quarter`` (``2027-Q1``). A removed item stays and can be put back.
    """

    __tablename__ = "shortlist_items"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        UniqueConstraint("tenant_id", "app_id"),
        CheckConstraint("decision in ('', 'adopt', 'later', 'not')", name="decision"),
        CheckConstraint("(decision = 'adopt') = (opd_id is not null and quarter <> '')", name="plan"),
        ForeignKeyConstraint(["tenant_id", "opd_id"], ["opd.tenant_id", "opd.id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id", ondelete="cascade"))
    why: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)
    decision: Mapped[str] = mapped_column(Text, default="")
    opd_id: Mapped[int | None]
    quarter: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str] = mapped_column(Text, default="")
    app: Mapped[App] = relationship(lazy="joined")
    opd: Mapped[Opd | None] = relationship(lazy="joined", viewonly=True)
    notes: Mapped[list[ShortlistNote]] = relationship(order_by="ShortlistNote.id", lazy="selectin", viewonly=True)
    votes: Mapped[list[ShortlistVote]] = relationship(order_by="ShortlistVote.id", lazy="selectin", viewonly=True)


class ShortlistNote(TenantOwned, Base):
    """What a person of the city says about an app on the list; only this person changes or removes it."""

    __tablename__ = "shortlist_notes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "item_id"], ["shortlist_items.tenant_id", "shortlist_items.id"], ondelete="cascade"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="set null"))
    author: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    edited_at: Mapped[datetime | None]


class ShortlistVote(TenantOwned, Base):
    """The one vote of a unit (OPD), and who cast it."""

    __tablename__ = "shortlist_votes"
    __table_args__ = (
        UniqueConstraint("item_id", "opd_id"),
        CheckConstraint("choice in ('yes', 'maybe', 'no')", name="choice"),
        ForeignKeyConstraint(
            ["tenant_id", "item_id"], ["shortlist_items.tenant_id", "shortlist_items.id"], ondelete="cascade"
        ),
        ForeignKeyConstraint(["tenant_id", "opd_id"], ["opd.tenant_id", "opd.id"], ondelete="cascade"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int]
    opd_id: Mapped[int]
    choice: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    voter: Mapped[str] = mapped_column(Text)
    cast_at: Mapped[datetime] = mapped_column(default=now)
    opd: Mapped[Opd] = relationship(lazy="joined", viewonly=True)
