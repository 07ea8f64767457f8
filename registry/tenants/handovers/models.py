"""Handovers: one numbered document for each adoption, with everything it says as it was said then."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.core.clock import now
from registry.core.db import Base, TenantOwned
from registry.tenants.models import City


class Handover(TenantOwned, Base):
    """That an app went from its publisher to the city (the tenant). What it says of app and parties never changes.

    ``sha256`` and ``size`` are those of the release's tar.gz. ``parties`` holds a `papers.Party` of each side.
    ``handed_on`` is the day of the fork, ``made_on`` that of the document; they differ where it was noted later.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        UniqueConstraint("publisher_id", "year", "serial"),
        Index("ix_handovers_app", "tenant_id", "app"),
        ForeignKeyConstraint(["publisher_id"], ["cities.id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    publisher_id: Mapped[int]
    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text, unique=True)
    app: Mapped[str] = mapped_column(Text)
    app_name: Mapped[str] = mapped_column(Text)
    release: Mapped[str] = mapped_column(Text)
    commit: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    licence: Mapped[str] = mapped_column(Text)
    parties: Mapped[dict[str, Any]] = mapped_column(JSONB)
    pks_number: Mapped[str] = mapped_column(Text, default="")
    pks_on: Mapped[date | None]
    handed_on: Mapped[date]
    made_on: Mapped[date]
    publisher_signatory: Mapped[str] = mapped_column(Text, default="")
    publisher_signed_on: Mapped[date | None]
    partner_signatory: Mapped[str] = mapped_column(Text, default="")
    partner_signed_on: Mapped[date | None]
    revoked_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    city: Mapped[City] = relationship(lazy="joined", foreign_keys="Handover.tenant_id", viewonly=True)
    publisher: Mapped[City] = relationship(lazy="joined", foreign_keys="Handover.publisher_id", viewonly=True)


class HandoverScan(TenantOwned, Base):
    """A scan of the signed paper that one side brought (`registry.tenants.documents.files`)."""

    __tablename__ = "handover_scans"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        ForeignKeyConstraint(["tenant_id", "handover_id"], ["handovers.tenant_id", "handovers.id"]),
        Index("ix_handover_scans_handover", "tenant_id", "handover_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int]
    side: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    media: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(default=now)


class HandoverCode(Base):
    """Whose handover a code names. Public: whoever holds a paper asks before any city is known, and the code is the
    key. The document itself is read in that city's scope.
    """

    __tablename__ = "handover_codes"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"))


class HandoverCounter(Base):
    """The last number a publisher gave in a year. Its row is held until the act that took a number is committed, so
    that no number is given twice and none is missing.
    """

    __tablename__ = "handover_counters"

    publisher_id: Mapped[int] = mapped_column(ForeignKey("cities.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
