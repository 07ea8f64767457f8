"""What a link by mail opens. Its address is left at once for one without the secret, and only a button uses it up.

The page with the secret in its address is a redirect that no referrer follows; the page it leads to knows the link from
the browser's session. (A page that itself forbids referrers could not send its own form: browsers then hide the origin,
too.)
"""

from __future__ import annotations

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, session, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from registry.accounts import service as accounts
from registry.accounts import throttle
from registry.accounts.access import person
from registry.accounts.forms import NewPasswordForm, tell
from registry.accounts.links import jobs, rules, service, words
from registry.accounts.links.forms import ButtonForm, ForgotForm, NewcomerForm
from registry.accounts.links.models import Link
from registry.accounts.models import User
from registry.accounts.notices.service import tell as tell_people
from registry.accounts.oidc.service import forget_linked
from registry.accounts.rules import local_path
from registry.accounts.views import begin_session
from registry.core import audit
from registry.core.errors import NotFoundError, RefusalError
from registry.core.uow import unit_of_work

blueprint = Blueprint("links", __name__, template_folder="templates")
Page = str | tuple[str, int] | Response
HELD = "links"
HOME = "/console/"


@blueprint.before_request
def hide() -> None:
    """The log tells that a link was opened, not which."""
    if request.view_args and "text" in request.view_args:
        g.told_path = f"{request.path.removesuffix(request.view_args['text'])}…"


@blueprint.route("/sign-in/forgot", methods=["GET", "POST"])
def forgot() -> Page:
    """The same answer whether there is an account or not; an account gets at most three mails in a quarter hour."""
    form = ForgotForm()
    if not form.validate_on_submit():
        return render_template("accounts/links/forgot.html", form=form), 422 if form.errors else 200
    address, email = request.remote_addr or "", form.email.data
    with unit_of_work():
        throttle.demand_room("forgot", address)
        throttle.count("forgot", address)
        if not throttle.is_full("forgot-account", email):
            throttle.count("forgot-account", email)
            jobs.ask(email)
    return render_template("accounts/links/forgot.html", sent=True)


@blueprint.get("/sign-in/new-password/<text>", defaults={"purpose": rules.PASSWORD})
@blueprint.get("/invitation/<text>", defaults={"purpose": rules.INVITATION})
@blueprint.get("/address/<text>", defaults={"purpose": rules.ADDRESS})
def arrive(text: str, purpose: str) -> Page:
    """Following the link uses nothing up: mail scanners do it, too."""
    throttle.demand_room("link", request.remote_addr or "")
    try:
        service.open_link(text, purpose)
    except NotFoundError as error:
        with unit_of_work():
            throttle.count("link", request.remote_addr or "")
        return _alone(make_response(*_ended(error.message, purpose)))
    session[HELD] = {**session.get(HELD, {}), purpose: text}
    return _alone(redirect(rules.PLACES[purpose].rstrip("/"), 303))


@blueprint.route("/sign-in/new-password", methods=["GET", "POST"])
def new_password() -> Page:
    """Ends every session of before, tokens and linked sign-ins, for whoever made them may have been somebody else;
    signing in comes next, with the second step where one is demanded.
    """
    form, link = NewPasswordForm(), _held(rules.PASSWORD)
    if isinstance(link, str) or link.user is None:
        return _ended(link if isinstance(link, str) else words.unknown(), rules.PASSWORD)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                audit.act_as(audit.Actor(link.user.id, link.user.name))
                accounts.check_password(form.password.data, link.user.email)
                service.use(link)
                accounts.set_password(link.user, form.password.data)
                accounts.sign_out_everywhere(link.user, tokens=True)
                forget_linked(link.user)
                tell_people([link.user], words.password_reset)
            session.pop(HELD, None)
            flash(_("Your password is changed and every session has ended. Sign in with the new one."), "success")
            return redirect(url_for("accounts.sign_in"), 303)
        except NotFoundError as error:
            return _ended(error.message, rules.PASSWORD)
        except RefusalError as error:
            tell(form, error)
    email = link.user.email
    return render_template("accounts/links/new_password.html", form=form, email=email), 422 if form.errors else 200


@blueprint.route("/invitation", methods=["GET", "POST"])
def invitation() -> Page:
    """Whoever is signed in accepts with a button; somebody without an account opens one with the same step."""
    link = _held(rules.INVITATION)
    if isinstance(link, str):
        return _ended(link, rules.INVITATION)
    if current_user.is_authenticated:
        return _accept(link, ButtonForm(), person())
    if accounts.find_by_email(link.email) is not None:
        return _shown(link, ButtonForm(formdata=None))
    form = NewcomerForm()
    return _newcomer(link, form) if form.validate_on_submit() else _shown(link, form)


@blueprint.route("/address", methods=["GET", "POST"])
def address() -> Page:
    """That somebody reads the mail of this address."""
    link = _held(rules.ADDRESS)
    if isinstance(link, str):
        return _ended(link, rules.ADDRESS)
    user = person() if current_user.is_authenticated else None
    return _accept(link, ButtonForm(), user)


def _accept(link: Link, form: ButtonForm, user: User | None) -> Page:
    if not form.validate_on_submit():
        return _shown(link, form)
    try:
        with unit_of_work():
            target = _done(link, user)
    except NotFoundError as error:
        return _ended(error.message, link.purpose)
    return redirect(target, 303)


def _newcomer(link: Link, form: NewcomerForm) -> Page:
    """The address is proven by the link, so the account needs no further proof."""
    try:
        with unit_of_work():
            user = accounts.register(link.email, form.name.data, form.password.data, str(get_locale() or "id"))
            audit.act_as(audit.Actor(user.id, user.name))
            target = _done(link, user)
    except NotFoundError as error:
        return _ended(error.message, rules.INVITATION)
    except RefusalError as error:
        tell(form, error)
        return _shown(link, form)
    begin_session(user)
    return redirect(target, 303)


def _done(link: Link, user: User | None) -> str:
    """Use it up and do what its room says, both or neither. Answers where to go on to."""
    act = service.act_of(link.purpose)
    service.use(link)
    target = act.accept(link, user)
    session.pop(HELD, None)
    return local_path(target, default=HOME if user else "/")


def _shown(link: Link, form: ButtonForm | NewcomerForm) -> Page:
    told = service.act_of(link.purpose).describe(link)
    back = f"{rules.PLACES[link.purpose]}{session[HELD][link.purpose]}"
    page = render_template(f"accounts/links/{link.purpose}.html", link=link, form=form, told=told, back=back,
                           newcomer=isinstance(form, NewcomerForm))  # fmt: skip
    return page, 422 if form.errors else 200


def _held(purpose: str) -> Link | str:
    """The link this browser came with, or why there is none."""
    text = session.get(HELD, {}).get(purpose, "")
    try:
        return service.open_link(text, purpose) if text else _("Open the link in your mail again.")
    except NotFoundError as error:
        return error.message


def _ended(message: str, purpose: str) -> tuple[str, int]:
    return render_template("accounts/links/ended.html", message=message, again=purpose == rules.PASSWORD), 404


def _alone(answer: Response) -> Response:
    """Nobody this page leads to, not even ourselves, is told where one came from; nobody keeps it."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer
