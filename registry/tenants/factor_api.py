"""``/api/v1/cities/{city}/people/{id}/second-factor``: the reset, for programs of a city's admin."""

from __future__ import annotations

from flask import request
from flask.views import MethodView
from flask_smorest import Blueprint

from registry.accounts.access import person
from registry.accounts.factors import entering
from registry.core.uow import unit_of_work
from registry.tenants import access, second_factors

blueprint = Blueprint("api_second_factors", __name__, url_prefix="/api/v1", description="Second factors of members")


@blueprint.route("/cities/<city>/people/<int:membership_id>/second-factor")
class SecondFactor(MethodView):
    @blueprint.response(204)
    def delete(self, city: str, membership_id: int) -> None:
        """Take away every second factor of a member who lost them, and end the person's sessions; told by mail. An
        admin who has a second factor sends a code of it in ``X-One-Time-Code``."""
        found, user = access.enter_city(city, "people.manage"), person()
        entering.demand_code(user, request.headers.get("X-One-Time-Code", ""), request.remote_addr or "")
        with unit_of_work():
            second_factors.reset(found, membership_id, user)
