"""``/api/v1/cities``: who takes part, for everybody."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from flask_babel import gettext as _
from flask_smorest import Blueprint
from sqlalchemy import select

from registry.core.db import db
from registry.core.errors import NotFoundError
from registry.tenants import schemas, service
from registry.tenants.models import City

blueprint = Blueprint("api_tenants", __name__, url_prefix="/api/v1", description="Cities")


@blueprint.route("/cities")
class Cities(MethodView):
    @blueprint.arguments(schemas.ListQuery, location="query")
    @blueprint.response(200, schemas.CityList)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The publisher and the partners, in the order they joined."""
        wanted = select(City).where(City.state == "admitted", City.id > query["after"]).order_by(City.id)
        return listed(db.session.scalars(wanted.limit(query["limit"] + 1)).all(), query["limit"])


@blueprint.route("/cities/<city>")
class OneCity(MethodView):
    @blueprint.response(200, schemas.CityShown)
    def get(self, city: str) -> City:
        found = service.find_city(city)
        if found.state != "admitted":
            raise NotFoundError(_("There is no city with the name “%(slug)s”.", slug=city))
        return found


def listed(rows: Any, limit: int) -> dict[str, Any]:
    """A page of rows that were asked with one more than the limit."""
    items = list(rows)[:limit]
    return {"items": items, "next": items[-1].id if len(rows) > limit else None}
