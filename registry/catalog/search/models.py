"""What tells every process that an app's entry is no longer as it knows it."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.db import Base


class SearchChange(Base):
    """The transaction that last touched an app, its releases or its adoptions: written by triggers at the commit.

    Kept when the app is gone, so that everybody hears of that, too. No tenant: it repeats what the catalog shows.
    """

    __tablename__ = "search_changes"
    __table_args__ = (Index("ix_search_changes_changed", "changed"),)

    app_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    changed: Mapped[int]
