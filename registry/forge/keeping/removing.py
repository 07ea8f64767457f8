"""A fork is removed with time to think it over: hidden and read-only at once, gone for good after `GRACE_DAYS`.

Rooms above the forge say what still uses a fork (`add_use` in their ``room.py``); the forge never imports them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import Column, delete, select

from registry.catalog.models import Adoption, App
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError
from registry.forge import storage
from registry.forge.keeping.models import FORK, ForkRemoval, RepositoryState
from registry.forge.models import Fork
from registry.forge.storage import Storage
from registry.tenants.models import City

GRACE_DAYS, WARN_DAYS = 30, 5
EXTENSION = "forge.uses"


@dataclass(frozen=True)
class Use:
    """Something of another room that needs the fork; ``gone`` when it is on its way out itself."""

    name: str
    gone: bool


Users = Callable[[City, Fork], Sequence[Use]]


def add_use(app: Flask, users: Users) -> None:
    """Let another room say what uses a fork. Asked in the city's scope or the programme's."""
    app.extensions.setdefault(EXTENSION, []).append(users)


def uses(city: City, fork: Fork) -> list[Use]:
    return [one for users in current_app.extensions.get(EXTENSION, []) for one in users(city, fork)]


def removals(city: City) -> list[ForkRemoval]:
    """The city's forks that can still be brought back, those soonest gone first."""
    wanted = select(ForkRemoval).where(ForkRemoval.tenant_id == city.id)
    return list(db.session.scalars(wanted.order_by(ForkRemoval.due_at, ForkRemoval.id)))


def remove(city: City, fork: Fork, confirm: str) -> ForkRemoval:
    """Within a unit of work. ``confirm`` is the app's name in addresses, typed by who asks.

    Raises InvalidError when it is another, ConflictError while a plugin runs from the fork.
    """
    slug = fork.app.slug
    if confirm.strip() != slug:
        message = _("Type %(name)s to remove this fork.", name=slug)
        raise InvalidError(message, [Finding("confirm", message)])
    running = [one.name for one in uses(city, fork) if not one.gone]
    if running:
        names = ", ".join(running[:10])
        raise ConflictError(_("These plugins run from this fork: %(names)s. Remove them first.", names=names))
    due = now() + timedelta(days=GRACE_DAYS)
    removal = ForkRemoval(tenant_id=city.id, fork_id=fork.id, asked_by=audit.actor().name, due_at=due)
    db.session.add(removal)
    db.session.flush()
    audit.record("fork.remove", f"{city.slug}/{slug}", tenant_id=city.id, due=due.isoformat())
    return removal


def recover(city: City, app_slug: str) -> Fork:
    """Bring it back as it was. Within a unit of work. Raises NotFoundError, ConflictError when it is too late."""
    removal = removal_of(city, app_slug)
    if removal.purging:
        raise ConflictError(_("It is too late: this fork is being taken away for good."))
    fork = removal.fork
    db.session.delete(removal)
    db.session.flush()
    audit.record("fork.recover", f"{city.slug}/{app_slug}", tenant_id=city.id)
    return fork


def removal_of(city: City, app_slug: str) -> ForkRemoval:
    """Raises NotFoundError."""
    wanted = select(ForkRemoval).join(Fork, Fork.id == ForkRemoval.fork_id).join(App, App.id == Fork.app_id)
    found = db.session.scalar(wanted.where(ForkRemoval.tenant_id == city.id, App.slug == app_slug))
    if found is None:
        raise NotFoundError(_("No fork of %(app)s is being removed.", app=app_slug[:60]))
    return found


def take_files(place: Storage, city: str, app: str, removal_id: int) -> None:
    """The repository goes from its name first, then from the disk; killed between, the next run does the rest."""
    repository = place.fork(city, app)
    gone = repository.with_name(f".gone-{removal_id}-{app}.git")
    with storage.upkeep(place.data):
        if repository.exists():
            with storage.locked(repository):
                repository.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def forget(removal: ForkRemoval) -> None:
    """Every row of any room that belongs to the fork, children first. Within a unit of work."""
    fork = removal.fork
    city, app = fork.city, fork.app
    for table in reversed(db.metadata.sorted_tables):
        for column in table.columns:
            if _names_a_fork(column):
                db.session.execute(delete(table).where(column == fork.id, table.c.tenant_id == city.id))
    mine = (RepositoryState.tenant_id == city.id, RepositoryState.app_id == app.id, RepositoryState.kind == FORK)
    db.session.execute(delete(RepositoryState).where(*mine))
    db.session.execute(
        delete(Adoption).where(Adoption.app_id == app.id, Adoption.city_id == city.id, ~Adoption.running)
    )
    db.session.execute(delete(Fork).where(Fork.id == fork.id))
    audit.record("fork.purge", f"{city.slug}/{app.slug}", tenant_id=city.id)


def _names_a_fork(column: Column[object]) -> bool:
    return any(key.target_fullname == "forks.id" for key in column.foreign_keys)
