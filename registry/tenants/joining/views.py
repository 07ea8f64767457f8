"""Signing up: a form of four steps that can be left and gone on with, on any machine, with or without scripts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from registry.accounts import service as accounts
from registry.accounts import throttle
from registry.accounts.access import person
from registry.accounts.forms import take, tell
from registry.accounts.models import User
from registry.accounts.views import begin_session
from registry.core import audit
from registry.core.errors import ConflictError, Finding, InvalidError, RefusalError
from registry.core.uow import unit_of_work
from registry.tenants.joining import drafts, forms, regions, rules, sending, words
from registry.tenants.joining.models import JoinDraft
from registry.tenants.views import Page

HELD = "join"
"""In the browser's session: the text that opens the draft."""

blueprint = Blueprint("joining", __name__)


@blueprint.before_request
def hide() -> None:
    """The log tells that a draft was opened, not by which link."""
    if request.view_args and "text" in request.view_args:
        g.told_path = f"{request.path.removesuffix(request.view_args['text'])}…"


@blueprint.get("/join")
def join() -> Page:
    """What it takes, and the way in: begin, or go on where one left."""
    draft = _held()
    return render_template("joining/start.html", draft=draft, at=drafts.first_open(draft), **_words())


@blueprint.route("/join/<int:step>", methods=["GET", "POST"])
def step(step: int) -> Page:
    """What was typed is kept, right or wrong, whichever button is pressed; only Next asks for it to be right."""
    if step not in rules.STEPS:
        abort(404)
    draft, form = _held(), _form(step)
    if step == rules.LAST:
        return _last(draft)
    if draft is None and step > 1:
        return redirect(url_for("joining.step", step=1), 303)
    if request.method == "GET":
        return _shown(step, draft, _form(step, draft))
    if not form.validate():
        return _shown(step, draft, form), 422
    draft, findings = _kept(step, draft, form)
    if findings:
        take(form, InvalidError(findings[0].message, findings))
        return _shown(step, draft, form, findings), 422
    return redirect(_next(step), 303)


def _kept(step: int, draft: JoinDraft | None, form: FlaskForm) -> tuple[JoinDraft, list[Finding]]:
    """The draft with what was typed, and for Next what is wrong with it."""
    user = _user()
    given = {name: str(value or "") for name, value in form.data.items()}
    if request.form.get("choice"):
        given["region"] = request.form["choice"]
    if step == 3 and user:
        given["email"] = user.email
    with unit_of_work():
        if draft is None:
            throttle.demand_room("join", request.remote_addr or "")
            throttle.count("join", request.remote_addr or "")
            draft, session[HELD] = drafts.begin(user)
        if user:
            drafts.claim(draft, user)
        drafts.save(draft, step, given)
        findings = drafts.check(draft, step) if _way() == "next" else []
    return draft, findings


def _way() -> str:
    """Which button was pressed; choosing one of several regions is Next, too."""
    return request.form.get("go", "next") if not request.form.get("choice") else "next"


def _next(step: int) -> str:
    if _way() == "later":
        return url_for("joining.later")
    if _way() == "back":
        return url_for("joining.step", step=step - 1) if step > 1 else url_for("joining.join")
    return url_for("joining.step", step=step + 1)


def _last(draft: JoinDraft | None) -> Page:
    """Everything once more, and the button that sends it."""
    at = drafts.first_open(draft)
    if draft is None or at < rules.LAST:
        flash(_("Fill in this step first; then the application can be sent."), "warning")
        return redirect(url_for("joining.step", step=at), 303)
    form = forms.SendForm() if _user() else forms.SendWithAccountForm()
    if request.method == "GET":
        return _shown(rules.LAST, draft, form)
    if not form.validate():
        return _shown(rules.LAST, draft, form), 422
    try:
        slug = _sent(draft, form)
    except RefusalError as error:
        again = _held()
        if not take(form, error):
            tell(form, error)
        return _shown(rules.LAST, again or draft, form, error.findings), error.status
    return redirect(url_for("tenants.console", city=slug, welcome=1), 303)


def _sent(draft: JoinDraft, form: forms.SendForm) -> str:
    """The slug of the city that applied; an account and its session come with it for a visitor."""
    new: User | None = None
    with unit_of_work():
        accounts.count_sign_up(request.remote_addr or "")
        drafts.hold(draft)
        for step in (1, 2, 3):
            if findings := drafts.check(draft, step):
                raise ConflictError(findings[0].message)
        user = _user()
        if user is None:
            user = new = _registered(draft, str(form.password.data))
            audit.act_as(audit.Actor(new.id, new.name))
        city = sending.submit(sending.of_draft(draft), user)
        drafts.throw_away(draft)
        slug = city.slug
    session.pop(HELD, None)
    if new is not None:
        begin_session(new)
    return slug


