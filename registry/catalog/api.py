"""``/api/v1/apps``: the public catalog for programs. No token is needed; answers carry an ETag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_smorest import Blueprint

from registry.catalog import rules, schemas, seams, service, state
from registry.catalog.models import Adoption, App, Release
from registry.catalog.open_data import conditional
from registry.catalog.search import find
from registry.catalog.search.filters import FACETS, Filters
from registry.catalog.search.find import Listed
from registry.catalog.search.store import catalog
from registry.catalog.state import Version
from registry.core import paging
from registry.tenants.models import City

FORMATS = ("tar.gz", "zip", "bundle", "cdx.json")

blueprint = Blueprint("api_catalog", __name__, url_prefix="/api/v1", description="Apps, releases and who uses them")


@blueprint.get("/apps")
@blueprint.arguments(schemas.AppQuerySchema, location="query")
@blueprint.response(200, schemas.AppPageSchema)
def list_apps(query: dict[str, Any]) -> Any:
    """Apps that match, in the order of their slug; ``next`` leads to the following page.

    Who follows it meets every app that was there at the start exactly once, also while others come.
    """

    def make() -> dict[str, Any]:
        limit, behind = query["limit"], paging.read_cursor(query["after"])
        found = find.after(query["q"], _filters(query), behind, limit + 1, query["updated_since"])
        more = len(found) > limit
        items = [_told(listed) for listed in found[:limit]]
        return {"items": items, "next": paging.cursor(items[-1]["slug"]) if more else None}

    return conditional.answer(_searched(), make)


@blueprint.get("/apps/facets")
@blueprint.arguments(schemas.FacetQuerySchema, location="query")
@blueprint.response(200, schemas.FacetsSchema)
def list_facets(query: dict[str, Any]) -> Any:
    """How many apps each value of each facet would leave, given the words and the other facets."""

    def make() -> dict[str, Any]:
        found = find.search(query["q"], _filters(query))
        counts = {facet: [{"value": value, "count": count} for value, count in counted]
                  for facet, counted in found.facets.items()}  # fmt: skip
        return {"total": found.total, "facets": counts}

    return conditional.answer(_searched(), make)


@blueprint.get("/apps/<string:app>")
@blueprint.response(200, schemas.AppDetailSchema)
def show_app(app: str) -> Any:
    """One app with all it says of itself and who uses it."""
    return conditional.answer(state.version(), lambda: _detail(service.get_app(app)))


@blueprint.get("/apps/<string:app>/releases")
@blueprint.arguments(paging.PageQuery, location="query")
@blueprint.response(200, schemas.ReleasePageSchema)
def list_releases(query: dict[str, Any], app: str) -> Any:
    """All releases, newest version first, the yanked ones among them."""

    def make() -> dict[str, Any]:
        found = service.get_app(app)
        holes = seams.advice(found)
        told = [_release(found, release, holes) for release in service.releases_of(found)]
        return paging.page(told, query, lambda release: str(release["version"]))

    return conditional.answer(state.version(), make)


def _filters(query: dict[str, Any]) -> Filters:
    return Filters.of(**{facet: query[facet] for facet in FACETS})


def _searched() -> Version | None:
    """The catalog's version when the index of this process has it; None while it lags behind for a moment."""
    version = state.version()
    return version if catalog().version == str(version) else None


def _detail(app: App) -> dict[str, Any]:
    latest = service.latest_release(app)
    return _told(find.listed([app.id])[0]) | {
        "publiccode": app.publiccode,
        "facts": app.facts,
        "needs": latest.manifest if latest else None,
        "safety": latest.rating if latest else {},
        "national_fields": list(rules.national_fields(app.categories)),
        "based_on": app.based_on.slug if app.based_on else None,
        "adoptions": [_adoption(adoption) for adoption in service.adopters(app)],
    }


def _told(listed: Listed) -> dict[str, Any]:
    app = listed.app
    origin = current_app.extensions["lumbung"].origin
    same = ("slug", "name", "maturity", "licence", "categories", "dimensions", "affairs", "audience", "runtime",
            "rating", "described_only", "deprecated_at", "updated_at")  # fmt: skip
    return {name: getattr(app, name) for name in same} | {
        "id": app.uid, "summaries": _summaries(app), "needed": app.needs, "publisher": _city(app.publisher),
        "version": listed.version, "adopters": listed.adopters, "running": listed.running,
        "url": f"{origin}/apps/{app.slug}",
        "clone_url": None if app.described_only else f"{origin}/git/{app.slug}.git",
    }  # fmt: skip


def _summaries(app: App) -> dict[str, str]:
    return {tag: str(texts.get("shortDescription", "")) for tag, texts in app.facts.get("description", {}).items()}


def _city(city: City) -> dict[str, str]:
    return {"slug": city.slug, "code": city.code, "name": city.name}


def _adoption(adoption: Adoption) -> dict[str, Any]:
    return {"city": _city(adoption.city), "since": adoption.since, "version": adoption.version,
            "running": adoption.running}  # fmt: skip


def _release(app: App, release: Release, holes: Mapping[str, str]) -> dict[str, Any]:
    base = f"{current_app.extensions['lumbung'].origin}/apps/{app.slug}/releases/{release.version}"
    names = ("version", "tag", "commit", "tree", "lock", "size", "sha256", "published_at", "yanked_at",
             "yank_reason", "changelog", "manifest", "rating")  # fmt: skip
    told = {name: getattr(release, name) for name in names}
    return told | {
        "security": holes.get(release.version),
        "downloads": {ending: f"{base}.{ending}" for ending in FORMATS},
        "signatures": {ending: f"{base}.{ending}.minisig" for ending in FORMATS},
    }
