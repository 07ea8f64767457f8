"""What maintainers decide about an app that is out, for programs: withdrawal, retirement, classes."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from registry.catalog import service
from registry.catalog.models import App, Release
from registry.catalog.trust import health, maintenance
from registry.core.uow import unit_of_work
from registry.tenants.access import enter_programme

PERMISSION = "app.publish"
RELEASE = "/apps/<string:app>/releases/<string:version>/withdrawal"
DEPRECATION, CLASSES = "/apps/<string:app>/deprecation", "/apps/<string:app>/classes"
REASON = validate.Length(1, maintenance.MAX_REASON)
CODES = fields.List(fields.String(validate=validate.Length(1, 60)), load_default=list, validate=validate.Length(max=60))

blueprint = Blueprint("api_trust", __name__, url_prefix="/api/v1", description="What maintainers decide about apps")


class WithdrawalSchema(Schema):
    """``yanked_at`` is null for a release that is offered."""

    reason = fields.String(required=True, validate=REASON, attribute="yank_reason")
    version = fields.String(dump_only=True)
    yanked_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class DeprecationSchema(Schema):
    """``successor`` is the slug of the app that takes its place."""

    reason = fields.String(required=True, validate=REASON)
    successor = fields.String(load_default="", validate=validate.Length(max=60))
    deprecated_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class ClassesSchema(Schema):
    """Codes as the facets know them; without any they are derived from publiccode.yml."""

    dimensions = CODES
    affairs = CODES
    by_hand = fields.Boolean(dump_only=True)


class AppHealthPartSchema(Schema):
    """``tone`` is ok, warn, bad or muted (nothing to judge yet); ``figures`` are by name, there is no total."""

    code = fields.String()
    tone = fields.String()
    figures = fields.Dict(keys=fields.String())


class AppHealthSchema(Schema):
    parts = fields.List(fields.Nested(AppHealthPartSchema))


@blueprint.get("/apps/<string:app>/health")
@blueprint.response(200, AppHealthSchema)
def show_health(app: str) -> dict[str, Any]:
    """How the app is doing, as facts side by side. It changes with the days, so it has no ETag."""
    return {"parts": health.of(service.get_app(app))}


@blueprint.put(RELEASE)
@blueprint.arguments(WithdrawalSchema)
@blueprint.response(200, WithdrawalSchema)
def withdraw(given: dict[str, str], app: str, version: str) -> Release:
    """Withdraw a release from new use. Every city that runs it is told. For maintainers."""
    enter_programme(PERMISSION)
    release = service.get_release(service.get_app(app), version)
    with unit_of_work():
        service.yank_release(release, given["yank_reason"])
    return release


@blueprint.delete(RELEASE)
@blueprint.response(204)
def restore(app: str, version: str) -> None:
    """Offer a withdrawn release again. For maintainers."""
    enter_programme(PERMISSION)
    release = service.get_release(service.get_app(app), version)
    with unit_of_work():
        maintenance.restore_release(release)


@blueprint.put(DEPRECATION)
@blueprint.arguments(DeprecationSchema)
@blueprint.response(200, DeprecationSchema)
def deprecate(given: dict[str, str], app: str) -> dict[str, Any]:
    """Begin to retire an app. Every city that runs it is told. For maintainers."""
    enter_programme(PERMISSION)
    found = service.get_app(app)
    with unit_of_work():
        maintenance.deprecate(found, given["reason"], given["successor"])
    successor = found.successor.slug if found.successor else ""
    return {"reason": found.deprecation, "successor": successor, "deprecated_at": found.deprecated_at}


@blueprint.delete(DEPRECATION)
@blueprint.response(204)
def keep(app: str) -> None:
    """The app is not retired after all. For maintainers."""
    enter_programme(PERMISSION)
    found = service.get_app(app)
    with unit_of_work():
        maintenance.keep(found)


@blueprint.put(CLASSES)
@blueprint.arguments(ClassesSchema)
@blueprint.response(200, ClassesSchema)
def classify(given: dict[str, list[str]], app: str) -> dict[str, Any]:
    """Say which smart-city dimensions and government affairs an app belongs to. For maintainers."""
    enter_programme(PERMISSION)
    found: App = service.get_app(app)
    with unit_of_work():
        maintenance.set_classes(found, given["dimensions"], given["affairs"])
    return {"dimensions": found.dimensions, "affairs": found.affairs, "by_hand": found.classed_by_hand}
