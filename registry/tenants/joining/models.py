"""What signing up keeps: Kemendagri's list, drafts on their way, and applications with what was said about them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.core.clock import now
from registry.core.db import Base, TenantOwned


class Region(Base):
    """A kabupaten or kota as Kemendagri lists it. ``words`` is its name as it is looked for (`naming.plain`).

    ``by_hand``: a maintainer wrote it, no list had it yet.
    """

    __tablename__ = "regions"
    __table_args__ = (
        CheckConstraint("kind in ('kota', 'kabupaten')", name="kind"),
        Index("ix_regions_words", "words"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    province: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    by_hand: Mapped[bool] = mapped_column(default=False)


class FormerCode(Base):
    """A code a region had before a renumbering: it leads to the present one."""

    __tablename__ = "former_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id", ondelete="cascade"), index=True)
    region: Mapped[Region] = relationship(lazy="joined")


class RegionList(Base):
    """One official list that was taken in: when, by whom, and what it changed."""

    __tablename__ = "region_lists"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    actor: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)
    added: Mapped[int]
    changed: Mapped[int]
    renumbered: Mapped[int]
    unchanged: Mapped[int]
    missing: Mapped[int]


class JoinDraft(Base):
    """A form that is not sent yet: of an account, or of whoever holds the link (only its digest is kept).

    ``answers`` are the fields as they were typed, also while they are wrong.
    """

    __tablename__ = "join_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(Text, unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="cascade"), unique=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    mailed_to: Mapped[str] = mapped_column(Text, default="")
    mailed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    saved_at: Mapped[datetime] = mapped_column(default=now, index=True)


class CityApplication(TenantOwned, Base):
    """The one application of a city. ``version`` counts its acts: who decides names the one he saw.

    ``proof`` is how the office is shown (mail, letter, other); ``proven_at`` says that it was, by the link sent to
    ``proof_mail`` or by the maintainer in ``proven_by``. ``round`` grows when somebody else applies for a city that
    was declined: what was said before is then for maintainers only.
    """

    __tablename__ = "applications"
    __table_args__ = (
        UniqueConstraint("tenant_id"),
        CheckConstraint("state in ('waiting', 'asked', 'admitted', 'declined')", name="state"),
        CheckConstraint("proof in ('mail', 'letter', 'other')", name="proof"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=0)
    round: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(Text, default="waiting")
    head: Mapped[str] = mapped_column(Text, default="")
    mail: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(Text, default="")
    applicant_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="set null"))
    proof: Mapped[str] = mapped_column(Text, default="other")
    proof_mail: Mapped[str] = mapped_column(Text, default="")
    proven_at: Mapped[datetime | None]
    proven_by: Mapped[str] = mapped_column(Text, default="")
    proven_how: Mapped[str] = mapped_column(Text, default="")
    letter_digest: Mapped[str] = mapped_column(Text, default="")
    letter_name: Mapped[str] = mapped_column(Text, default="")
    letter_kind: Mapped[str] = mapped_column(Text, default="")
    letter_size: Mapped[int] = mapped_column(default=0)
    letter_number: Mapped[str] = mapped_column(Text, default="")
    letter_on: Mapped[date | None]
    sent_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)


class ApplicationNote(TenantOwned, Base):
    """What was done or said about an application: who, when and why. Never changed."""

    __tablename__ = "application_notes"
    __table_args__ = (
        CheckConstraint(
            "kind in ('applied', 'asked', 'answered', 'admitted', 'declined', 'reapplied', 'proved', 'checked',"
            " 'corrected', 'letter')",
            name="kind",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(default=now)
    actor_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text, default="")
