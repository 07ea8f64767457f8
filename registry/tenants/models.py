"""Cities, their units and their people's roles."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.core.clock import now
from registry.core.db import Base, TenantOwned


class City(Base):
    """A kabupaten/kota. Public: the catalog tells who takes part. ``code`` is Kemendagri's, never BPS's."""

    __tablename__ = "cities"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    province: Mapped[str] = mapped_column(Text)
    timezone: Mapped[str] = mapped_column(Text, default="Asia/Jakarta")
    locale: Mapped[str] = mapped_column(Text, default="id")
    color: Mapped[str] = mapped_column(Text, default="#0b5c4a")
    logo: Mapped[str] = mapped_column(Text, default="")
    publisher: Mapped[bool] = mapped_column(default=False)
    demo: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(Text, default="applied")
    state_reason: Mapped[str] = mapped_column(Text, default="")
    contact_name: Mapped[str] = mapped_column(Text, default="")
    contact_office: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (CheckConstraint("state in ('applied', 'admitted', 'declined')", name="state"),)


class Opd(TenantOwned, Base):
    """A unit of a city's government; plugins and people belong to one. ``parent_id``: the unit it is part of."""

    __tablename__ = "opd"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        UniqueConstraint("tenant_id", "name"),
        ForeignKeyConstraint(["tenant_id", "parent_id"], ["opd.tenant_id", "opd.id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    parent_id: Mapped[int | None] = mapped_column(index=True)


class Membership(Base):
    """A person's role in a city. Not tenant-owned: it decides which city a session may enter, so it is read before.

    ``role`` is maintainer, admin or auditor for the whole city (``plugin`` empty), or administrator or operator of one
    ``plugin`` by its name. A person may be appointed before the plugin is deployed.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("city_id", "user_id", "role", "plugin"),
        CheckConstraint("role in ('maintainer', 'admin', 'auditor', 'administrator', 'operator')", name="role"),
        CheckConstraint("(plugin = '') = (role in ('maintainer', 'admin', 'auditor'))", name="plugin"),
        ForeignKeyConstraint(["city_id", "opd_id"], ["opd.tenant_id", "opd.id"]),
        Index("ix_memberships_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="cascade"))
    role: Mapped[str] = mapped_column(Text)
    plugin: Mapped[str] = mapped_column(Text, default="")
    opd_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    city: Mapped[City] = relationship(lazy="joined")
    user: Mapped[User] = relationship(lazy="joined")
