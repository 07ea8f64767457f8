"""People: not owned by a city, for a person may work for several (see `registry.tenants.models.Membership`)."""

from __future__ import annotations

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.core.clock import now
from registry.core.db import Base


class User(UserMixin, Base):
    __tablename__ = "users"
    __table_args__ = (Index("uq_users_email", text("lower(email)"), unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text, default="id")
    session_key: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    signed_in_at: Mapped[datetime | None]

    @property
    def is_active(self) -> bool:
        return self.active

    def get_id(self) -> str:
        """What the browser session names: changes with the password, so that every old session ends."""
        return f"{self.id}.{self.session_key}"


class Token(Base):
    """A bearer secret for the API and git; only its digest is kept."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="cascade"), index=True)
    name: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    scopes: Mapped[list[str]] = mapped_column(JSONB, default=lambda: ["everything"], server_default='["everything"]')
    """Of `registry.accounts.rules.SCOPES`."""
    warned_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(lazy="joined")


class SignInAttempt(Base):
    """One failed sign-in; counted per address and per account to throttle guessing."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)


class SignOut(Base):
    """From ``at`` on, plugins refuse this person's tokens given before: those of one city, or of all (no ``city_id``).

    Rows outlive the tokens they are about by a little (`registry.accounts.sign_outs`), then they go.
    """

    __tablename__ = "sign_outs"
    __table_args__ = (Index("ix_sign_outs_user_id_at", "user_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="cascade"))
    city_id: Mapped[int | None] = mapped_column(ForeignKey("cities.id"))
    at: Mapped[datetime] = mapped_column(default=now)
