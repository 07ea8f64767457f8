"""What changed in a repository, told to the audit log: by a push, an edit in the browser or a sync."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from sqlalchemy import select

from registry.catalog.models import App
from registry.core import audit
from registry.core.audit import Actor, AuditEntry
from registry.core.db import db
from registry.forge import service
from registry.forge.keeping import service as keeping
from registry.forge.serving import gates
from registry.tenants.models import City

Kind = Literal["fork", "upstream"]
MAX_TOLD = 50
"""References named in one entry; all are counted."""


class Change(NamedTuple):
    """A reference's full name, and the objects it named before and names now (forty zeros: none)."""

    ref: str
    old: str
    new: str


def record(target_kind: Kind, city: City, app: App, changes: Sequence[Change], actor: Actor | None = None) -> None:
    """Note who moved what in ``city``'s fork of ``app``, or in the app's upstream (``city``: its publisher).

    The session is in the city's scope or the programme's, within a unit of work; ``actor`` is who acts in this request
    or job unless given. A fork is weighed again and its page tells who it was. Nothing changed, nothing is noted.
    """
    if not changes:
        return
    if actor is not None:
        audit.act_as(actor)
    told = [change._asdict() for change in changes[:MAX_TOLD]]
    audit.record("git.push", name(target_kind, city, app), tenant_id=city.id, refs=told, count=len(changes))
    fork = service.find_fork(city, app.slug) if target_kind == "fork" else None
    if fork is not None:
        keeping.note_change(city, app)
        gates.note_push(fork, audit.actor().name)


def latest(target_kind: Kind, city: City, app: App, limit: int) -> list[AuditEntry]:
    """Who moved what, newest first; ``detail`` holds `Change` as JSON in ``refs``, and ``count`` of all."""
    of_it = (AuditEntry.action == "git.push", AuditEntry.subject == name(target_kind, city, app))
    wanted = select(AuditEntry).where(AuditEntry.tenant_id == city.id, *of_it)
    return list(db.session.scalars(wanted.order_by(AuditEntry.id.desc()).limit(limit)))


def name(target_kind: Kind, city: City, app: App) -> str:
    """What the audit log calls a repository: ``bontang/lapor`` a fork, ``lapor`` an upstream."""
    return f"{city.slug}/{app.slug}" if target_kind == "fork" else app.slug
