"""``/api/v1/forks/{city}/{app}/upstream``: what is new, preview, sync, conflicts, settings; followers of an app."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_smorest import Blueprint

from registry.accounts.access import person
from registry.catalog import service as catalog
from registry.core import paging
from registry.core.errors import NotFoundError
from registry.core.uow import unit_of_work
from registry.forge import service as forks
from registry.forge.following import followers, news, notices, rules, service
from registry.forge.following.conflicts import Conflict, shown
from registry.forge.following.models import Choice, Sync
from registry.forge.following.preview import MAX_NAMED, Preview, looked
from registry.forge.following.results import choices_of, holds
from registry.forge.following.schemas import (
    BeginSyncSchema,
    ConflictsSchema,
    FollowerPageSchema,
    FollowersQuerySchema,
    FollowSettingsSchema,
    RenewedSchema,
    ResolutionsSchema,
    SecurityMarkSchema,
    SyncSchema,
    UpstreamSchema,
)
from registry.forge.models import Fork
from registry.tenants.access import enter_city, enter_programme
from registry.tenants.models import City

blueprint = Blueprint(
    "api_following", __name__, url_prefix="/api/v1", description="Keeping a fork up with its original"
)
UPSTREAM = "/forks/<string:city>/<string:app>/upstream"
SEE, ACT, PUBLISH = "city.see", "fork.push", "app.publish"


@blueprint.get(UPSTREAM)
@blueprint.response(200, UpstreamSchema)
def show_upstream(city: str, app: str) -> dict[str, Any]:
    """What is new in what the fork follows, and what bringing it in would do. Nothing is changed."""
    owner, fork = _fork(city, app, SEE)
    with looked(owner, fork, service.target_of(fork)) as found:
        told = news.gather(fork, found, str(get_locale())) if found.behind else None
        sync = service.under_way(fork)
        return {
            **{name: getattr(found, name) for name in ("way", "head", "ahead", "behind", "tidy")},
            "own": found.own[:MAX_NAMED],
            "files": found.files[:MAX_NAMED],
            "target": found.target.commit,
            "label": found.target.label,
            "conflicts": _told(found, choices_of(sync) if sync else {}),
            "releases": told.notes if told else (),
            "differences": told.points if told else (),
            "migrate": told.migrate if told else "",
            "migrations": told.migrations if told else (),
            "under_way": sync is not None,
            "stale": sync is not None and service.is_stale(sync, found),
        }


@blueprint.get(f"{UPSTREAM}/settings")
@blueprint.response(200, FollowSettingsSchema)
def show_settings(city: str, app: str) -> service.Settings:
    """What the fork follows."""
    _owner, fork = _fork(city, app, SEE)
    return service.settings_of(fork)


@blueprint.put(f"{UPSTREAM}/settings")
@blueprint.arguments(FollowSettingsSchema)
@blueprint.response(200, FollowSettingsSchema)
def decide_settings(given: dict[str, Any], city: str, app: str) -> service.Settings:
    """Follow releases or main, by hand or by itself. For the city's admins."""
    owner, fork = _fork(city, app, ACT)
    wanted = service.Settings(given["channel"], given["auto"])
    with unit_of_work():
        service.set_settings(owner, fork, wanted)
    return wanted


@blueprint.post(f"{UPSTREAM}/sync")
@blueprint.arguments(BeginSyncSchema)
@blueprint.response(202, SyncSchema)
def begin_sync(given: dict[str, str], city: str, app: str) -> Sync:
    """Bring the fork up to what it follows: by a job, or, with conflicts (no job yet), to be decided first."""
    owner, fork = _fork(city, app, ACT)
    with unit_of_work():
        if given["act"] == rules.DISCARD:
            return service.discard(owner, fork, person().id, given["confirm"])
        return service.begin(owner, fork, person().id, (given["head"], given["target"]), given["act"])


@blueprint.get(f"{UPSTREAM}/sync")
@blueprint.response(200, SyncSchema)
def show_sync(city: str, app: str) -> Sync:
    """What is under way."""
    _owner, fork = _fork(city, app, SEE)
    return service.get_under_way(fork)


