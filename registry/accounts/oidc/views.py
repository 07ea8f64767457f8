"""Signing in where a city, or the whole installation, has its people's accounts; and linking the own account there."""

from __future__ import annotations

import hmac
from typing import Any

from authlib.common.security import generate_token
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from registry.accounts import throttle
from registry.accounts.access import person
from registry.accounts.factors.entering import enter
from registry.accounts.links import rules as link_rules
from registry.accounts.links import service as links
from registry.accounts.links.models import Link
from registry.accounts.models import User
from registry.accounts.oidc import asking, rules, service, words
from registry.accounts.oidc.asking import ProviderError
from registry.accounts.oidc.rules import Claims, Provider
from registry.accounts.rules import local_path
from registry.accounts.sessions import door
from registry.accounts.views import Page
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import InvalidError, NotFoundError, RefusalError, UnavailableError
from registry.core.logs import logger
from registry.core.uow import unit_of_work

blueprint = Blueprint("oidc", __name__, template_folder="templates")
PENDING = "oidc"
WAYS = "/account/sign-in-ways"


@blueprint.get("/sign-in/with/<int:provider_id>")
def leave(provider_id: int) -> Page:
    """Off to the provider, with everything to know its answer by."""
    _count()
    target = local_path(request.args.get("next"), default="/console/")
    return redirect(_address(provider_id, {"next": target}), 302)


@blueprint.get("/sign-in/with/<int:provider_id>/answer")
def answer(provider_id: int) -> Page:
    """Back from the provider. What it says counts once, in this browser, for what was asked."""
    _count()
    asked = session.pop(PENDING, None)
    _check_answer(provider_id, asked)
    source = service.provider(provider_id)
    db.session.rollback()  # a provider that takes its time keeps no connection of ours
    claims = _claims(source, asked)
    if "link" in asked:
        return _link(source, claims, asked)
    return _enter(source, claims, asked)


@blueprint.get(WAYS)
def ways() -> Page:
    """How one signs in: what one's account is linked with, and what it could be linked with."""
    user = person()
    return render_template("accounts/oidc/ways.html", user=user, host_of=words.host_of,
                           identities=service.identities(user), offered=service.offered(user))  # fmt: skip


@blueprint.post(f"{WAYS}/with/<int:provider_id>")
def start_link(provider_id: int) -> Page:
    """A form's answer may not lead elsewhere by itself (the page's policy), so there is a page with a link between."""
    user = person()
    door.demand_fresh()
    address = _address(provider_id, {"link": user.id, "next": WAYS})
    return render_template("accounts/oidc/go.html", address=address, host=words.host_of(address))


@blueprint.post(f"{WAYS}/<int:identity_id>/unlink")
def unlink(identity_id: int) -> Page:
    user = person()
    with unit_of_work():
        service.unlink(user, identity_id)
    flash(_("Unlinked. From now on it opens nothing here."), "success")
    return redirect(url_for("oidc.ways"), 303)


def _address(provider_id: int, asked: dict[str, Any]) -> str:
    """Where the provider asks who it is; remembers in the browser's session what will be true of the answer."""
    source = service.provider(provider_id)
    db.session.rollback()
    asked |= {"provider": provider_id, "nonce": generate_token(43), "verifier": generate_token(64), "at": _seconds()}
    try:
        metadata = asking.discover(source)
    except ProviderError as error:
        raise _unavailable(source, error) from error
    with asking.session(source, metadata, service.redirect_address(provider_id)) as client:
        address, state = client.create_authorization_url(
            metadata.authorization, state=generate_token(43), code_verifier=asked["verifier"], nonce=asked["nonce"]
        )
    session[PENDING] = {**asked, "state": state}
    return str(address)


def _check_answer(provider_id: int, asked: dict[str, Any] | None) -> None:
    """Raises InvalidError unless this browser asked this provider a moment ago."""
    state = request.args.get("state", "")
    ours = asked is not None and asked["provider"] == provider_id and hmac.compare_digest(
        state.encode("utf-8", "replace"), str(asked["state"]).encode()
    )  # fmt: skip
    if not ours or asked is None or _seconds() - asked["at"] > rules.PATIENCE.total_seconds():
        raise InvalidError(_("This sign-in was not begun in this browser, or too long ago. Start again."))
    if request.args.get("error"):
        raise InvalidError(_("The other side let nobody in: %(code)s. Start again, or sign in with your password.",
                             code=request.args["error"][:60]))  # fmt: skip


def _claims(source: Provider, asked: dict[str, Any]) -> Claims:
    """Who came, checked in every respect. Raises RefusalError."""
    told = request.args.get("iss")
    try:
        metadata = asking.discover(source)
        if told != source.issuer and (told is not None or metadata.tells_issuer):
            raise ProviderError("token", "iss")
        redirect_to, code = service.redirect_address(source.id), request.args.get("code", "")[:4000]
        tokens = asking.exchange(source, metadata, redirect_to, code, asked["verifier"])
        claims = asking.read_token(source, asking.keys_of(metadata), tokens["id_token"], asked["nonce"])
        return asking.complete(metadata, claims, tokens)
    except ProviderError as error:
        raise _unavailable(source, error) from error


def _enter(source: Provider, claims: Claims, asked: dict[str, Any]) -> Page:
    audit.act_as(audit.Actor(None, claims.email or "visitor"))
    with unit_of_work():
        user, strong = service.person_of(source, claims, _invited(asked["next"]))
    return enter(user, asked["next"], strong)


def _link(source: Provider, claims: Claims, asked: dict[str, Any]) -> Page:
    """Only for the person who began it, still signed in."""
    user: User = person()
    if user.id != asked["link"]:
        raise InvalidError(_("This sign-in was not begun in this browser, or too long ago. Start again."))
    with unit_of_work():
        service.link(source, claims, user)
    flash(_("Linked. You can sign in there from now on."), "success")
    return redirect(WAYS, 303)


def _invited(target: str) -> Link | None:
    """The invitation somebody is on the way back to."""
    prefix = link_rules.PLACES[link_rules.INVITATION]
    if not target.startswith(prefix):
        return None
    try:
        return links.open_link(target.removeprefix(prefix), link_rules.INVITATION)
    except NotFoundError:
        return None


def _unavailable(source: Provider, error: ProviderError) -> RefusalError:
    logger.warning("OpenID provider", issuer=source.issuer, city=source.city_id, step=error.step, code=error.code)
    host = words.host_of(source.issuer)
    told = words.problem(error.step, error.code)
    return UnavailableError(_("Signing in through %(host)s does not work now. %(why)s", host=host, why=told))


def _count() -> None:
    """Each time we ask a machine elsewhere: not as often as anybody likes."""
    address = request.remote_addr or ""
    throttle.demand_room("oidc", address)
    with unit_of_work():
        throttle.count("oidc", address)


def _seconds() -> float:
    return now().timestamp()
