"""``/api/v1/exports``: everything a city owns, as one archive."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, send_file, url_for
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from registry.backups import export_service
from registry.core import paging
from registry.core.jobs import Job
from registry.core.paging import page_of
from registry.core.uow import unit_of_work
from registry.hosting.schemas import CityQuerySchema
from registry.tenants import access
from registry.tenants.models import City

blueprint = Blueprint("api_exports", __name__, url_prefix="/api/v1", description="Everything a city owns, to take away")


class NewExportSchema(Schema):
    city = fields.String(required=True)


class ExportSchema(Schema):
    id = fields.UUID()
    state = fields.String()
    percent = fields.Integer()
    message = fields.String()
    created_at = fields.DateTime()
    download = fields.String(allow_none=True, metadata={"description": "There for seven days, for admins of the city"})


@blueprint.get("/exports")
@blueprint.arguments(CityQuerySchema, location="query")
@blueprint.response(200, page_of(ExportSchema))
def list_exports(query: dict[str, Any]) -> dict[str, Any]:
    """Those of the last seven days, newest first."""
    city = access.enter_city(query["city"], "city.edit")
    shown = paging.page(export_service.asked(city), query, lambda job: str(job.id))
    return {**shown, "items": [_told(city, job) for job in shown["items"]]}


@blueprint.post("/exports")
@blueprint.arguments(NewExportSchema)
@blueprint.response(202, ExportSchema)
def make_export(given: dict[str, Any]) -> dict[str, Any]:
    """Ask for an archive without secrets; watch the job of the same id."""
    city = access.enter_city(given["city"], "city.edit")
    with unit_of_work():
        job = export_service.ask(city)
    return _told(city, job)


@blueprint.get("/cities/<string:city>/exports/<uuid:job_id>.tar.gz")
@blueprint.response(200, content_type="application/gzip")
def fetch_export(city: str, job_id: uuid.UUID) -> Response:
    """The archive itself."""
    found = access.enter_city(city, "city.edit")
    with unit_of_work():
        path = export_service.fetched(found, job_id)
    return send_file(path, "application/gzip", as_attachment=True, download_name=f"lumbung-{found.slug}.tar.gz")


def _told(city: City, job: Job) -> dict[str, Any]:
    there = export_service.ready(city, job)
    address = url_for("api_exports.fetch_export", city=city.slug, job_id=job.id, _external=True) if there else None
    shown = {name: getattr(job, name) for name in ("id", "state", "percent", "message", "created_at")}
    return {**shown, "download": address}
