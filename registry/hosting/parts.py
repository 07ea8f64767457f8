"""What hosting itself adds to the list of plugins: tasks that failed, releases that are out, addresses in trouble."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from registry.catalog import rules as catalog
from registry.catalog.models import Release
from registry.core.db import db
from registry.forge.following import notices
from registry.hosting import reading, tasks, withdrawn
from registry.hosting.glance import Cell, add_part
from registry.hosting.models import Deployment
from registry.hosting.models_operations import Domain
from registry.tenants.models import City


def init_app(app: Flask) -> None:
    add_part(app, withdrawn_part, order=10)
    add_part(app, security_part, order=20)
    add_part(app, release_part, order=60)
    add_part(app, task_part, order=70)
    add_part(app, domain_part, order=80)


def withdrawn_part(city: City, deployments: Sequence[Deployment]) -> Mapping[int, Sequence[Cell]]:
    """Plugins that run what was withdrawn or is being retired."""
    words = {withdrawn.WITHDRAWN: (_("withdrawn"), "bad"), withdrawn.RETIRED: (_("being retired"), "warn")}
    found: dict[int, list[Cell]] = {}
    for notice in withdrawn.notices_of(city):
        told, tone = words[notice.kind]
        page = url_for("catalog.show_app", app=notice.app.slug)
        found.setdefault(notice.deployment.id, []).append(Cell(notice.version, told, tone, page, notice.reason[:80]))
    return {one.id: found[one.id] for one in deployments if one.id in found}


def security_part(city: City, deployments: Sequence[Deployment]) -> Mapping[int, Sequence[Cell]]:
    """Plugins that run less than a release that closes a hole."""
    warnings, serving = {one.fork.id: one for one in notices.warnings_of(city)}, reading.serving_of(deployments)
    found = {}
    for one in deployments:
        warning = warnings.get(one.fork_id)
        if warning and one.id in serving and _is_newer(warning.version, serving[one.id].version):
            told = _("%(version)s closes a security hole", version=warning.version)
            page = url_for("forge.upstream", city=city.slug, app=warning.app.slug)
            found[one.id] = [Cell(_("Security"), told, "bad", page)]
    return found


def release_part(city: City, deployments: Sequence[Deployment]) -> Mapping[int, Sequence[Cell]]:
    """Plugins whose app has a newer release than the version that serves."""
    apps, serving = reading.apps(city), reading.serving_of(deployments)
    newest = _newest({app.id for app in apps.values()})
    found = {}
    for one in deployments:
        app = apps.get(one.fork_id)
        version = newest.get(app.id, "") if app else ""
        if app and one.id in serving and _is_newer(version, serving[one.id].version):
            told = _("%(version)s is out", version=version)
            found[one.id] = [Cell(_("Release"), told, "info", url_for("catalog.show_app", app=app.slug))]
    return found


def _newest(app_ids: set[int]) -> dict[int, str]:
    wanted = select(Release.app_id, Release.version).where(Release.app_id.in_(app_ids), Release.yanked_at.is_(None))
    versions: dict[int, list[str]] = {}
    for app_id, version in db.session.execute(wanted):
        versions.setdefault(app_id, []).append(version)
    return {app_id: catalog.newest(found) or "" for app_id, found in versions.items()}


def _is_newer(version: str, than: str) -> bool:
    return bool(version) and catalog.version_key(version) > catalog.version_key(than)


def task_part(city: City, deployments: Sequence[Deployment]) -> Mapping[int, Sequence[Cell]]:
    """Plugins with a task whose last run did not end well."""
    bad = [run for run in tasks.last_runs(deployments) if not tasks.well(run)]
    by_id = {one.id: one for one in deployments}
    found: dict[int, list[Cell]] = {}
    for run in bad:
        page = url_for("hosting.tasks", city=city.slug, name=by_id[run.deployment_id].name)
        told = _("%(name)s failed", name=run.argument.get("name", ""))
        found.setdefault(run.deployment_id, []).append(Cell(_("Task"), told, "warn", page))
    return found


def domain_part(city: City, deployments: Sequence[Deployment]) -> Mapping[int, Sequence[Cell]]:
    """Plugins one of whose own addresses is about to be let go, or was."""
    by_id = {one.id: one for one in deployments}
    wanted = select(Domain).where(Domain.deployment_id.in_(by_id), (Domain.misses > 0) | (Domain.state == "lost"))
    found: dict[int, list[Cell]] = {}
    for domain in db.session.scalars(wanted):
        page = url_for("hosting.domains", city=city.slug, name=by_id[domain.deployment_id].name)
        found.setdefault(domain.deployment_id, []).append(Cell(_("Address"), domain.hostname, "warn", page))
    return found
