"""``/api/v1/apps``: the public catalog for programs. No token is needed; answers carry an ETag."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_smorest import Blueprint

from registry.catalog import rules, schemas, service
from registry.catalog.models import Adoption, App, Release
from registry.catalog.search import find
from registry.catalog.search.filters import FACETS, Filters
from registry.catalog.search.find import Listed
from registry.core import paging
from registry.tenants.models import City

FORMATS = ("tar.gz", "zip", "bundle")

blueprint = Blueprint("api_catalog", __name__, url_prefix="/api/v1", description="Apps, releases and who uses them")


@blueprint.get("/apps")
@blueprint.etag
@blueprint.arguments(schemas.AppQuerySchema, location="query")
@blueprint.response(200, schemas.AppPageSchema)
def list_apps(query: dict[str, Any]) -> dict[str, Any]:
    """Apps that match, in the order of their slug; ``next`` leads to the following page."""
    limit = query["limit"]
    filters = Filters.of(**{facet: query[facet] for facet in FACETS})
    found = find.after(query["q"], filters, paging.read_cursor(query["after"]), limit + 1)
    more = len(found) > limit
    items = [_told(listed) for listed in found[:limit]]
    return {"items": items, "next": paging.cursor(items[-1]["slug"]) if more else None}


@blueprint.get("/apps/<string:app>")
@blueprint.etag
@blueprint.response(200, schemas.AppDetailSchema)
def show_app(app: str) -> dict[str, Any]:
    """One app with all it says of itself and who uses it."""
    found = service.get_app(app)
    latest = service.latest_release(found)
    return _told(find.listed([found.id])[0]) | {
        "publiccode": found.publiccode,
        "facts": found.facts,
        "needs": latest.manifest if latest else None,
        "national_fields": list(rules.national_fields(found.categories)),
        "based_on": found.based_on.slug if found.based_on else None,
        "adoptions": [_adoption(adoption) for adoption in service.adopters(found)],
    }


@blueprint.get("/apps/<string:app>/releases")
@blueprint.etag
@blueprint.arguments(paging.PageQuery, location="query")
@blueprint.response(200, schemas.ReleasePageSchema)
def list_releases(query: dict[str, Any], app: str) -> dict[str, Any]:
    """All releases, newest version first, the yanked ones among them."""
    found = service.get_app(app)
    told = [_release(found, release) for release in service.releases_of(found)]
    return paging.page(told, query, lambda release: str(release["version"]))


def _told(listed: Listed) -> dict[str, Any]:
    app = listed.app
    origin = current_app.extensions["lumbung"].origin
    return {
        "slug": app.slug, "name": app.name, "summaries": _summaries(app), "maturity": app.maturity,
        "licence": app.licence, "categories": app.categories, "publisher": _city(app.publisher),
        "version": listed.version, "adopters": listed.adopters, "running": listed.running,
        "url": f"{origin}/apps/{app.slug}", "clone_url": f"{origin}/git/{app.slug}.git", "updated_at": app.updated_at,
    }  # fmt: skip


def _summaries(app: App) -> dict[str, str]:
    return {tag: str(texts.get("shortDescription", "")) for tag, texts in app.facts.get("description", {}).items()}


def _city(city: City) -> dict[str, str]:
    return {"slug": city.slug, "code": city.code, "name": city.name}


def _adoption(adoption: Adoption) -> dict[str, Any]:
    return {"city": _city(adoption.city), "since": adoption.since, "version": adoption.version,
            "running": adoption.running}  # fmt: skip


def _release(app: App, release: Release) -> dict[str, Any]:
    base = f"{current_app.extensions['lumbung'].origin}/apps/{app.slug}/releases/{release.version}"
    names = ("version", "tag", "commit", "tree", "lock", "size", "sha256", "published_at", "yanked_at",
             "yank_reason", "changelog", "manifest")  # fmt: skip
    told = {name: getattr(release, name) for name in names}
    return told | {"downloads": {ending: f"{base}.{ending}" for ending in FORMATS}}
