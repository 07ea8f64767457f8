"""Signing in and out, and what a person decides about the own account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from registry.accounts import rules, service
from registry.accounts.access import person
from registry.accounts.factors import service as factors
from registry.accounts.factors.entering import enter
from registry.accounts.factors.views import security_page
from registry.accounts.forms import LanguageForm, PasswordForm, SignInForm, SignOutForm, take
from registry.accounts.links.words import password_changed
from registry.accounts.models import User
from registry.accounts.notices.service import tell as tell_people
from registry.accounts.sessions import door
from registry.accounts.sessions.door import begin_session
from registry.core.errors import InvalidError
from registry.core.uow import unit_of_work

__all__ = ["begin_session", "blueprint"]

blueprint = Blueprint("accounts", __name__, template_folder="templates")

Page = str | tuple[str, int] | Response
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Page:
    """A wrong pair says so without telling which half; throttled by account and address."""
    form = SignInForm()
    target = rules.local_path(request.values.get("next"), default="/console/")
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form, next=target)
    with unit_of_work():
        user = service.authenticate(form.email.data, form.password.data, request.remote_addr or "")
    if user is None:
        wrong = _("E-mail and password do not match. Check both and try again.")
        return render_template("accounts/sign_in.html", form=form, next=target, wrong=wrong), 401
    return enter(user, target)


@blueprint.post("/sign-out")
def sign_out() -> Page:
    if current_user.is_authenticated:
        with unit_of_work():
            service.sign_out(person())
            door.end_here()
    logout_user()
    session.clear()
    return redirect("/", 303)


@blueprint.get("/account")
def account() -> Page:
    return _account(person())


@blueprint.post("/account/language")
def language() -> Page:
    user, form = person(), LanguageForm()
    form.language.choices = LANGUAGES
    if not form.validate_on_submit():
        return _account(user, language=form)
    with unit_of_work():
        service.change_language(user, form.language.data)
    return redirect(url_for("accounts.account", lang=form.language.data), 303)


@blueprint.post("/account/password")
def password() -> Page:
    """The new password ends every session; the one that set it begins again."""
    user, form = person(), PasswordForm()
    if not form.validate_on_submit():
        return security_page(user, form)
    strong = factors.has_any(user)
    if strong:
        door.demand_fresh()
    with unit_of_work():
        known = service.authenticate(user.email, form.current.data, request.remote_addr or "")
    if known is None:
        form.current.errors = [_("This is not your current password.")]
        return security_page(user, form)
    try:
        with unit_of_work():
            service.check_password(form.password.data, user.email)
            service.set_password(user, form.password.data)
            tell_people([user], password_changed)
    except InvalidError as error:
        take(form, error)
        return security_page(user, form)
    begin_session(user, strong)
    flash(_("Your password is changed. Every other session has ended."), "success")
    return redirect(url_for("factors.security"), 303)


@blueprint.post("/account/sign-out-everywhere")
def sign_out_everywhere() -> Page:
    """Every browser, this one too, and every plugin; tokens of programs when the box says so."""
    user, form = person(), SignOutForm()
    if not form.validate_on_submit():
        return redirect(url_for("sessions.overview"), 303)
    with unit_of_work():
        service.sign_out_everywhere(user, bool(form.tokens.data))
    logout_user()
    session.clear()
    flash(_("You are signed out everywhere. Plugins follow within seconds."), "success")
    return redirect(url_for("accounts.sign_in"), 303)


def _account(user: User, language: LanguageForm | None = None) -> Page:
    language = language or LanguageForm(formdata=None, language=user.language)
    language.language.choices = LANGUAGES
    return render_template("accounts/account.html", user=user, language_form=language)
