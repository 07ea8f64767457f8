"""Public pages about the cities: who takes part, how to join, and the way to one's own console."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from registry.accounts import service as accounts
from registry.accounts.access import person
from registry.accounts.forms import take
from registry.accounts.views import begin_session
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import access, people, rules, service
from registry.tenants.forms import JoinForm, JoinWithAccountForm
from registry.tenants.models import City

blueprint = Blueprint("tenants", __name__, template_folder="templates")

Page = str | tuple[str, int] | Response


@blueprint.get("/cities")
def cities() -> Page:
    words = request.args.get("q", "").strip()[:80]
    found = service.admitted_cities(words)
    return render_template("tenants/cities.html", cities=found, words=words)


@blueprint.route("/join", methods=["GET", "POST"])
def join() -> Page:
    """Sign-up of a city; its first admin is the person who asks, or is made with it."""
    form = JoinForm() if current_user.is_authenticated else JoinWithAccountForm()
    if not form.validate_on_submit():
        return render_template("tenants/join.html", form=form), 422 if form.is_submitted() else 200
    try:
        with unit_of_work():
            accounts.count_sign_up(request.remote_addr or "")
            city = _sign_up(form)
    except RefusalError as error:
        shown = None if take(form, error) else error.message
        return render_template("tenants/join.html", form=form, refusal=shown), error.status
    return redirect(url_for("tenants.console", city=city.slug, welcome=1), 303)


def _sign_up(form: JoinForm) -> City:
    """The city, its first admin, and that person's session."""
    fields = ("code", "name", "slug", "timezone", "color", "contact_office", "contact_name")
    city = service.apply_city(service.Application(**{name: getattr(form, name).data.strip() for name in fields}))
    if isinstance(form, JoinWithAccountForm):
        name = f"{form.contact_name.data.strip()}, {city.name}"
        user = accounts.register(form.email.data, name, form.password.data)
        people.add_member(city, user, rules.ADMIN)
        begin_session(user)
    else:
        people.add_member(city, person(), rules.ADMIN)
    return city


@blueprint.get("/console/")
def consoles() -> Page:
    """One's own city when there is one, else a choice; operators find their plugins here."""
    person()
    settings = current_app.extensions["lumbung"]
    held = access.memberships()
    mine = {one.city.slug: one.city for one in held if rules.allows("city.see", {one.role})}
    plugins = [
        (one, settings.plugin_origin(one.city.slug, one.plugin)) for one in held if one.plugin
    ]
    if len(mine) == 1 and not plugins:
        return redirect(url_for("tenants.console", city=next(iter(mine))))
    return render_template("tenants/consoles.html", cities=list(mine.values()), plugins=plugins)
