"""A city's units (OPD) as a tree. They need the session in the city's scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from registry.core import audit
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError
from registry.tenants.models import City, Membership, Opd
from registry.tenants.people import rules
from registry.tenants.people.models import Invitation
from registry.tenants.service import refuse

HOLDERS = "tenants.unit_holders"
STEP = "\u00a0\u00a0\u00a0"
"""Before the name of a unit in a list one chooses from, for each unit above it."""

Holder = Callable[[City, Opd], str | None]
"""Of a room above: what keeps a unit from being removed, in words for the city's admin; None when nothing does."""


@dataclass(frozen=True)
class Branch:
    """A unit in its place: ``depth`` 1 at the top, ``path`` its own name after those above it."""

    unit: Opd
    depth: int
    path: str
    has_more: bool
    """Units stand below it."""


def add_unit_holder(app: Flask, holder: Holder) -> None:
    """Let a room say what it still needs a unit for."""
    app.extensions.setdefault(HOLDERS, []).append(holder)


def units(city: City) -> list[Opd]:
    """By name, whatever they belong to."""
    return list(db.session.scalars(select(Opd).where(Opd.tenant_id == city.id).order_by(Opd.name)))


def tree(city: City) -> list[Branch]:
    """Each unit followed by what is below it, by name."""
    return branches(units(city))


def branches(known: Iterable[Opd]) -> list[Branch]:
    """The same of units that were read already, in the order of their names; one without its parent stands on top."""
    listed = list(known)
    numbers = {unit.id for unit in listed}
    below: dict[int | None, list[Opd]] = {}
    for unit in listed:
        below.setdefault(unit.parent_id if unit.parent_id in numbers else None, []).append(unit)
    found: list[Branch] = []

    def add(parent: int | None, depth: int, path: str) -> None:
        for unit in below.get(parent, []):
            here = f"{path} › {unit.name}" if path else unit.name
            found.append(Branch(unit, depth, here, unit.id in below))
            add(unit.id, depth + 1, here)

    add(None, 1, "")
    return found


def indented(known: Iterable[Opd]) -> list[tuple[int, str]]:
    """For a form: (id, name), indented as the tree is."""
    return [(one.unit.id, STEP * (one.depth - 1) + one.unit.name) for one in branches(known)]


def choices(city: City) -> list[tuple[str, str]]:
    """The same of all units, with the id as a form's field has it."""
    return [(str(number), name) for number, name in indented(units(city))]


def parents(city: City) -> dict[int, int | None]:
    return {unit.id: unit.parent_id for unit in units(city)}


def opd(city: City, opd_id: int) -> Opd:
    found = db.session.scalar(select(Opd).where(Opd.tenant_id == city.id, Opd.id == opd_id))
    if found is None:
        raise NotFoundError(_("There is no such unit in this city."))
    return found


def add_opd(city: City, name: str, parent_id: int | None = None) -> Opd:
    """A new unit. Raises InvalidError, or ConflictError for a name that is taken."""
    _lock(city)
    _check_name(city, name)
    known = parents(city)
    if len(known) >= rules.MAX_UNITS:
        raise ConflictError(_("A city can have at most %(n)d units.", n=rules.MAX_UNITS))
    _check_parent(known, None, parent_id)
    found = Opd(tenant_id=city.id, name=name.strip(), parent_id=parent_id)
    db.session.add(found)
    db.session.flush()
    audit.record("opd.add", found.name, tenant_id=city.id)
    return found


def rename_opd(city: City, opd_id: int, name: str) -> Opd:
    found = opd(city, opd_id)
    if name.strip() != found.name:
        _check_name(city, name, found)
        audit.record("opd.rename", name.strip(), tenant_id=city.id, before=found.name)
        found.name = name.strip()
    return found


def move_opd(city: City, opd_id: int, parent_id: int | None) -> Opd:
    """Make it part of another unit, with everything below it; None: of the city itself. Raises InvalidError."""
    _lock(city)
    found = opd(city, opd_id)
    if parent_id != found.parent_id:
        _check_parent(parents(city), found.id, parent_id)
        found.parent_id = parent_id
        db.session.flush()
        above = opd(city, parent_id).name if parent_id is not None else city.name
        audit.record("opd.move", found.name, tenant_id=city.id, below=above)
    return found


def remove_opd(city: City, opd_id: int) -> None:
    """Remove a unit nobody belongs to. Raises ConflictError while someone or something does."""
    found = opd(city, opd_id)
    _check_empty(city, found)
    for holder in current_app.extensions.get(HOLDERS, []):
        if reason := holder(city, found):
            raise ConflictError(reason)
    name = found.name
    db.session.execute(update(Invitation).where(Invitation.opd_id == found.id).values(opd_id=None))
    try:
        with db.session.begin_nested():
            db.session.delete(found)
    except IntegrityError:
        message = _("%(name)s still answers for a plugin: give that to another unit first.", name=name)
        raise ConflictError(message) from None
    audit.record("opd.remove", name, tenant_id=city.id)


def _check_empty(city: City, found: Opd) -> None:
    below = select(func.count()).select_from(Opd).where(Opd.tenant_id == city.id, Opd.parent_id == found.id)
    if db.session.scalar(below):
        raise ConflictError(_("%(name)s still has units below it: move or remove them first.", name=found.name))
    used = select(func.count()).select_from(Membership).where(Membership.opd_id == found.id)
    if db.session.scalar(used):
        raise ConflictError(_("%(name)s still has people: move them first.", name=found.name))
    asked = select(func.count()).select_from(Invitation)
    if db.session.scalar(asked.where(Invitation.opd_id == found.id, Invitation.state == rules.OPEN)):
        raise ConflictError(_("Somebody is invited to %(name)s: withdraw the invitation first.", name=found.name))


def _check_name(city: City, name: str, own: Opd | None = None) -> None:
    refuse(("name", None if 3 <= len(name.strip()) <= 80 else "name"))
    if any(found is not own and found.name.casefold() == name.strip().casefold() for found in units(city)):
        message = _("There is a unit of this name already.")
        raise ConflictError(message, [Finding("name", message)])


def _check_parent(known: dict[int, int | None], unit: int | None, parent: int | None) -> None:
    if parent is not None and parent not in known:
        raise NotFoundError(_("There is no such unit in this city."))
    problem = rules.parent_problem(known, unit, parent)
    if problem:
        message = {
            "below-itself": _("A unit cannot be part of itself or of a unit below it."),
            "too-deep": _("Units stand at most %(n)d deep.", n=rules.MAX_DEPTH),
        }[problem]
        raise InvalidError(message, [Finding("parent", message)])


def _lock(city: City) -> None:
    """Of two who move units at the same moment one waits: together they could make a circle."""
    db.session.execute(select(City.id).where(City.id == city.id).with_for_update())
