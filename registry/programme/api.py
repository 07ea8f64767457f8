"""``/api/v1/programme``: where the programme stands, for its maintainers."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask_smorest import Blueprint

from registry.core import paging
from registry.programme import partners, schemas, waiting
from registry.tenants import access

blueprint = Blueprint("api_programme", __name__, url_prefix="/api/v1/programme", description="The programme as a whole")


@blueprint.get("")
@blueprint.response(200, schemas.ProgrammeSchema)
def show() -> dict[str, Any]:
    access.enter_programme("programme.see")
    found = partners.partners()
    return {"stages": Counter(one.stage for one in found),
            "waiting": {one.kind: one.count for one in waiting.for_publisher(found)}}  # fmt: skip


@blueprint.get("/cities")
@blueprint.arguments(paging.PageQuery, location="query")
@blueprint.response(200, schemas.PartnerPageSchema)
def list_cities(query: dict[str, Any]) -> dict[str, Any]:
    """Every city but the publisher, by name."""
    access.enter_programme("programme.see")
    return paging.page(partners.partners(), query, lambda one: one.city.slug)
