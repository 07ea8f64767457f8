"""What an agreement says, as plain values: its parties, its terms, its whole text's facts. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

MEMORANDUM, PKS = "memorandum", "pks"
PUBLISHER, PARTNER = "publisher", "partner"
ASSISTANCE = ("none", "installation", "operation")
"""How far the publisher helps: not at all, until the app is installed, also while it runs."""

MAX_LINE, MAX_TERMS, MAX_APPS = 160, 4_000, 400
NIP = re.compile(r"\d{18}")
REGENCY = "Kabupaten "


@dataclass(frozen=True)
class Party:
    """One side on paper. Only ``institution`` and ``office`` are needed; ``mandate`` is the power of attorney by which
    somebody signs for the head of the institution.
    """

    institution: str = ""
    address: str = ""
    office: str = ""
    name: str = ""
    nip: str = ""
    mandate: str = ""

    @classmethod
    def from_json(cls, value: Any) -> Party:
        """What is known of it; anything else is left out."""
        told = value if isinstance(value, Mapping) else {}
        return cls(**{one.name: str(told.get(one.name) or "")[:MAX_LINE] for one in fields(cls)})

    def to_json(self) -> dict[str, str]:
        return asdict(self)

    @property
    def problem(self) -> tuple[str, str] | None:
        """The field that is wrong, and why (a stable code)."""
        for one in fields(self):
            if len(getattr(self, one.name)) > MAX_LINE or not getattr(self, one.name).isprintable():
                return one.name, "long-line"
        return ("nip", "nip") if self.nip and not NIP.fullmatch(self.nip.replace(" ", "")) else None


@dataclass(frozen=True)
class Conditions:
    """What may be done with the apps. ``apps`` are slugs, None means all."""

    apps: tuple[str, ...] | None = None
    variants: bool = True
    commercial: bool = False
    attribution: bool = True
    assistance: str = "installation"
    more: str = ""

    def covers(self, app: str | None) -> bool:
        """Whether the app is in the scope; asked without an app, whether there is a scope at all."""
        return app is None or self.apps is None or app in self.apps


@dataclass(frozen=True)
class Draft:
    """What an agreement says before anybody signs."""

    number: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    allows_variants: bool = True
    partner_number: str = ""
    place: str = ""
    dated_on: date | None = None
    allows_commercial: bool = False
    requires_attribution: bool = True
    assistance: str = "installation"
    more_terms: str = ""
    scope_apps: tuple[str, ...] | None = None
    publisher: Party = field(default_factory=Party)
    partner: Party = field(default_factory=Party)

    @property
    def columns(self) -> dict[str, Any]:
        """As the table keeps it."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        parties = {side: told.pop(side).to_json() for side in (PUBLISHER, PARTNER)}
        apps = None if self.scope_apps is None else sorted(set(self.scope_apps))
        return {**told, "scope_apps": apps, "parties": parties}


def problems(draft: Draft, known_apps: Sequence[str] | Mapping[str, str]) -> list[tuple[str, str]]:
    """Every (field, stable code) that is wrong with what a draft says, whether it is complete or not."""
    found = [
        (name, "long-line")
        for name in ("number", "partner_number", "place")
        if len(getattr(draft, name)) > MAX_LINE or not getattr(draft, name).isprintable()
    ]
    if draft.assistance not in ASSISTANCE:
        found.append(("assistance", "assistance"))
    if len(draft.more_terms) > MAX_TERMS or "\0" in draft.more_terms:
        found.append(("more_terms", "long-terms"))
    if draft.starts_on and draft.ends_on and draft.ends_on <= draft.starts_on:
        found.append(("ends_on", "backwards"))
    for side, party in ((PUBLISHER, draft.publisher), (PARTNER, draft.partner)):
        if wrong := party.problem:
            found.append((f"{side}_{wrong[0]}", wrong[1]))
    return found + _scope_problems(draft.scope_apps, known_apps)


def _scope_problems(apps: tuple[str, ...] | None, known: Sequence[str] | Mapping[str, str]) -> list[tuple[str, str]]:
    if apps is None:
        return []
    if not apps or len(apps) > MAX_APPS:
        return [("apps", "no-apps")]
    return [("apps", "unknown-app")] if any(app not in known for app in apps) else []


def head_of(kind: str, city_name: str, institution: str = "") -> Party:
    """Who usually signs for a city: the head of region a memorandum, the head of Diskominfo a PKS."""
    if kind == MEMORANDUM:
        return Party(institution=f"Pemerintah {city_name}", office=head_of_region(city_name))
    agency = institution or "Dinas Komunikasi dan Informatika"
    agency = agency if city_name in agency else f"{agency} {city_name}"
    return Party(institution=agency, office=f"Kepala {agency}")


def head_of_region(city_name: str) -> str:
    """*Wali Kota Bontang*, *Bupati Balangan*."""
    if city_name.startswith(REGENCY):
        return f"Bupati {city_name.removeprefix(REGENCY)}"
    return f"Wali {city_name}" if city_name.startswith("Kota ") else f"Wali Kota {city_name}"
