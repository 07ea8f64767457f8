"""Who signs with which key, and the list of everything ever released."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.core.clock import now
from registry.core.db import Base


class PersonKey(Base):
    """A public key a person signs with, proved by a signature when it was added. Public by its nature.

    ``fingerprint`` is of the very key that signs (of OpenPGP perhaps a subkey); it stays with its person for good, also
    when it was revoked. ``text`` is as given: a line of OpenSSH, or armour.
    """

    __tablename__ = "person_keys"
    __table_args__ = (CheckConstraint("kind in ('ssh', 'openpgp')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="cascade"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    revoked_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(lazy="joined")


class LogLine(Base):
    """One file of a release in the transparency log, as `registry.forge.signatures.ledger` writes it.

    Lines are added and never changed: the database refuses it. They name no row of the catalog, whatever becomes of it.
    """

    __tablename__ = "transparency_lines"
    __table_args__ = (UniqueConstraint("app", "version", "kind"),)

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(Text)
    app: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    chain: Mapped[str] = mapped_column(Text)
