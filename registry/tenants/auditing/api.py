"""``/api/v1/cities/{city}/audit``: what happened in a city, for its admins and auditors."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from registry.core import paging
from registry.core.audit import AuditEntry
from registry.core.db import db
from registry.tenants import access
from registry.tenants.auditing import schemas, service
from registry.tenants.auditing.chain import Head
from registry.tenants.auditing.service import Wanted

blueprint = Blueprint("api_auditing", __name__, url_prefix="/api/v1", description="The audit log")


@blueprint.get("/cities/<city>/audit")
@blueprint.arguments(schemas.AuditQuerySchema, location="query")
@blueprint.response(200, schemas.AuditPageSchema)
def list_entries(query: dict[str, Any], city: str) -> dict[str, Any]:
    """Newest first."""
    found = access.enter_city(city, "audit.read")
    wanted = service.entries(found.id, Wanted(query["q"], query["since"], query["until"]), found.timezone)
    if (after := paging.read_number(query["after"])) is not None:
        wanted = wanted.where(AuditEntry.id < after)
    rows = list(db.session.scalars(wanted.limit(query["limit"] + 1)))
    items = rows[: query["limit"]]
    return {"items": items, "next": paging.cursor(str(items[-1].id)) if len(rows) > len(items) else None}


@blueprint.get("/cities/<city>/audit/head")
@blueprint.response(200, schemas.AuditHeadSchema)
def newest_line(city: str) -> Head:
    """The newest line of the chain, to compare a later log with."""
    return service.head(access.enter_city(city, "audit.read").id)
