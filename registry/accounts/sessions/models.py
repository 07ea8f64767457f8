"""Browsers people are signed in with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.core.clock import now
from registry.core.db import Base


class BrowserSession(Base):
    """A browser somebody signed in with. Its cookie holds a secret of which only the digest is kept here.

    ``strong``: a second factor was shown in it. ``confirmed_at``: when the person last proved to be there. ``browser``
    and ``system`` are families of names, ``network`` is the address without its last part: no more is kept.
    """

    __tablename__ = "browser_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="cascade"), index=True)
    digest: Mapped[str] = mapped_column(Text, unique=True)
    browser: Mapped[str] = mapped_column(Text)
    system: Mapped[str] = mapped_column(Text)
    network: Mapped[str] = mapped_column(Text)
    strong: Mapped[bool]
    signed_in_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now, index=True)
    confirmed_at: Mapped[datetime] = mapped_column(default=now)
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
