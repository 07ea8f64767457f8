"""The catalog's tables. All public by construction: what they hold is shown to everybody, so no row has a tenant."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Computed, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.core.clock import now
from registry.core.db import Base
from registry.tenants.models import City

UID = "overlay(overlay(md5('lumbung:app:' || slug) placing '4' from 13 for 1) placing '8' from 17 for 1)::uuid"
"""Made of the name alone, so it is the same in every installation; written as version 4, the only one that the
Software Catalog API of Developers Italia allows."""


class App(Base):
    """A catalog entry. ``publiccode`` is the file as published, ``facts`` the same parsed.

    ``terms`` are the words the search finds it by (`registry.catalog.search.terms`), made from the facts.

    ``dimensions`` and ``affairs`` are codes of smart-city dimensions and government affairs, derived unless
    ``classed_by_hand``; ``audience`` the scopes of publiccode.yml. ``runtime``, ``needs`` (codes) and ``rating`` (a
    grade, "" without one) are those of the newest release. ``described_only``: the source is not here yet. A
    deprecated app stays; ``successor`` takes its place. ``uid`` names it to other catalogs.
    """

    __tablename__ = "apps"
    __table_args__ = (
        Index("ix_apps_source", text("(facts ->> 'url')"), postgresql_using="hash"),
        Index("ix_apps_created_at_id", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    uid: Mapped[uuid.UUID] = mapped_column(Computed(UID, persisted=True), unique=True)
    name: Mapped[str] = mapped_column(Text)
    publisher_id: Mapped[int] = mapped_column(ForeignKey("cities.id"), index=True)
    publiccode: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    maturity: Mapped[str] = mapped_column(Text)
    licence: Mapped[str] = mapped_column(Text)
    categories: Mapped[list[str]] = mapped_column(JSONB, default=list)
    terms: Mapped[str] = mapped_column(Text, default="", deferred=True)
    dimensions: Mapped[list[str]] = mapped_column(JSONB, default=list)
    affairs: Mapped[list[str]] = mapped_column(JSONB, default=list)
    classed_by_hand: Mapped[bool] = mapped_column(default=False)
    audience: Mapped[list[str]] = mapped_column(JSONB, default=list)
    runtime: Mapped[str] = mapped_column(Text, default="")
    needs: Mapped[list[str]] = mapped_column(JSONB, default=list)
    rating: Mapped[str] = mapped_column(Text, default="")
    described_only: Mapped[bool] = mapped_column(default=False)
    deprecated_at: Mapped[datetime | None]
    deprecation: Mapped[str] = mapped_column(Text, default="")
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("apps.id"), index=True)
    based_on_id: Mapped[int | None] = mapped_column(ForeignKey("apps.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    publisher: Mapped[City] = relationship(lazy="joined")
    based_on: Mapped[App | None] = relationship(remote_side="App.id", foreign_keys=[based_on_id])
    successor: Mapped[App | None] = relationship(remote_side="App.id", foreign_keys=[successor_id])


class Release(Base):
    """An immutable version of an app. ``tree`` is git's tree hash, ``sha256`` that of the tar.gz, ``size`` its bytes.

    ``lock`` is the SHA-256 of the bytes of ``requirements.txt`` ("" without one). A yanked release stays readable and
    keeps running where it runs; nobody new gets it. ``rating`` is the safety rating with its parts, as JSON.
    """

    __tablename__ = "releases"
    __table_args__ = (
        UniqueConstraint("app_id", "version"),
        Index("ix_releases_news", text("greatest(published_at, yanked_at)"), "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id"))
    version: Mapped[str] = mapped_column(Text)
    tag: Mapped[str] = mapped_column(Text)
    commit: Mapped[str] = mapped_column(Text)
    tree: Mapped[str] = mapped_column(Text, index=True)
    lock: Mapped[str] = mapped_column(Text, default="")
    manifest: Mapped[dict[str, Any]] = mapped_column(JSONB)
    config_schema: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(Text)
    changelog: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime] = mapped_column(default=now)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="set null"))
    yanked_at: Mapped[datetime | None]
    yank_reason: Mapped[str] = mapped_column(Text, default="")
    rating: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    app: Mapped[App] = relationship()


class Adoption(Base):
    """That a city runs an app, or did: a fact of the registry, never typed by hand (``usedBy`` proves nothing)."""

    __tablename__ = "adoptions"

    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id"), primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[str] = mapped_column(Text, default="")
    running: Mapped[bool] = mapped_column(default=False)
    city: Mapped[City] = relationship(lazy="joined")