def _registered(draft: JoinDraft, password: str) -> User:
    answers = draft.answers
    name = f"{answers['contact_name']}, {answers['found']['name']}"
    return accounts.register(answers["email"], name, password, str(get_locale()))


@blueprint.route("/join/later", methods=["GET", "POST"])
def later() -> Page:
    """How to go on another time: with the account, or with a link by mail."""
    draft, form = _held(), forms.LinkForm()
    if draft is None:
        return redirect(url_for("joining.join"), 303)
    if request.method == "GET":
        form = forms.LinkForm(formdata=None, address=draft.mailed_to or draft.answers.get("email"))
        return render_template("joining/later.html", draft=draft, form=form, at=drafts.first_open(draft), **_words())
    status = 422
    if form.validate():
        try:
            with unit_of_work():
                address = str(form.address.data).strip()
                session[HELD] = drafts.mail_link(draft, session.get(HELD, ""), address, request.remote_addr or "")
            flash(_("The link is on its way to %(address)s. You can close this page.", address=address), "success")
            return redirect(url_for("joining.later"), 303)
        except RefusalError as error:
            tell(form, error)
            status = error.status
    return render_template("joining/later.html", draft=draft, form=form, at=1, **_words()), status


@blueprint.get("/join/continue/<text>")
def go_on(text: str) -> Page:
    """The link of the mail: it may be opened as often as one likes, and leaves the address bar at once."""
    draft = drafts.find(text, _user())
    if draft is None:
        told = _("This link opens nothing any more: the application was sent, 30 days have passed, or it is kept under "
                 "an account. If you have one, sign in.")  # fmt: skip
        flash(told, "warning")
        return _alone(redirect(url_for("joining.join"), 303))
    session[HELD] = text
    return _alone(redirect(url_for("joining.step", step=drafts.first_open(draft)), 303))


@blueprint.post("/join/forget")
def forget() -> Page:
    """Throw the draft away."""
    draft = _held()
    with unit_of_work():
        if draft is not None:
            drafts.throw_away(draft)
    session.pop(HELD, None)
    flash(_("Your answers are deleted."), "success")
    return redirect(url_for("joining.join"), 303)


@blueprint.get("/join/regions")
def offered() -> Page:
    """Options for the field of step 1, while one types."""
    return render_template("joining/offered.html", found=regions.suggest(request.args.get("region", "")))


@blueprint.get("/join/proved")
def proved() -> Page:
    """Where the link to an official address ends."""
    return render_template("joining/proved.html")


def _held() -> JoinDraft | None:
    return drafts.find(str(session.get(HELD, "")), _user())


def _user() -> User | None:
    return person() if current_user.is_authenticated else None


def _form(step: int, draft: JoinDraft | None = None) -> FlaskForm:
    """The form of a step: with what was posted, or with what the draft holds."""
    region = forms.RegionForm if regions.any_list() else forms.CodeForm
    kind = {1: region, 2: forms.OfficeForm, 3: forms.PersonForm}.get(step, forms.SendForm)
    posted = request.method == "POST"
    form: Any = kind() if posted else kind(formdata=None, data=_known(draft))
    if step == 1 and "code" in form:
        del form.region
    if step == 3 and current_user.is_authenticated:
        del form.email
    return form


def _known(draft: JoinDraft | None) -> dict[str, str]:
    known: dict[str, str] = {"proof": "mail", "contact_office": "Dinas Komunikasi dan Informatika"}
    return known | {name: value for name, value in (draft.answers if draft else {}).items() if value}


def _shown(step: int, draft: JoinDraft | None, form: FlaskForm, findings: object = ()) -> str:
    answers = draft.answers if draft else {}
    found = regions.find(str(answers.get("region") or "")) if step == 1 and findings else regions.Found()
    return render_template(
        f"joining/step{step}.html", form=form, step=step, draft=draft, answers=answers, near=found.near,
        at=drafts.first_open(draft), listed=regions.any_list(), text=session.get(HELD, ""), **_words(),
    )  # fmt: skip


def _alone(answer: Response) -> Response:
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _words() -> dict[str, object]:
    return {"step_name": words.step_name, "steps": list(rules.STEPS), "proof_name": words.proof_name,
            "asked_of": rules.STEPS}  # fmt: skip
