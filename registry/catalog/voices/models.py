"""What people of cities say of an app, beside what the registry counts. Public: everybody reads it, so no tenant."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, Text, UniqueConstraint, or_
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

    ``instance_url`` is https or "", ``since`` the day they say, ``author_id`` who wrote last. ``version`` counts how
    often it was written: who writes it anew names the one he saw. A withdrawn one keeps its row and none of its words.
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
    version: Mapped[int] = mapped_column(default=1)
    withdrawn_at: Mapped[datetime | None]
    app: Mapped[App] = relationship()
    city: Mapped[City] = relationship(lazy="joined")


class Question(Moderated, Base):
    """A city's question about an app, and the answer of the publisher's maintainers ("" while there never was one).

    What is withdrawn is kept for those who wrote it, who can bring it back, and shown to nobody else. ``version``
    counts what happens to question and answer: who changes either names the one he saw. ``edited_at`` and
    ``answer_edited_at`` are shown; the words before are in the audit log. ``told_at`` and ``answer_told_at`` are when
    somebody was written to about it.
    """

    __tablename__ = "questions"
    __table_args__ = (Index("ix_questions_app_id", "app_id"), Index("ix_questions_city_id", "city_id", "created_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id"))
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="set null"))
    text: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    edited_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer_edited_at: Mapped[datetime | None]
    answer_withdrawn_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    answer_told_at: Mapped[datetime | None]
    app: Mapped[App] = relationship()
    city: Mapped[City] = relationship(lazy="joined")

    @property
    def answered(self) -> bool:
        """Whether an answer stands."""
        return self.answer != "" and self.answer_withdrawn_at is None

    @classmethod
    def waiting(cls) -> tuple[ColumnElement[bool], ...]:
        """Conditions of those that wait for an answer."""
        no_answer = or_(cls.answer == "", cls.answer_withdrawn_at.is_not(None))
        return cls.hidden_at.is_(None), cls.withdrawn_at.is_(None), no_answer
