"""The city itself, its units, people and agreements, from an archive. Each is made once; what is there stays."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from registry.accounts import service as accounts
from registry.backups.export_format import FormatError, Manifest
from registry.core import audit
from registry.core.db import db
from registry.core.errors import ConflictError
from registry.tenants import rules
from registry.tenants.joining import service as joining
from registry.tenants.joining.regions import codes_of, present_code
from registry.tenants.models import City, Opd
from registry.tenants.people import service as people
from registry.tenants.people.rules import parent_problem

MAX_JSON = 64 * 2**20
MAX_ROWS = 20_000


def read(folder: Path, name: str, kind: type) -> Any:
    """A JSON file of the archive. Raises FormatError when it is of another shape."""
    path = folder / name
    try:
        if path.stat().st_size > MAX_JSON:
            raise FormatError(f"{name} is too large")
        value = json.loads(path.read_text())
    except (OSError, ValueError, RecursionError) as error:
        raise FormatError(f"{name} cannot be read: {error}") from None
    if not isinstance(value, kind) or (isinstance(value, list) and len(value) > MAX_ROWS):
        raise FormatError(f"{name} is not what belongs there")
    return value


def find_city(manifest: Manifest) -> City | None:
    """The city of the archive where it exists, also after its code was renumbered.

    Raises ConflictError when only its code or its slug does.
    """
    codes, slug = codes_of(present_code(manifest.city["code"])), manifest.city["slug"]
    same = list(db.session.scalars(select(City).where(or_(City.code.in_(codes), City.slug == slug))))
    for city in same:
        if city.code not in codes or city.slug != slug:
            told = {"city": city.name, "code": city.code, "slug": city.slug}
            raise ConflictError(_("%(city)s is here as %(code)s (%(slug)s): another city than the archive's.", **told))
    return same[0] if same else None


def make_city(folder: Path, manifest: Manifest) -> City:
    """Admitted at once: the operator who imports it answers for that. Raises InvalidError, ConflictError."""
    told: Mapping[str, Any] = read(folder, "city.json", dict)
    if (told.get("code"), told.get("slug")) != (manifest.city["code"], manifest.city["slug"]):
        raise FormatError("city.json is of another city than the manifest")
    names = ("name", "slug", "timezone", "color", "contact_office", "contact_name")
    facts = {name: str(told.get(name) or "")[:200] for name in names}
    city = joining.apply_city(joining.Application(code=present_code(manifest.city["code"]), **facts))
    joining.admit(city)
    city.locale = told["locale"] if told.get("locale") in ("id", "en") else "id"
    return city


def add_units(folder: Path, city: City) -> None:
    known = {unit.name for unit in people.units(city)}
    new = [str(name)[:200] for name in read(folder, "units.json", list) if str(name)[:200] not in known]
    db.session.add_all(Opd(tenant_id=city.id, name=name) for name in dict.fromkeys(new))
    db.session.flush()
    if (folder / "unit_parents.json").exists():  # archives of before have none
        _place_units(city, read(folder, "unit_parents.json", dict), set(new))


def _place_units(city: City, above: Mapping[str, Any], new: Collection[str]) -> None:
    """Units that were here already stay where they are. Raises FormatError for a tree that is none."""
    by_name = {unit.name: unit for unit in people.units(city)}
    for name, parent in above.items():
        unit, over = by_name.get(str(name)[:200]), by_name.get(str(parent)[:200])
        if unit is None or over is None or unit.name not in new:
            continue
        if problem := parent_problem({one.id: one.parent_id for one in by_name.values()}, unit.id, over.id):
            raise FormatError(f"unit_parents.json: {unit.name}: {problem}")
        unit.parent_id = over.id
    db.session.flush()


def add_people(folder: Path, city: City) -> dict[str, str]:
    """Roles of the archive's people; answers with the first passwords of those who had no account here."""
    units = {unit.name: unit.id for unit in people.units(city)}
    held = {(one.user.email, one.role, one.plugin) for one in people.members(city)}
    new: dict[str, str] = {}
    for row in read(folder, "people.json", list):
        email, role = str(row["email"]).strip().lower()[:200], str(row["role"])
        plugin = str(row.get("plugin") or "")[:40]
        if (email, role, plugin) in held or role == rules.MAINTAINER or "@" not in email:
            continue
        user = accounts.find_by_email(email)
        if user is None:
            new[email] = secrets.token_urlsafe(12)
            user = accounts.make_user(email, str(row.get("name") or email)[:200], new[email])
        people.add_member(city, user, role, plugin, units.get(str(row.get("unit") or "")))
    return new


def note(city: City, manifest: Manifest) -> None:
    """One entry for the whole: the log of the other installation stays in the archive, it is not ours to write."""
    audit.record("city.import", city.slug, city.id, made_at=manifest.made_at, plugins=len(manifest.plugins))
