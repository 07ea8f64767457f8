"""What the tables know of a city, as plain values for its archive. Whoever calls has entered the city's scope.

Passwords, second factors, tokens and sessions are people's own and stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from registry.accounts.models import User
from registry.catalog.models import App
from registry.catalog.service import releases_of
from registry.core.audit import AuditEntry
from registry.core.db import db
from registry.forge.models import Fork
from registry.hosting import reading
from registry.hosting.models import Deployment, Revision
from registry.tenants.models import City, Membership, Opd

CITY = ("code", "slug", "name", "province", "timezone", "locale", "color", "logo", "contact_name", "contact_office")
PEOPLE = ("email", "name", "role", "plugin", "unit", "since")
AUDIT = ("at", "actor", "action", "subject", "detail", "request_id")
BATCH = 2_000


def city_facts(city: City) -> dict[str, Any]:
    return {name: getattr(city, name) for name in CITY}


def people(city: City) -> list[dict[str, Any]]:
    query = select(Membership, User, Opd.name).join(User, User.id == Membership.user_id)
    query = query.outerjoin(Opd, Opd.id == Membership.opd_id).where(Membership.city_id == city.id)
    rows = db.session.execute(query.order_by(User.email, Membership.id)).all()
    return [
        {"email": user.email, "name": user.name, "role": held.role, "plugin": held.plugin, "unit": unit,
         "since": held.created_at}
        for held, user, unit in rows
    ]  # fmt: skip


def units(city: City) -> list[str]:
    return list(db.session.scalars(select(Opd.name).where(Opd.tenant_id == city.id).order_by(Opd.name)))


def unit_parents(city: City) -> dict[str, str]:
    """Of units that are part of another: name → name."""
    found = {unit.id: unit for unit in db.session.scalars(select(Opd).where(Opd.tenant_id == city.id).order_by(Opd.id))}
    return {one.name: found[one.parent_id].name for one in found.values() if one.parent_id is not None}


def audit_log(city: City) -> list[dict[str, Any]]:
    """Oldest first."""
    query = select(AuditEntry).where(AuditEntry.tenant_id == city.id).order_by(AuditEntry.id)
    rows = db.session.scalars(query.execution_options(yield_per=BATCH))
    return [{name: getattr(row, name) for name in AUDIT} for row in rows]


def forks(city: City) -> list[Fork]:
    return list(db.session.scalars(select(Fork).where(Fork.tenant_id == city.id).order_by(Fork.id)))


def fork_facts(fork: Fork) -> dict[str, Any]:
    base = fork.base_release
    return {
        "app": fork.app.slug,
        "base": {"version": base.version, "commit": base.commit, "tree": base.tree},
        "made_at": fork.created_at,
    }


def catalog_facts(app: App) -> dict[str, Any]:
    """The catalog's entry as everybody can read it, with its releases."""
    told = ("version", "tag", "commit", "tree", "sha256", "published_at", "yanked_at", "changelog")
    return {
        "app": app.slug, "name": app.name, "publisher": app.publisher.slug, "licence": app.licence,
        "maturity": app.maturity, "facts": app.facts, "publiccode": app.publiccode,
        "releases": [{name: getattr(one, name) for name in told} for one in releases_of(app)],
    }  # fmt: skip


def deployments(city: City) -> list[Deployment]:
    """Not copies for trying, and not what was removed: these are no longer the city's plugins."""
    return [one for one in reading.deployments(city) if one.trial_of is None and one.removed_at is None]


def plugin_facts(deployment: Deployment, revision: Revision) -> dict[str, Any]:
    build, unit = revision.build, db.session.get(Opd, deployment.opd_id) if deployment.opd_id else None
    return {
        "name": deployment.name, "app": reading.app_of(deployment).slug, "unit": unit.name if unit else None,
        "enabled": deployment.enabled, "pinned": deployment.pinned, "follows": deployment.follows,
        "revision": revision.number, "version": revision.version, "commit": revision.commit, "tree": build.tree,
        "lock": build.lock, "runtime": build.runtime, "limits": revision.limits, "manifest": build.manifest,
        "since": deployment.created_at,
    }  # fmt: skip


def config(revision: Revision, with_secrets: bool) -> tuple[dict[str, Any], list[str]]:
    """The settings, and the names of those left out because they are secret."""
    held = reading.config_of(revision)
    rules: Mapping[str, Any] = revision.build.config_schema.get("properties") or {}
    secret = [] if with_secrets else [name for name in held if rules.get(name, {}).get("writeOnly")]
    return {name: value for name, value in held.items() if name not in secret}, secret
