"""A city's fork of an app. Its repository's place follows from the two slugs (`registry.forge.storage`)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.catalog.models import App, Release
from registry.core.clock import now
from registry.core.db import Base, TenantOwned
from registry.tenants.models import City


class Fork(TenantOwned, Base):
    """``base_release`` is the release it was made from, or last brought up to."""

    __tablename__ = "forks"
    __table_args__ = (UniqueConstraint("tenant_id", "app_id"), UniqueConstraint("tenant_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id"), index=True)
    base_release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="set null"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    app: Mapped[App] = relationship(lazy="joined")
    base_release: Mapped[Release] = relationship(lazy="joined")
    city: Mapped[City] = relationship(lazy="joined")
