"""What people of cities say of an app, beside what the registry counts. Public: everybody reads it, so no tenant."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.catalog.models import App
from registry.core.clock import now
from registry.core.db import Base
from registry.tenants.models import City


class Moderated:
    """Mixin: what a maintainer hid stays as a line with the reason, which everybody reads."""

    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[str] = mapped_column(Text, default="")


class Declaration(Moderated, Base):
    """How a city uses an app, in the words of its officials: one for each city and app.

    ``instance_url`` is https or "", ``since`` the day they say, ``author_id`` who wrote last. A withdrawn one keeps its
    row and none of its words.
    """

    __tablename__ = "declarations"
    __table_args__ = (UniqueConstraint("app_id", "city_id"), Index("ix_declarations_city_id", "city_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id"))
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="set null"))
    use_case: Mapped[str] = mapped_column(Text)
    instance_url: Mapped[str] = mapped_column(Text, default="")
    experience: Mapped[str] = mapped_column(Text, default="")
    since: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]
    app: Mapped[App] = relationship()
    city: Mapped[City] = relationship(lazy="joined")


class Question(Moderated, Base):
    """A city's question about an app, and the answer of the publisher's maintainers ("" while it waits)."""

    __tablename__ = "questions"
    __table_args__ = (Index("ix_questions_app_id", "app_id"), Index("ix_questions_city_id", "city_id", "created_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id"))
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="set null"))
    text: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    answered_at: Mapped[datetime | None]
    app: Mapped[App] = relationship()
    city: Mapped[City] = relationship(lazy="joined")
