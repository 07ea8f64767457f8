"""``/api/v1/forks``: a city's own repositories; and the three ways to publish a release."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_smorest import Blueprint

from registry.accounts.access import person
from registry.catalog import service as catalog
from registry.catalog.trust import proving
from registry.core import jobs, paging
from registry.core.errors import Finding, InvalidError
from registry.core.uow import unit_of_work
from registry.forge import forking, importing, publishing, service, uploads
from registry.forge.following import distances
from registry.forge.following.distances import Distance
from registry.forge.looking import Look, look_pushed, look_upload
from registry.forge.models import Fork
from registry.forge.publishing import Publication
from registry.forge.schemas import (
    ArchiveSchema,
    ForkPageSchema,
    ForkSchema,
    ForksQuerySchema,
    ImportSchema,
    LookSchema,
    NewForkSchema,
    PublicationSchema,
    PushedSchema,
    QueuedSchema,
)
from registry.tenants import rules
from registry.tenants.access import enter_city, enter_programme, memberships
from registry.tenants.models import City

blueprint = Blueprint("api_forge", __name__, url_prefix="/api/v1", description="Forks: a city's own repositories")


@blueprint.get("/forks")
@blueprint.arguments(ForksQuerySchema, location="query")
@blueprint.response(200, ForkPageSchema)
def list_forks(query: dict[str, Any]) -> dict[str, Any]:
    """The forks of a city, by the app's name."""
    city = _city(query["city"], "city.see")
    shown = paging.page(service.forks_of(city), query, lambda fork: fork.app.slug)
    known = distances.of_city(city, shown["items"])
    return {**shown, "items": [_told(city, fork, known[fork.id]) for fork in shown["items"]]}


@blueprint.post("/forks")
@blueprint.arguments(NewForkSchema)
@blueprint.response(201, ForkSchema)
def create_fork(given: dict[str, str]) -> dict[str, Any]:
    """Fork an app's latest release into a city with an active PKS."""
    city = _city(given["city"], "fork.create")
    app = catalog.get_app(given["app"])
    with unit_of_work():
        fork = forking.create_fork(city, app, person().id)
    return _told(city, fork, distances.of(city, fork))


@blueprint.get("/forks/<string:city>/<string:app>")
@blueprint.response(200, ForkSchema)
def show_fork(city: str, app: str) -> dict[str, Any]:
    """One fork, and how far it is from its upstream."""
    entered = enter_city(city, "city.see")
    fork = service.fork_of(entered, app)
    return _told(entered, fork, distances.of(entered, fork))


@blueprint.post("/releases")
@blueprint.arguments(ArchiveSchema, location="files")
@blueprint.response(201, PublicationSchema)
def publish_archive(given: dict[str, Any]) -> dict[str, Any]:
    """Publish a bundle from an archive (tar.gz or zip, form field ``archive``). For maintainers."""
    publisher, sent = enter_programme("app.publish"), given["archive"]
    with unit_of_work():
        made = uploads.publish_upload(publisher, sent.stream, sent.filename or "", person().id, proving.host_is_there())
        return _published(made)


@blueprint.post("/releases/check")
@blueprint.arguments(ArchiveSchema, location="files")
@blueprint.response(200, LookSchema)
def look_at_archive(given: dict[str, Any]) -> dict[str, Any]:
    """Look a bundle over with the checklist; nothing of it is run, kept or released. For maintainers."""
    publisher, sent = enter_programme("app.publish"), given["archive"]
    return _seen(look_upload(publisher, sent.stream, sent.filename or ""))


@blueprint.post("/apps/<string:app>/releases/check")
@blueprint.arguments(PushedSchema)
@blueprint.response(200, LookSchema)
def look_at_pushed(given: dict[str, str], app: str) -> dict[str, Any]:
    """Look a pushed commit over with the checklist. For maintainers."""
    enter_programme("app.publish")
    return _seen(look_pushed(catalog.get_app(app), given["ref"]))


@blueprint.post("/releases/import")
@blueprint.arguments(ImportSchema)
@blueprint.response(202, QueuedSchema)
def publish_url(given: dict[str, str]) -> dict[str, Any]:
    """Publish a bundle from a git repository elsewhere (https). For maintainers; answers with the job to watch."""
    publisher = enter_programme("app.publish")
    importing.check_url(given["url"])
    with unit_of_work():
        job = jobs.enqueue(
            "forge.import_url", "import", given["url"], publisher.id, importing.LANE, url=given["url"],
            user_id=person().id,
        )  # fmt: skip
        return {"job": job.id}


@blueprint.post("/apps/<string:app>/releases")
@blueprint.arguments(PushedSchema)
@blueprint.response(201, PublicationSchema)
def publish_pushed(given: dict[str, str], app: str) -> dict[str, Any]:
    """Publish a commit that was pushed to the app's upstream. For maintainers."""
    enter_programme("app.publish")
    with unit_of_work():
        found = catalog.get_app(app)
        return _published(publishing.release_pushed(found, given["ref"], person().id, proving.host_is_there()))


def _published(made: Publication) -> dict[str, Any]:
    release = made.release
    return {
        "app": release.app.slug,
        "version": release.version,
        "commit": release.commit,
        "sha256": release.sha256,
        "new": made.new,
        "warnings": [str(finding) for finding in made.findings],
        "checks": made.checks,
    }


def _seen(look: Look) -> dict[str, Any]:
    same = ("version", "commit", "may_release", "changes", "checks")
    return {name: getattr(look, name) for name in same} | {"findings": [str(one) for one in look.findings]}


def _city(slug: str, permission: str) -> City:
    """The named city, or the only one this person may do it in."""
    person()
    if slug:
        return enter_city(slug, permission)
    allowed = {one.city.slug for one in memberships() if rules.allows(permission, {one.role})}
    if len(allowed) != 1:
        message = _("Say which city: you have this role in none or in several.")
        raise InvalidError(message, [Finding("city", message)])
    return enter_city(allowed.pop(), permission)


def _told(city: City, fork: Fork, distance: Distance | None) -> dict[str, Any]:
    return {
        "city": city.slug,
        "app": fork.app.slug,
        "clone_url": service.clone_url(fork.app.slug, city.slug),
        "upstream_url": service.clone_url(fork.app.slug),
        "base_version": fork.base_release.version,
        "created_at": fork.created_at,
        "ahead": distance.ahead if distance else None,
        "behind": distance.behind if distance else None,
        "follows": distance.channel if distance else None,
        "own_files": distance.own_files if distance else None,
    }
