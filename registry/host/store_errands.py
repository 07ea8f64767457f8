"""Errands and host names in the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from registry.host.store import Store
from registry.hosting.plain import ErrandKind, ErrandState


@dataclass(frozen=True)
class Errand:
    """An open errand. ``revision`` is what serves (by id, None: nothing yet); ``off``: nobody may come."""

    id: int
    deployment: int
    kind: ErrandKind
    argument: Mapping[str, Any]
    locale: str
    revision: int | None
    off: bool


_OPEN = """
    select e.id, e.deployment_id as deployment, e.kind, e.argument, c.locale, d.serving_revision_id as revision,
           not d.enabled or d.maintenance <> '' or d.removed_at is not null as off
      from errands e join deployments d on d.id = e.deployment_id join cities c on c.id = d.tenant_id
     where e.state in ('pending', 'running') order by e.id"""

_DOMAINS = """
    select o.hostname, c.slug as city, d.name from domains o
      join deployments d on d.id = o.deployment_id join cities c on c.id = d.tenant_id
     where o.verified_at is not null and d.removed_at is null"""


def open_errands(store: Store) -> list[Errand]:
    """Oldest first; one that a dead host left `running` is among them."""
    with store.transaction() as cursor:
        return [Errand(**{**row, "kind": ErrandKind(row["kind"])}) for row in cursor.execute(_OPEN)]


def begin(store: Store, errand: Errand) -> None:
    with store.transaction() as cursor:
        cursor.execute("update errands set state = 'running' where id = %s", (errand.id,))


def end(store: Store, errand: Errand, state: ErrandState, result: Mapping[str, Any], message: str) -> None:
    """`done` with a result or `failed` with words for the admin."""
    with store.transaction() as cursor:
        cursor.execute(
            "update errands set state = %s, result = %s, message = %s, finished_at = now() where id = %s",
            (state, Jsonb(dict(result)), message, errand.id),
        )


def domains(store: Store) -> list[tuple[str, str, str]]:
    """Verified host names of their own: (host name, city, plugin)."""
    with store.transaction() as cursor:
        return [(row["hostname"], row["city"], row["name"]) for row in cursor.execute(_DOMAINS)]
