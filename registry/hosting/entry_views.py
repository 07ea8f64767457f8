"""The way of a person's browser into a plugin's origin, and how it stays there (`registry.hosting.entry`)."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Flask, abort, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from registry.accounts import rules as accounts_rules
from registry.accounts.access import person
from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.extensions import csrf
from registry.hosting import entry, reading
from registry.hosting.models_operations import Domain
from registry.tenants import access
from registry.tenants.models import City

blueprint = Blueprint("entry", __name__)
INSIDE = "/_plugin/<city>/<name>/_lumbung"
ANY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
PIECE = 2**16
SMALL = 2 * 2**20
"""What the edge keeps until all of it has come (`registry.operate.edge.BODY`)."""


def init_app(app: Flask) -> None:
    csrf.exempt(renew)
    app.register_blueprint(blueprint)


@blueprint.get("/enter/<city>/<name>")
def enter(city: str, name: str) -> Response:
    """From the registry's origin to the plugin's, carrying a one-time code for the browser that came from there."""
    user = person()
    tenant = _city(city)
    wanted, state = accounts_rules.local_path(request.args.get("next")), request.args.get("state", "")
    scope.enter_city(tenant.id)
    held = entry.require_role(access.memberships(), tenant, name)
    target = f"{_origin(tenant, name, request.args.get('at', ''))}/_lumbung/enter"
    if not entry.STATE.fullmatch(state):
        return redirect(_url(target, next=wanted))
    with unit_of_work():
        code = entry.issue_code(tenant, name, user, held, state)
    return redirect(_url(target, code=code, next=wanted))


def _origin(city: City, name: str, host: str) -> str:
    """Where the browser came from: the plugin's own name, or one of the city's whose owner was checked."""
    deployment = reading.get_deployment(city, name)
    usual = reading.settings().plugin_origin(city.slug, name)
    bare = host.partition(":")[0].lower()
    wanted = select(Domain.id).where(Domain.deployment_id == deployment.id, Domain.hostname == bare)
    if bare and db.session.scalar(wanted.where(Domain.verified_at.is_not(None))):
        parts = urlsplit(usual)
        return f"{parts.scheme}://{bare}" + (f":{parts.port}" if parts.port else "")
    return usual


@blueprint.get(f"{INSIDE}/enter")
def redeem(city: str, name: str) -> Response:
    """On the plugin's origin: exchange the code for the cookie, or go and get a code."""
    settings = reading.settings()
    code, target = request.args.get("code", ""), accounts_rules.local_path(request.args.get("next"))
    state = entry.state_of(request.cookies.get(entry.STATE_COOKIE))
    if not code:
        where = {"next": target, "state": state} | ({} if _is_usual(city, name) else {"at": request.host})
        answer = redirect(_url(f"{settings.origin}/enter/{city}/{name}", **where))
        return _with_cookie(answer, entry.STATE_COOKIE, state, int(entry.STATE_LIFE.total_seconds()))
    tenant = _city(city)
    scope.enter_city(tenant.id)
    with unit_of_work():
        token = entry.redeem(settings, tenant, name, code, state)
    return _with_cookie(redirect(target), entry.COOKIE, token)


@blueprint.route(f"{INSIDE}/renew", methods=ANY_METHOD)
def renew(city: str, name: str) -> Response:
    """Back to where the request wanted to go, with a fresh cookie or with none; 307 keeps its method and its body.

    Whoever sends it, it does nothing but this, so it needs no token of a form.
    """
    tenant = _city(city)
    scope.enter_city(tenant.id)
    token = entry.renew(reading.settings(), tenant, name, request.cookies.get(entry.COOKIE))
    _read_away(reading.settings().max_upload if token else SMALL)
    answer = redirect(accounts_rules.local_path(request.args.get("next")), 307)
    return _with_cookie(answer, entry.COOKIE, token) if token else _without_cookie(answer)


@blueprint.get(f"{INSIDE}/leave")
def leave(city: str, name: str) -> Response:
    return _without_cookie(redirect("/"))


def _read_away(most: int) -> None:
    """The body is the plugin's affair; a server that closes before it has come breaks the sender's connection.

    A stranger's is read as far as the edge has it whole: more would be waited for as long as the stranger likes.
    """
    body = request.environ["wsgi.input"]
    left = min(request.content_length or 0, most)
    while left > 0 and (piece := body.read(min(PIECE, left))):
        left -= len(piece)


def _is_usual(city: str, name: str) -> bool:
    return urlsplit(reading.settings().plugin_origin(city, name)).hostname == request.host.partition(":")[0].lower()


def _with_cookie(answer: Response, name: str, value: str, seconds: int | None = None) -> Response:
    answer.set_cookie(name, value, max_age=seconds, secure=True, httponly=True, samesite="Lax", path="/")
    return _private(answer)


def _without_cookie(answer: Response) -> Response:
    answer.delete_cookie(entry.COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
    return _private(answer)


def _private(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _url(base: str, **query: str) -> str:
    return f"{base}?{urlencode(query)}"


def _city(slug: str) -> City:
    city = db.session.scalar(select(City).where(City.slug == slug))
    return city or abort(404)
