"""Pages on which officials declare and ask, and what maintainers do with it on the app's page."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from registry.accounts.access import person
from registry.catalog import rules as describing
from registry.catalog import service as catalog
from registry.catalog.models import App
from registry.catalog.voices import service
from registry.catalog.voices.forms import DeclarationForm, QuestionForm
from registry.catalog.voices.rules import Said
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants.access import enter_programme
from registry.tenants.models import City

MODERATION = "app.publish"
Page = str | Response | tuple[str, int]
blueprint = Blueprint("voices", __name__)


@blueprint.route("/apps/<app>/declare", methods=["GET", "POST"])
def declare(app: str) -> Page:
    """A city's declaration: written, or written anew; ``?city=`` chooses among several."""
    me, found = person(), catalog.get_app(app)
    city = service.city_of_asker(request.args.get("city", ""))
    kept = service.find_declaration(found, city)
    form = DeclarationForm(obj=kept)
    if form.validate_on_submit():
        said = Said(form.use_case.data or "", form.instance_url.data or "", form.experience.data or "", form.since.data)
        status = _try(form, lambda: service.declare(found, city, me, said))
        if status == 200:
            flash(_("What %(city)s says is on the app's page now.", city=city.name), "success")
            return _back(app, "users")
        return _page("declare", found, city, form, kept=kept), status
    return _page("declare", found, city, form, kept=kept), 422 if form.errors else 200


@blueprint.post("/apps/<app>/declare/withdraw")
def withdraw(app: str) -> Page:
    person()
    city = service.city_of_asker(request.args.get("city", ""))
    with unit_of_work():
        service.withdraw(service.standing_declaration(catalog.get_app(app), city))
    flash(_("The declaration of %(city)s is withdrawn.", city=city.name), "success")
    return _back(app, "users")


@blueprint.route("/apps/<app>/ask", methods=["GET", "POST"])
def ask(app: str) -> Page:
    me, found = person(), catalog.get_app(app)
    city, form = service.city_of_asker(request.args.get("city", "")), QuestionForm()
    if form.validate_on_submit():
        status = _try(form, lambda: service.ask(found, city, me, form.text.data or ""))
        if status == 200:
            flash(_("Your question is on the app's page. The publisher's maintainers see it there."), "success")
            return _back(app, "questions")
        return _page("ask", found, city, form), status
    return _page("ask", found, city, form), 422 if form.errors else 200


@blueprint.post("/apps/<app>/questions/<int:question_id>/answer")
def answer(app: str, question_id: int) -> Page:
    enter_programme(MODERATION)
    question = service.find_question(catalog.get_app(app), question_id)
    return _act(app, "questions", lambda: service.answer(question, request.form.get("answer", "")), _("Answered."))


@blueprint.post("/apps/<app>/questions/<int:question_id>/<any(hide, show):which>")
def moderate_question(app: str, question_id: int, which: str) -> Page:
    enter_programme(MODERATION)
    question = service.find_question(catalog.get_app(app), question_id)
    return _act(app, "questions", _moderation(question, which), _("Done. The reason stands in its place."))


@blueprint.post("/apps/<app>/declarations/<city>/<any(hide, show):which>")
def moderate_declaration(app: str, city: str, which: str) -> Page:
    enter_programme(MODERATION)
    declaration = service.declaration_in(catalog.get_app(app), city)
    return _act(app, "users", _moderation(declaration, which), _("Done. The reason stands in its place."))


def _moderation(said: service.Voice, which: str) -> Callable[[], object]:
    return lambda: service.hide(said, request.form.get("reason", "")) if which == "hide" else service.show(said)


def _act(app: str, part: str, act: Callable[[], object], told: str) -> Response:
    try:
        with unit_of_work():
            act()
        flash(told, "success")
    except RefusalError as refusal:
        flash(refusal.message, "error")
    return _back(app, part)


def _try(form: FlaskForm, act: Callable[[], object]) -> int:
    """The status of an act; what it refuses is written beside the fields it is about."""
    try:
        with unit_of_work():
            act()
    except RefusalError as refusal:
        for finding in refusal.findings:
            if finding.path in form:
                form[finding.path].errors = [finding.message]
        if not refusal.findings:
            flash(refusal.message, "error")
        return refusal.status
    return 200


def _back(app: str, part: str) -> Response:
    return redirect(url_for("catalog.show_app", app=app, _anchor=part), 303)


def _page(name: str, app: App, city: City, form: FlaskForm, **more: object) -> str:
    others = [one for one in service.cities_of_asker() if one.id != city.id]
    texts = describing.description(app.facts, [str(get_locale())])[1]
    title = str(texts.get("localisedName") or app.name)
    return render_template(f"catalog/{name}.html", app=app, title=title, city=city, others=others, form=form, **more)
