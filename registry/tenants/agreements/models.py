"""What a city has agreed with the publisher."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.clock import now
from registry.core.db import Base, TenantOwned


class Agreement(TenantOwned, Base):
    """A memorandum or a PKS between the publisher and a partner city (the tenant)."""

    __tablename__ = "agreements"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        CheckConstraint("kind in ('memorandum', 'pks')", name="kind"),
        CheckConstraint(
            "state in ('draft', 'proposed', 'signed', 'active', 'expired', 'terminated')", name="state"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text, default="draft")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    publisher_signatory: Mapped[str] = mapped_column(Text, default="")
    partner_signatory: Mapped[str] = mapped_column(Text, default="")
    publisher_signed_on: Mapped[date | None]
    partner_signed_on: Mapped[date | None]
    allows_variants: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
