"""The page of the own security: what there is, added and removed by whoever confirmed to be there."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.accounts import rules as accounts_rules
from registry.accounts.access import person
from registry.accounts.factors import codes, entering, passkeys, recovery, rules, service, words
from registry.accounts.factors.forms import CodeForm, NewPasskeyForm
from registry.accounts.forms import PasswordForm, tell
from registry.accounts.models import User
from registry.accounts.sessions import door
from registry.core.errors import RefusalError
from registry.core.secrets import SecretUnreadableError, open_vault
from registry.core.uow import unit_of_work

blueprint = Blueprint("factors", __name__, template_folder="templates")

Page = str | tuple[str, int] | Response
PENDING = "pending"


@blueprint.get("/account/security")
def security() -> Page:
    return security_page(person())


def security_page(user: User, password: PasswordForm | None = None) -> Page:
    told = {"held": service.held(user), "required": service.required_for(user), "limits": rules}
    form = password or PasswordForm(formdata=None)
    answer = render_template("factors/security.html", user=user, password_form=form, next=_next(), **told)
    return answer, 422 if form.errors else 200


@blueprint.route("/account/security/app", methods=["GET", "POST"])
def code_app() -> Page:
    """Set up an app for codes. Until a code proves it, the secret lies sealed in the cookie and nowhere else."""
    user, form = person(), CodeForm()
    door.demand_fresh()
    secret = _pending()
    if form.validate_on_submit():
        try:
            return _added(user, lambda: codes.add(user, secret, form.code.data or ""))
        except RefusalError as error:
            tell(form, error)
    address = codes.address(user, secret)
    told = {"picture": codes.picture(address), "address": address, "secret": rules.written(secret.lower())}
    again = service.held(user).code_app is not None
    answer = render_template("factors/code_app.html", form=form, again=again, next=_next(), **told)
    return answer, 422 if form.is_submitted() else 200


@blueprint.post("/account/security/app/remove")
def remove_code_app() -> Page:
    user = person()
    door.demand_fresh()
    with unit_of_work():
        service.remove_code_app(user)
    flash(_("The app is removed. Its codes no longer open anything."), "success")
    return redirect(url_for("factors.security"), 303)


@blueprint.route("/account/security/passkeys", methods=["GET", "POST"])
def new_passkey() -> Page:
    user, form = person(), NewPasskeyForm()
    door.demand_fresh()
    if form.validate_on_submit():
        challenge = entering.answered()
        try:
            return _added(user, lambda: passkeys.add(user, form.name.data or "", form.answer.data or "", challenge))
        except RefusalError as error:
            tell(form, error)
    form.answer.data = ""
    return render_template("factors/new_passkey.html", form=form, next=_next()), 422 if form.is_submitted() else 200


@blueprint.post("/account/security/passkeys/options")
def passkey_options() -> Response:
    """For the script of the page: what the browser is to make."""
    user = person()
    door.demand_fresh()
    return as_json(passkeys.creation_options(user, entering.challenge()))


@blueprint.post("/account/security/passkeys/<int:key_id>/remove")
def remove_passkey(key_id: int) -> Page:
    user = person()
    door.demand_fresh()
    with unit_of_work():
        name = service.remove_passkey(user, key_id)
    flash(_("The passkey “%(name)s” is removed.", name=name), "success")
    return redirect(url_for("factors.security"), 303)


@blueprint.post("/account/security/recovery-codes")
def recovery_codes() -> Page:
    """Ten new ones, shown in this one answer and never again."""
    user = person()
    door.demand_fresh()
    if not service.has_any(user):
        flash(_("Set up an app or a passkey first: recovery codes stand in for one."), "warning")
        return redirect(url_for("factors.security"), 303)
    with unit_of_work():
        made = recovery.renew(user)
        words.tell_codes(user)
    return _codes_page(made)


def _added(user: User, add: Callable[[], object]) -> Page:
    """Add the factor. With the first one come the recovery codes, and every other session of before ends."""
    first, made = not service.has_any(user), None
    with unit_of_work():
        add()
        if first:
            made = recovery.renew(user)
            door.end_others(user)
        here = door.here()
        if here is not None:
            here.strong = True
    session.pop(PENDING, None)
    flash(_("Done. From now on you can use it when you sign in."), "success")
    return _codes_page(made) if made else redirect(url_for("factors.security"), 303)


def _codes_page(made: list[str]) -> Page:
    host = current_app.extensions["lumbung"].registry_host
    return render_template("factors/recovery_codes.html", codes=made, host=host, user=person(), next=_next()), 201


def _pending() -> str:
    """The secret of the app that is being set up: the same while its page is loaded again."""
    vault = open_vault(current_app.extensions["lumbung"].secrets)
    try:
        return str(vault.open(session[PENDING].encode()))
    except (KeyError, AttributeError, SecretUnreadableError):
        secret = codes.new_secret()
        session[PENDING] = vault.seal(secret).decode()
        return secret


def _next() -> str:
    """Where somebody wanted to go who was led here first; "" for nowhere."""
    return accounts_rules.local_path(request.values.get("next"), "")


def as_json(text: str) -> Response:
    return Response(text, mimetype="application/json", headers={"Cache-Control": "no-store"})
