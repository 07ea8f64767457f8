"""What a person shows besides the password."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.core.clock import now
from registry.core.db import Base


class CodeApp(Base):
    """An app that shows one-time codes (TOTP, RFC 6238); a person has at most one.

    ``secret`` is sealed by the vault. ``last_step`` is the newest step of 30 seconds a code was taken of: none of it or
    before it is taken again.
    """

    __tablename__ = "code_apps"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="cascade"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A key of WebAuthn: on a phone, a computer or a stick; the public half."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="cascade"), index=True)
    name: Mapped[str] = mapped_column(Text)
    credential: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    transports: Mapped[list[str]] = mapped_column(JSONB, default=list)
    created_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class RecoveryCode(Base):
    """For the day the phone is gone: ten random codes, each once; only their digests are kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="cascade"))
    digest: Mapped[str] = mapped_column(Text)
    used_at: Mapped[datetime | None]


class UsedChallenge(Base):
    """A challenge a passkey has answered: the same answer is not taken twice. Gone when it would be too old anyway."""

    __tablename__ = "used_challenges"

    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
