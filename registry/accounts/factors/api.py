"""``/api/v1/account/factors``: the caller's second factors, set up in a browser; a program lists and removes them."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.views import MethodView
from flask_smorest import Blueprint

from registry.accounts.access import person
from registry.accounts.factors import entering, schemas, service
from registry.accounts.models import User
from registry.core.uow import unit_of_work

blueprint = Blueprint("api_factors", __name__, url_prefix="/api/v1/account/factors", description="Second factors")


@blueprint.route("")
class Factors(MethodView):
    @blueprint.response(200, schemas.FactorsShown)
    def get(self) -> dict[str, Any]:
        """What the caller shows besides the password, and whether a role asks for it."""
        user = person()
        found = service.held(user)
        return {"required": service.required_for(user), "code_app": found.code_app, "passkeys": found.passkeys,
                "codes_left": found.codes_left}  # fmt: skip


@blueprint.route("/code-app")
class OneCodeApp(MethodView):
    @blueprint.response(204)
    def delete(self) -> None:
        """Remove the app for codes; ``X-One-Time-Code`` holds a code of it, or a recovery code."""
        user = _confirmed()
        with unit_of_work():
            service.remove_code_app(user)


@blueprint.route("/passkeys/<int:key_id>")
class OnePasskey(MethodView):
    @blueprint.response(204)
    def delete(self, key_id: int) -> None:
        """Remove a passkey; ``X-One-Time-Code`` holds a code of the app, or a recovery code."""
        user = _confirmed()
        with unit_of_work():
            service.remove_passkey(user, key_id)


def _confirmed() -> User:
    """A token alone takes no factor away: it may be the very thing that was stolen."""
    user = person()
    entering.demand_code(user, request.headers.get("X-One-Time-Code", ""), request.remote_addr or "")
    return user
