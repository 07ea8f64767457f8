"""The tree of a city's units."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.accounts.forms import tell
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import access
from registry.tenants.models import City
from registry.tenants.people import rules, units
from registry.tenants.people.forms import UnitForm
from registry.tenants.people.views import blueprint
from registry.tenants.views import Page

UNITS, EDIT = "/console/<city>/units", "city.edit"


@blueprint.route(UNITS, methods=["GET", "POST"], endpoint="units")
def overview(city: str) -> Page:
    """All of them; a new one joins at the bottom of the page."""
    found = access.enter_city(city, EDIT)
    form = _form(found)
    if not form.validate_on_submit():
        return _page(found, form), 422 if form.errors else 200
    try:
        with unit_of_work():
            name = units.add_opd(found, form.name.data, int(form.parent.data or 0) or None).name
    except RefusalError as error:
        tell(form, error)
        return _page(access.enter_city(city, EDIT), form), error.status
    flash(_("%(name)s is added.", name=name), "success")
    return redirect(url_for("people.units", city=city), 303)


@blueprint.route(f"{UNITS}/<int:opd_id>", methods=["GET", "POST"])
def unit(city: str, opd_id: int) -> Page:
    """Rename it, or make it part of another."""
    found = access.enter_city(city, EDIT)
    one = units.opd(found, opd_id)
    form = UnitForm(data={"name": one.name, "parent": str(one.parent_id or "")})
    form.parent.choices = _choices(found, opd_id)
    if not form.validate_on_submit():
        return _unit(found, opd_id, form), 422 if form.errors else 200
    try:
        with unit_of_work():
            units.rename_opd(found, opd_id, form.name.data)
            units.move_opd(found, opd_id, int(form.parent.data or 0) or None)
    except RefusalError as error:
        tell(form, error)
        return _unit(access.enter_city(city, EDIT), opd_id, form), error.status
    flash(_("Saved."), "success")
    return redirect(url_for("people.units", city=city), 303)


@blueprint.post(f"{UNITS}/<int:opd_id>/remove")
def remove_unit(city: str, opd_id: int) -> Page:
    found = access.enter_city(city, EDIT)
    with unit_of_work():
        units.remove_opd(found, opd_id)
    flash(_("The unit is removed."), "success")
    return redirect(url_for("people.units", city=city), 303)


def _form(city: City) -> UnitForm:
    form = UnitForm() if request.method == "POST" else UnitForm(formdata=None, parent=request.args.get("parent", ""))
    form.parent.choices = _choices(city)
    return form


def _choices(city: City, without: int | None = None) -> list[tuple[str, str]]:
    """Where a unit can stand: not below itself, and not so deep that nothing may."""
    hidden = rules.below(units.parents(city), without) if without else set()
    shown = [one for one in units.tree(city) if one.unit.id not in hidden and one.depth < rules.MAX_DEPTH]
    return [("", city.name), *((str(one.unit.id), units.STEP * one.depth + one.unit.name) for one in shown)]


def _page(city: City, form: UnitForm) -> str:
    return render_template("people/units.html", city=city, tree=units.tree(city), form=form, deepest=rules.MAX_DEPTH)


def _unit(city: City, opd_id: int, form: UnitForm) -> str:
    return render_template("people/unit.html", city=city, unit=units.opd(city, opd_id), form=form)
