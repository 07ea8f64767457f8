"""``/api/v1/tokens``: a program gets its token with the person's e-mail and password, once."""

from __future__ import annotations

from typing import Any

from flask import g, request
from flask.views import MethodView
from flask_babel import gettext as _
from flask_smorest import Blueprint

from registry.accounts import scopes, service, tokens
from registry.accounts.access import person
from registry.accounts.factors import entering
from registry.accounts.models import User
from registry.accounts.schemas import NewToken, TokenList, TokenRequest
from registry.core import audit
from registry.core.errors import ForbiddenError, SignInNeededError
from registry.core.uow import unit_of_work

blueprint = Blueprint("api_accounts", __name__, url_prefix="/api/v1", description="People and their tokens")


@blueprint.route("/tokens")
class Tokens(MethodView):
    @blueprint.response(200, TokenList)
    def get(self) -> dict[str, Any]:
        """The caller's tokens that still work, newest first."""
        return {"items": tokens.tokens_of(person())}

    @blueprint.arguments(TokenRequest)
    @blueprint.response(201, NewToken)
    def post(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """A new token, by HTTP Basic with e-mail and password; who has a second factor sends a code of the app, or a
        recovery code, in ``X-One-Time-Code``."""
        user = _by_password()
        entering.demand_code(user, request.headers.get("X-One-Time-Code", ""), request.remote_addr or "")
        audit.act_as(audit.Actor(user.id, user.name))
        with unit_of_work():
            token, text = tokens.create_token(user, wanted["name"], wanted["days"], wanted["scopes"])
            made = {"id": token.id, "name": token.name, "token": text, "expires_at": token.expires_at,
                    "scopes": token.scopes}  # fmt: skip
        return made


@blueprint.route("/tokens/<int:token_id>")
class OneToken(MethodView):
    @blueprint.response(204)
    def delete(self, token_id: int) -> None:
        """Revoke one of the caller's tokens."""
        user = person()
        with unit_of_work():
            tokens.revoke_token(user, token_id)


@blueprint.route("/account/tokens")
class AccountTokens(MethodView):
    @blueprint.response(200, TokenList)
    def get(self) -> dict[str, Any]:
        """The caller's tokens that still work, newest first; as at ``/tokens``."""
        return {"items": tokens.tokens_of(person())}

    @blueprint.response(403)
    def post(self) -> None:
        """Refused: a token makes no tokens, or one that leaked would never end. Show the password at ``/tokens``."""
        person()
        raise ForbiddenError(_("A token makes no tokens. Make one on your account page, or with your password."))


@blueprint.route("/account/tokens/<int:token_id>")
class OneAccountToken(MethodView):
    @blueprint.response(204)
    def delete(self, token_id: int) -> None:
        """Revoke one of the caller's tokens. Any token may revoke itself, whatever its scopes."""
        user, shown = person(), g.get("token")
        if shown is None or shown.id != token_id:
            scopes.demand(scopes.EVERYTHING)
        with unit_of_work():
            tokens.revoke_token(user, token_id)


def _by_password() -> User:
    given = request.authorization
    if given is None or given.type != "basic":
        raise SignInNeededError(_("Send your e-mail and password with HTTP Basic."))
    with unit_of_work():
        user = service.authenticate(given.username or "", given.password or "", request.remote_addr or "")
    if user is None:
        raise SignInNeededError(_("E-mail and password do not match. Check both and try again."))
    return user
