"""The catalog's version: a number that changes with the commit of whatever changes what the catalog tells.

The database counts by itself (triggers on apps, releases, closed holes, adoptions and cities), so nobody can forget it.
Who reads the version before the rest may keep what it made under it: content read later can only be newer, and then
the next version makes it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.db import Base, db

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class CatalogState(Base):
    """One row, written by the database itself."""

    __tablename__ = "catalog_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    changed_at: Mapped[datetime]


@dataclass(frozen=True)
class Version:
    """``number`` is never used twice; ``changed_at`` tells versions apart after a restore from a backup, too."""

    number: int
    changed_at: datetime

    def __str__(self) -> str:
        return f"{self.number}-{(self.changed_at - BEGAN) // MICROSECOND}"

    @classmethod
    def read(cls, text: str) -> Version:
        """From what it was written as."""
        number, _dash, moment = text.partition("-")
        return cls(int(number), BEGAN + int(moment) * MICROSECOND)


EMPTY = Version(0, BEGAN)
"""Of a catalog nothing was ever written to."""


def version() -> Version:
    """Now: one small query."""
    row = db.session.execute(select(CatalogState.version, CatalogState.changed_at)).first()
    return Version(*row) if row else EMPTY
