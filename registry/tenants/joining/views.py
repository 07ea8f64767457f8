"""A city signs up; the maintainers look at it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from registry.accounts import service as accounts
from registry.accounts.access import person
from registry.accounts.forms import take
from registry.accounts.views import begin_session
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import access, people
from registry.tenants import rules as policy
from registry.tenants.forms import ReasonForm
from registry.tenants.joining import service
from registry.tenants.joining.forms import JoinForm, JoinWithAccountForm
from registry.tenants.models import City
from registry.tenants.programme_views import HOME, city_page
from registry.tenants.service import find_city
from registry.tenants.views import Page

blueprint = Blueprint("joining", __name__)


@blueprint.route("/join", methods=["GET", "POST"])
def join() -> Page:
    """Sign-up of a city; its first admin is the person who asks, or is made with it."""
    form = JoinForm() if current_user.is_authenticated else JoinWithAccountForm()
    if not form.validate_on_submit():
        return render_template("joining/join.html", form=form), 422 if form.is_submitted() else 200
    try:
        with unit_of_work():
            accounts.count_sign_up(request.remote_addr or "")
            city = _sign_up(form)
    except RefusalError as error:
        shown = None if take(form, error) else error.message
        return render_template("joining/join.html", form=form, refusal=shown), error.status
    return redirect(url_for("tenants.console", city=city.slug, welcome=1), 303)


def _sign_up(form: JoinForm) -> City:
    """The city, its first admin, and that person's session."""
    fields = ("code", "name", "slug", "timezone", "color", "contact_office", "contact_name")
    city = service.apply_city(service.Application(**{name: getattr(form, name).data.strip() for name in fields}))
    if isinstance(form, JoinWithAccountForm):
        name = f"{form.contact_name.data.strip()}, {city.name}"
        user = accounts.register(form.email.data, name, form.password.data)
        people.add_member(city, user, policy.ADMIN)
        begin_session(user)
    else:
        people.add_member(city, person(), policy.ADMIN)
    return city


@blueprint.post(f"{HOME}/admit")
def admit(city: str) -> Page:
    access.enter_programme("programme.manage")
    with unit_of_work():
        service.admit(find_city(city))
    flash(_("The city is admitted. Next comes the memorandum."), "success")
    return redirect(url_for("tenants.programme_city", city=city), 303)


@blueprint.post(f"{HOME}/decline")
def decline(city: str) -> Page:
    access.enter_programme("programme.manage")
    found, form = find_city(city), ReasonForm()
    if not form.validate_on_submit():
        return city_page(found, reason=form), 422
    with unit_of_work():
        service.decline(found, form.reason.data)
    flash(_("The application is declined; the city reads your reason."), "success")
    return redirect(url_for("tenants.programme"), 303)


