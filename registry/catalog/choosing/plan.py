"""What a city will adopt: by quarter and by the unit (OPD) that will own it, for the screen and as a table file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from registry.catalog.choosing import rules, service
from registry.catalog.choosing.models import ShortlistItem
from registry.core.clock import day_of
from registry.core.tables import BOM, row
from registry.tenants.models import City, Opd

TOLD = 5
"""Apps named when a unit cannot be removed."""


@dataclass(frozen=True)
class Plan:
    """``quarters`` and ``units`` are those with something in them; each app stands in one cell."""

    quarters: tuple[str, ...]
    units: tuple[Opd, ...]
    items: tuple[ShortlistItem, ...]

    def at(self, quarter: str, unit: Opd) -> list[ShortlistItem]:
        return [item for item in self.items if item.quarter == quarter and item.opd_id == unit.id]


def plan_of(city: City) -> Plan:
    """Earliest quarter first, units by name."""
    adopted = [item for item in service.shortlist(city) if item.decision == rules.ADOPT and item.opd is not None]
    adopted.sort(key=lambda item: (item.quarter, item.opd.name if item.opd else "", item.app.name))
    units = {item.opd.id: item.opd for item in adopted if item.opd is not None}
    quarters = tuple(sorted({item.quarter for item in adopted}))
    return Plan(quarters, tuple(sorted(units.values(), key=lambda unit: unit.name)), tuple(adopted))


def holds(city: City, unit: Opd) -> str | None:
    """Why this unit cannot be removed: the apps it will own by the plan."""
    names = [item.app.name for item in plan_of(city).items if item.opd_id == unit.id]
    if not names:
        return None
    told = ", ".join(names[:TOLD]) + (", …" if len(names) > TOLD else "")
    return _("By the plan %(unit)s will own %(apps)s: reopen that on the shortlist and choose another unit first.",
             unit=unit.name, apps=told)  # fmt: skip


def as_csv(items: Sequence[ShortlistItem], origin: str) -> str:
    """RFC 4180 with a byte-order mark, by which spreadsheets know UTF-8; no cell is a formula."""
    heads = (_("Quarter"), _("Unit (OPD)"), _("App"), _("Address"), _("Reason"), _("Decided by"), _("Decided on"),
             _("yes"), _("maybe"), _("no"))  # fmt: skip
    return BOM + row(heads) + "".join(row(_cells(item, origin)) for item in items)


def _cells(item: ShortlistItem, origin: str) -> tuple[object, ...]:
    votes = service.tally_of(item)
    day = day_of(item.decided_at).isoformat() if item.decided_at else ""
    return (item.quarter, item.opd.name if item.opd else "", item.app.name, f"{origin}/apps/{item.app.slug}",
            item.reason, item.decided_by, day, votes.yes, votes.maybe, votes.no)  # fmt: skip
