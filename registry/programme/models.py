"""What the programme keeps of its own past."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.db import Base


class AdoptionMonth(Base):
    """That a city had an app in a month, and whether it ran: as `Adoption` said when the month was last looked at.

    ``month`` is its first day. A city that stops leaves no row in the months after.
    """

    __tablename__ = "adoption_months"

    month: Mapped[date] = mapped_column(primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id", ondelete="cascade"), primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"), primary_key=True)
    running: Mapped[bool]
