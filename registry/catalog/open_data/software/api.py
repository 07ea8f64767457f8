"""``/v1``: the Software Catalog API of Developers Italia, for reading: existing crawlers read this registry, too.

Not in the API's document but in ours (``/v1/openapi.json``): nothing is written here; apps are published with git.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint as PlainBlueprint
from flask import Response, jsonify, request
from flask_babel import gettext as _
from flask_smorest import Blueprint
from werkzeug.exceptions import HTTPException

from registry.catalog import state
from registry.catalog.models import App
from registry.catalog.open_data import conditional
from registry.catalog.open_data.software import paging, reading, schemas
from registry.core.errors import Finding, RefusalError
from registry.tenants.models import City

LONGEST, MOST_FINDINGS = 2000, 10
WRITING = ("POST", "PUT", "PATCH", "DELETE")

blueprint = Blueprint("software_catalog", __name__, url_prefix="/v1", description="Software Catalog API, for reading")
refusing = PlainBlueprint("software_catalog_rest", __name__, url_prefix="/v1")


@blueprint.get("/status")
@blueprint.response(204)
def status() -> None:
    """Whether this answers."""


@blueprint.get("/software")
@blueprint.arguments(schemas.SoftwareQuery, location="query")
@blueprint.response(200, schemas.SoftwarePage)
def list_software(query: dict[str, Any]) -> Any:
    """All apps, the oldest first."""
    return _page(lambda: paging.page(reading.software(query["url"]), App, query), reading.told_software)


@blueprint.get("/software/<string:software_id>")
@blueprint.response(200, schemas.Software)
def show_software(software_id: str) -> Any:
    """One app."""
    return _one(lambda: reading.told_software(reading.find_software(software_id)))


@blueprint.get("/publishers")
@blueprint.arguments(schemas.ListQuery, location="query")
@blueprint.response(200, schemas.PublisherPage)
def list_publishers(query: dict[str, Any]) -> Any:
    """Cities that publish apps."""
    return _page(lambda: paging.page(reading.publishers(), City, query), reading.told_publisher)


@blueprint.get("/publishers/<string:publisher_id>")
@blueprint.response(200, schemas.Publisher)
def show_publisher(publisher_id: str) -> Any:
    """One city, by its id or Kemendagri's code."""
    return _one(lambda: reading.told_publisher(reading.find_publisher(publisher_id)))


@blueprint.get("/catalogs")
@blueprint.arguments(schemas.PageQuery, location="query")
@blueprint.response(200, schemas.CatalogPage)
def list_catalogs(_query: dict[str, Any]) -> Any:
    """The one catalog."""
    return _one(lambda: {"data": [reading.told_catalog(state.version())], "links": {"prev": None, "next": None}})


@blueprint.get("/catalogs/<string:catalog_id>")
@blueprint.response(200, schemas.Catalog)
def show_catalog(catalog_id: str) -> Any:
    """By its id or as ``lumbung``."""
    reading.find_catalog(catalog_id)
    return _one(lambda: reading.told_catalog(state.version()))


@blueprint.get("/catalogs/<string:catalog_id>/software")
@blueprint.arguments(schemas.ListQuery, location="query")
@blueprint.response(200, schemas.SoftwarePage)
def list_catalog_software(query: dict[str, Any], catalog_id: str) -> Any:
    """The apps of the catalog: all."""
    reading.find_catalog(catalog_id)
    return _page(lambda: paging.page(reading.software(), App, query), reading.told_software)


@blueprint.get("/catalogs/<string:catalog_id>/publishers")
@blueprint.arguments(schemas.ListQuery, location="query")
@blueprint.response(200, schemas.PublisherPage)
def list_catalog_publishers(query: dict[str, Any], catalog_id: str) -> Any:
    """The publishers of the catalog: all."""
    reading.find_catalog(catalog_id)
    return _page(lambda: paging.page(reading.publishers(), City, query), reading.told_publisher)


@refusing.route("/<path:anything>", methods=["GET", *WRITING])
def neither(anything: str) -> Response:
    """What is not told here, and that nothing is written here: said clearly instead of a bare refusal."""
    if request.method in ("GET", "HEAD"):
        return problem(404, _("This part of the API is not told here: see /v1/openapi.json."))
    answer = problem(405, _("This catalog is for reading. Apps are published with git or in the registry."))
    answer.headers["Allow"] = "GET, HEAD, OPTIONS"
    return answer


@blueprint.errorhandler(RefusalError)
def refused(error: RefusalError) -> Response:
    return problem(error.status, error.message, error.findings)


@blueprint.errorhandler(422)
def misunderstood(error: HTTPException) -> Response:
    """A query that does not fit."""
    messages = (getattr(error, "data", None) or {}).get("messages", {}).get("query", {})
    findings = [Finding(str(name), "; ".join(map(str, told))) for name, told in messages.items()]
    return problem(422, _("Check what you sent: the findings say where it is wrong."), findings)


def problem(status: int, detail: str, findings: Sequence[Finding] = ()) -> Response:
    """In the shape of the API's document, which allows no other members."""
    titles = {404: _("Not found"), 405: _("Not possible here"), 422: _("Something needs correcting")}
    body: dict[str, Any] = {"title": titles.get(status, _("Not possible right now")), "detail": detail[:LONGEST],
                            "status": status}  # fmt: skip
    if findings:
        body["validationErrors"] = [
            {"field": finding.path[:64], "rule": "invalid", "value": request.args.get(finding.path, "")[:255]}
            for finding in findings[:MOST_FINDINGS]
        ]
    answer = jsonify(body)
    answer.status_code, answer.mimetype = status, "application/problem+json"
    answer.headers.update(conditional.SHARED)
    return answer


def _page(find: Callable[[], paging.Page], tell: Callable[[Any], dict[str, Any]]) -> Any:
    def make() -> dict[str, Any]:
        found = find()
        asked = list(request.args.items())
        return {"data": [tell(item) for item in found.items], "links": paging.links(found, asked)}

    return _one(make)


def _one(make: Callable[[], dict[str, Any]]) -> Any:
    return conditional.answer(state.version(), make)
