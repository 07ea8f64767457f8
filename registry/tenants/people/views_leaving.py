"""Leaving a city, oneself or somebody else: first what is theirs, then one act."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.accounts.access import person
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import access, words
from registry.tenants.models import City
from registry.tenants.people import leaving, telling, units
from registry.tenants.people.views import HOME, MANAGE, blueprint
from registry.tenants.views import Page


@blueprint.route("/console/<city>/leave", methods=["GET", "POST"])
def leave(city: str) -> Page:
    """One's own roles, whatever they are."""
    found = access.enter_city(city, "city.leave")
    return _act(found, person().id, own=True)


@blueprint.route(f"{HOME}/person/<int:user_id>/leave", methods=["GET", "POST"])
def dismiss(city: str, user_id: int) -> Page:
    """All roles of somebody, by the city's admin."""
    found = access.enter_city(city, MANAGE)
    return _act(found, user_id, own=user_id == person().id)


def _act(city: City, user_id: int, own: bool) -> Page:
    if request.method == "GET":
        return _page(city, user_id, own)
    slug = city.slug
    try:
        with unit_of_work():
            name = leaving.leave(city, user_id, _heirs()).user.name
    except RefusalError as error:
        if error.status == 404:
            raise
        return _page(city, user_id, own, error), error.status
    g.pop("memberships", None)
    if own:
        flash(_("You have left. Your account stays yours."), "success")
        return redirect(url_for("tenants.consoles"), 303)
    flash(_("%(name)s has no role in this city any more.", name=name), "success")
    return redirect(url_for("people.overview", city=slug), 303)


def _heirs() -> dict[int, int]:
    """Membership → person, of the fields ``heir-{membership}`` that were filled."""
    found = {}
    for name, value in list(request.form.items())[:1000]:
        kind, _dash, number = name.partition("-")
        if kind == "heir" and number.isdecimal() and value.isdecimal() and len(number + value) < 30:
            found[int(number)] = int(value)
    return found


def _page(city: City, user_id: int, own: bool, error: RefusalError | None = None) -> str:
    names = {unit.id: unit.name for unit in units.units(city)}
    problems = {finding.path: finding.message for finding in error.findings} if error else {}
    return render_template(
        "people/leave.html" if access.may(MANAGE, city) else "people/leave_alone.html", city=city,
        found=leaving.look(city, user_id), own=own, units=names, problems=problems, error=error, chosen=_heirs(),
        role_name=words.role_name, role_text=telling.role_text,
    )  # fmt: skip