@blueprint.delete(f"{UPSTREAM}/sync")
@blueprint.response(204)
def stop_sync(city: str, app: str) -> None:
    """Nothing is to come of it; the fork is as it was."""
    owner, fork = _fork(city, app, ACT)
    with unit_of_work():
        service.stop(owner, fork, service.get_under_way(fork))


@blueprint.get(f"{UPSTREAM}/sync/conflicts")
@blueprint.response(200, ConflictsSchema)
def list_conflicts(city: str, app: str) -> dict[str, Any]:
    """What must be decided, and what was."""
    owner, fork = _fork(city, app, SEE)
    sync = service.get_under_way(fork)
    with looked(owner, fork, service.target_of(fork)) as found:
        return {"items": _told(found, choices_of(sync))}


@blueprint.put(f"{UPSTREAM}/sync/resolutions")
@blueprint.arguments(ResolutionsSchema)
@blueprint.response(200, ConflictsSchema)
def decide_conflicts(given: dict[str, Any], city: str, app: str) -> dict[str, Any]:
    """Decide files: ours, theirs, or an edited text. All of them or, when one is refused, none."""
    owner, fork = _fork(city, app, ACT)
    sync = service.get_under_way(fork)
    with looked(owner, fork, service.target_of(fork)) as found:
        with unit_of_work():
            for one in given["items"]:
                service.decide(fork, sync, _conflict(found, one["path"]), one["side"], one["content"])
        return {"items": _told(found, choices_of(sync))}


@blueprint.post(f"{UPSTREAM}/sync/renew")
@blueprint.response(200, RenewedSchema)
def renew_sync(city: str, app: str) -> dict[str, Any]:
    """Go on from where both sides are now; decisions that still fit are kept."""
    owner, fork = _fork(city, app, ACT)
    with unit_of_work():
        return {"gone": service.renew(owner, fork, service.get_under_way(fork))}


@blueprint.post(f"{UPSTREAM}/sync/finish")
@blueprint.response(202, SyncSchema)
def finish_sync(city: str, app: str) -> Sync:
    """All is decided: the worker makes the commit and moves main."""
    owner, fork = _fork(city, app, ACT)
    with unit_of_work():
        sync = service.get_under_way(fork)
        service.finish(owner, fork, sync)
        return sync


@blueprint.get("/apps/<string:app>/followers")
@blueprint.arguments(FollowersQuerySchema, location="query")
@blueprint.response(200, FollowerPageSchema)
def list_followers(query: dict[str, Any], app: str) -> dict[str, Any]:
    """Which cities have a fork, how far each is, when it was told of what it lacks. For maintainers."""
    enter_programme(PUBLISH)
    with unit_of_work():
        rows = followers.chosen(followers.of(catalog.get_app(app)), query["state"])
    return paging.page(rows, query, lambda row: row.city)


@blueprint.put("/apps/<string:app>/releases/<string:version>/security")
@blueprint.arguments(SecurityMarkSchema)
@blueprint.response(204)
def mark_security(given: dict[str, str], app: str, version: str) -> None:
    """Say that a release closes a hole: every city below it is written to at once. For maintainers."""
    enter_programme(PUBLISH)
    with unit_of_work():
        notices.mark_security(catalog.get_release(catalog.get_app(app), version), given["advice"])


def _fork(city: str, app: str, permission: str) -> tuple[City, Fork]:
    owner = enter_city(city, permission)
    return owner, forks.fork_of(owner, app)


def _told(found: Preview, choices: dict[str, Choice]) -> list[dict[str, Any]]:
    return [_conflict_told(one, choices.get(one.path)) for one in found.conflicts]


def _conflict_told(conflict: Conflict, choice: Choice | None) -> dict[str, Any]:
    decided = choice.side if choice is not None and holds(conflict, choice) else ""
    same = {name: getattr(conflict, name) for name in ("path", "kind", "may_edit")}
    return {**same, "paths": [shown(one) for one in conflict.paths], "decided": decided}


def _conflict(found: Preview, path: str) -> Conflict:
    wanted = next((one for one in found.conflicts if one.path == path), None)
    if wanted is None:
        raise NotFoundError(_("There is nothing to decide about %(path)s.", path=path[:200]))
    return wanted
