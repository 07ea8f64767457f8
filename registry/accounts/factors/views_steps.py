"""The second step of signing in, signing in with a passkey alone, and confirming to be there."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.accounts import rules as accounts_rules
from registry.accounts import service as accounts
from registry.accounts.access import person
from registry.accounts.factors import entering, passkeys, service
from registry.accounts.factors.forms import ONE_TIME, CodeForm, PasskeyForm, PasswordOnlyForm, RecoveryForm
from registry.accounts.factors.views import Page, as_json, blueprint
from registry.accounts.models import User
from registry.accounts.sessions import door
from registry.accounts.sessions import service as sessions
from registry.core.clock import now
from registry.core.uow import unit_of_work


@blueprint.route("/sign-in/second", methods=["GET", "POST"])
def second_step() -> Page:
    """Whoever gave the right password minutes ago shows the second factor. Throttled as passwords are."""
    half = entering.half_way()
    if half is None:
        flash(_("That took too long, or the password was not given yet. Sign in once more."), "warning")
        return redirect(url_for("accounts.sign_in"), 303)
    user, target = half
    if request.method == "POST" and _proved(user):
        door.begin_session(user, strong=True)
        return redirect(target, 303)
    return _ask("factors/second_step.html", user)


@blueprint.post("/sign-in/second/options")
def second_step_options() -> Response:
    half = entering.half_way()
    return _options(half[0] if half else None)


@blueprint.post("/sign-in/passkey/options")
def sign_in_options() -> Response:
    """For any passkey of this site that the person chooses."""
    return _options(None)


@blueprint.post("/sign-in/passkey")
def sign_in_by_passkey() -> Page:
    """A passkey alone is two factors: the device one has, and the finger, face or PIN it asks for."""
    form, target = PasskeyForm(), accounts_rules.local_path(request.values.get("next"), "/console/")
    challenge = entering.answered()
    known = bool(challenge) and form.validate_on_submit()
    with unit_of_work():
        user = passkeys.take(None, form.answer.data or "", challenge) if known else None
        if user is not None:
            user.signed_in_at = now()
    if user is None:
        flash(_("The passkey did not work. Try again, or sign in with your password."), "error")
        return redirect(url_for("accounts.sign_in", next=target), 303)
    door.begin_session(user, strong=True)
    return redirect(target, 303)


@blueprint.route("/account/confirm", methods=["GET", "POST"])
def confirm() -> Page:
    """Prove to be there: by a second factor who has one, else by the password. Then on to ``next``."""
    user, target = person(), accounts_rules.local_path(request.values.get("next"), url_for("factors.security"))
    has = service.has_any(user)
    if request.method == "POST" and (_proved(user) if has else _gave_password(user)):
        _confirmed(user, has)
        return redirect(target, 303)
    return _ask("factors/confirm.html", user, next=target)


@blueprint.post("/account/confirm/options")
def confirm_options() -> Response:
    return _options(person())


def _confirmed(user: User, strong: bool) -> None:
    found = door.here()
    if found is None:
        door.begin_session(user, strong)
        return
    with unit_of_work():
        sessions.confirm(found, strong)


def _proved(user: User) -> bool:
    """By a passkey, a code of the app or a recovery code, whichever form was sent."""
    if "answer" in request.form:
        challenge = entering.answered()
        with unit_of_work():
            return bool(challenge) and passkeys.take(user, request.form["answer"], challenge) is not None
    form = CodeForm()
    if not form.validate_on_submit():
        return False
    with unit_of_work():
        return service.take_code(user, form.code.data or "", request.remote_addr or "")


def _gave_password(user: User) -> bool:
    form = PasswordOnlyForm()
    if not form.validate_on_submit():
        return False
    with unit_of_work():
        return accounts.authenticate(user.email, form.password.data or "", request.remote_addr or "") is not None


def _ask(template: str, user: User, **more: str) -> Page:
    """The forms for what this person has; after a wrong answer with a sentence about it."""
    code, held, wrong = CodeForm(formdata=None), service.held(user), request.method == "POST"
    if not held.passkeys:
        code.code.render_kw = {**ONE_TIME, "autofocus": True}
    others = {"recovery_form": RecoveryForm(formdata=None), "password_form": PasswordOnlyForm(formdata=None)}
    answer = render_template(template, user=user, held=held, wrong=wrong, code_form=code, **others, **more)
    return answer, 401 if wrong else 200


def _options(user: User | None) -> Response:
    return as_json(passkeys.request_options(user, entering.challenge()))
