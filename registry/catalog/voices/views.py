"""Pages on which officials declare, and what maintainers do with it on the app's page."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from registry.accounts import acting
from registry.accounts.access import person
from registry.catalog import rules as describing
from registry.catalog import service as catalog
from registry.catalog.models import App
from registry.catalog.voices import service
from registry.catalog.voices.doors import MODERATION
from registry.catalog.voices.forms import DeclarationForm
from registry.catalog.voices.rules import Said
from registry.core.uow import unit_of_work
from registry.tenants.access import enter_programme
from registry.tenants.models import City

Page = str | Response | tuple[str, int]
DONE = {"hide": lambda: _("Hidden. The reason stands in its place."), "show": lambda: _("Everybody reads it again.")}
blueprint = Blueprint("voices", __name__)
blueprint.add_app_template_global(service.has_declared, "has_declared")


@blueprint.route("/apps/<app>/declare", methods=["GET", "POST"])
def declare(app: str) -> Page:
    """A city's declaration: written, or written anew; ``?city=`` chooses among several."""
    me, found = person(), catalog.get_app(app)
    city = service.city_of_asker(request.args.get("city", ""))
    kept = service.find_declaration(found, city)
    form = DeclarationForm(obj=kept)
    said = Said(form.use_case.data or "", form.instance_url.data or "", form.experience.data or "", form.since.data)
    status = acting.submitted(form, lambda: service.declare(found, city, me, said, form.seen or 0))
    if status == 200:
        flash(_("What %(city)s says is on the app's page now.", city=city.name), "success")
        return back(app, "users")
    if status == 409 and (kept := service.find_declaration(found, city)):
        form.see(kept.version)
    return form_page("declare", found, city, form, kept=kept, late=status == 409), status or 200


@blueprint.post("/apps/<app>/declare/withdraw")
def withdraw(app: str) -> Page:
    """Its words are gone for good, so the app's name is typed first."""
    person()
    city = service.city_of_asker(request.args.get("city", ""))
    found = service.standing_declaration(catalog.get_app(app), city)
    if request.form.get("confirm", "").strip() != app:
        flash(_("Nothing was withdrawn: type %(name)s to confirm.", name=app), "error")
        return redirect(url_for("voices.declare", app=app, city=city.slug), 303)
    with unit_of_work():
        service.withdraw(found)
    flash(_("The declaration of %(city)s is withdrawn.", city=city.name), "success")
    return back(app, "users")


@blueprint.post("/apps/<app>/declarations/<city>/<any(hide, show):which>")
def moderate_declaration(app: str, city: str, which: str) -> Page:
    enter_programme(MODERATION)
    declaration = service.declaration_in(catalog.get_app(app), city)
    return act(app, "users", moderation(declaration, which), DONE[which]())


def moderation(said: service.Voice, which: str) -> Callable[[], object]:
    return lambda: service.hide(said, request.form.get("reason", "")) if which == "hide" else service.show(said)


def act(app: str, part: str, work: Callable[[], object], told: str) -> Response:
    """Do it, say it (or why not), and go back to a part of the app's page."""
    return acting.act(work, told, url_for("catalog.show_app", app=app, _anchor=part))


def back(app: str, part: str) -> Response:
    return redirect(url_for("catalog.show_app", app=app, _anchor=part), 303)


def title_of(app: App) -> str:
    """In the visitor's language."""
    texts = describing.description(app.facts, [str(get_locale())])[1]
    return str(texts.get("localisedName") or app.name)


def form_page(name: str, app: App, city: City, form: FlaskForm, **more: object) -> str:
    others = [one for one in service.cities_of_asker() if one.id != city.id]
    told = {"app": app, "title": title_of(app), "city": city, "others": others, "form": form}
    return render_template(f"catalog/{name}.html", **told, **more)
