"""``/api/v1/account/sessions``: the browsers the caller is signed in with."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from registry.accounts import service as accounts
from registry.accounts.access import person
from registry.accounts.schemas import SignOutRequest
from registry.accounts.sessions import schemas, service
from registry.core.uow import unit_of_work

blueprint = Blueprint("api_sessions", __name__, url_prefix="/api/v1/account", description="The own sessions")


@blueprint.route("/sessions")
class Sessions(MethodView):
    @blueprint.response(200, schemas.BrowserSessionList)
    def get(self) -> dict[str, Any]:
        """The caller's living sessions, last seen first."""
        return {"items": service.of(person())}

    @blueprint.arguments(SignOutRequest, location="query")
    @blueprint.response(204)
    def delete(self, wanted: dict[str, Any]) -> None:
        """Sign the caller out of every browser and every plugin; ``tokens=true`` revokes every token too, also the
        one this is asked with."""
        user = person()
        with unit_of_work():
            accounts.sign_out_everywhere(user, wanted["tokens"])


@blueprint.route("/sessions/<int:session_id>")
class OneSession(MethodView):
    @blueprint.response(204)
    def delete(self, session_id: int) -> None:
        """End one of the caller's sessions."""
        user = person()
        with unit_of_work():
            service.end(user, session_id)
