"""What a city has agreed with the publisher, on which papers, and everything that happened to it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.clock import now
from registry.core.db import Base, TenantOwned


class Agreement(TenantOwned, Base):
    """A memorandum or a PKS between the publisher and a partner city (the tenant), or an addendum to one.

    ``number`` is the publisher's (pihak kesatu), ``partner_number`` the city's own. ``scope_apps`` are slugs; None
    means every app. ``parties`` holds a `contents.Party` of each side. ``version`` grows with every act on it.
    """

    __tablename__ = "agreements"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        ForeignKeyConstraint(["tenant_id", "parent_id"], ["agreements.tenant_id", "agreements.id"]),
        CheckConstraint("kind in ('memorandum', 'pks')", name="kind"),
        CheckConstraint(
            "state in ('draft', 'proposed', 'signed', 'active', 'expired', 'terminated')", name="state"
        ),
        CheckConstraint("relation in ('', 'renewal', 'amendment')", name="relation"),
        CheckConstraint("assistance in ('none', 'installation', 'operation')", name="assistance"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text, default="")
    partner_number: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text, default="draft")
    parent_id: Mapped[int | None]
    relation: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    terminates_on: Mapped[date | None]
    dated_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(Text, default="")
    parties: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    publisher_signatory: Mapped[str] = mapped_column(Text, default="")
    partner_signatory: Mapped[str] = mapped_column(Text, default="")
    publisher_signed_on: Mapped[date | None]
    partner_signed_on: Mapped[date | None]
    scope_apps: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    allows_variants: Mapped[bool] = mapped_column(default=True)
    allows_commercial: Mapped[bool] = mapped_column(default=False)
    requires_attribution: Mapped[bool] = mapped_column(default=True)
    assistance: Mapped[str] = mapped_column(Text, default="installation")
    more_terms: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


def of_agreement() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant_id", "agreement_id"], ["agreements.tenant_id", "agreements.id"])


class AgreementEvent(TenantOwned, Base):
    """One act on an agreement: who, when, why. Nobody changes or deletes a row, not even the owner of the table."""

    __tablename__ = "agreement_events"
    __table_args__ = (of_agreement(), Index("ix_agreement_events_agreement", "tenant_id", "agreement_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    actor_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(Text)
    act: Mapped[str] = mapped_column(Text)
    side: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int]


class AgreementPaper(TenantOwned, Base):
    """A file kept beside an agreement (`registry.tenants.documents.files`): the text as it was drawn for a version, or
    a signed scan that one side brought.
    """

    __tablename__ = "agreement_papers"
    __table_args__ = (
        of_agreement(),
        UniqueConstraint("tenant_id", "id"),
        CheckConstraint("kind in ('draft', 'scan')", name="kind"),
        Index("ix_agreement_papers_agreement", "tenant_id", "agreement_id"),
        Index(
            "uq_agreement_papers_one_draft", "tenant_id", "agreement_id", "version", unique=True,
            postgresql_where=text("kind = 'draft'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int]
    kind: Mapped[str] = mapped_column(Text)
    side: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    media: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(default=now)


class AgreementReminder(TenantOwned, Base):
    """That both sides were told: of ``step`` days before the end ``ends_on``, or that it began or ended."""

    __tablename__ = "agreement_reminders"
    __table_args__ = (of_agreement(), UniqueConstraint("tenant_id", "agreement_id", "ends_on", "step"))

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int]
    ends_on: Mapped[date]
    step: Mapped[str] = mapped_column(Text)
    told_at: Mapped[datetime] = mapped_column(default=now)


class Suspension(TenantOwned, Base):
    """A maintainer closed the city's plugins for its citizens, and perhaps opened them again.

    ``plugins`` are the names of those this closed: what was closed before stays closed afterwards.
    """

    __tablename__ = "suspensions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        Index("uq_suspensions_one_open", "tenant_id", unique=True, postgresql_where=text("ended_at is null")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    plugins: Mapped[list[str]] = mapped_column(JSONB)
    begun_by: Mapped[str] = mapped_column(Text)
    begun_at: Mapped[datetime] = mapped_column(default=now)
    ended_by: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]


class ProgrammeSettings(Base):
    """The one row of what the maintainers decided for all agreements (`settings.Programme`)."""

    __tablename__ = "programme_settings"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
