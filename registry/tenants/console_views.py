"""A city's own console: overview, people, profile."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.accounts.forms import tell
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import access, acts, people, words
from registry.tenants.agreements import rules, service
from registry.tenants.agreements.words import step_text
from registry.tenants.auditing.service import Wanted, entries
from registry.tenants.forms import CityFields, OpdForm, PersonForm
from registry.tenants.models import City
from registry.tenants.views import Page, blueprint

RECENT = 6
HOME = "/console/<city>"


@blueprint.get(f"{HOME}/")
def console(city: str) -> Page:
    found = access.enter_city(city, "city.see")
    newest = entries(found.id, Wanted()).limit(RECENT)
    recent = db.session.scalars(newest).all() if access.may("audit.read", found) else []
    return render_template(
        "tenants/console.html", city=found, step=service.next_step(found), members=people.members(found),
        units=people.units(found), recent=recent, memorandum=service.standing(found.id, rules.MEMORANDUM),
        pks=service.standing(found.id, rules.PKS), **_words(),
    )  # fmt: skip


@blueprint.get(f"{HOME}/people", endpoint="people")
def people_page(city: str) -> Page:
    return _people(access.enter_city(city, "people.manage"))


@blueprint.post(f"{HOME}/people")
def add_person(city: str) -> Page:
    """Give a role; a new person's first password is shown in this one answer."""
    found = access.enter_city(city, "people.manage")
    form = _person_form(found)
    if not form.validate_on_submit():
        return _people(found, form), 422
    try:
        with unit_of_work():
            given = (form.email.data, form.name.data, form.role.data, form.plugin.data.strip())
            member, password = people.invite(found, *given, opd_id=int(form.opd.data or 0) or None)
            told = (member.user.email, password)
    except RefusalError as error:
        tell(form, error)
        return _people(found, form), error.status
    if password:
        return _people(found, told=told), 201
    flash(_("%(email)s has the role now.", email=told[0]), "success")
    return redirect(url_for("tenants.people", city=city), 303)


@blueprint.post(f"{HOME}/people/<int:membership_id>/remove")
def remove_person(city: str, membership_id: int) -> Page:
    found = access.enter_city(city, "people.manage")
    with unit_of_work():
        gone = people.remove_member(found, membership_id)
        name = gone.user.name
    g.pop("memberships", None)
    flash(_("%(name)s no longer has this role.", name=name), "success")
    return redirect(url_for("tenants.people", city=city), 303)


def _people(city: City, form: PersonForm | None = None, told: tuple[str, str | None] | None = None) -> str:
    return render_template(
        "tenants/people.html", city=city, members=people.members(city), form=form or _person_form(city, empty=True),
        told=told, units={unit.id: unit.name for unit in people.units(city)}, **_words(),
    )  # fmt: skip


def _person_form(city: City, empty: bool = False) -> PersonForm:
    form = PersonForm(formdata=None) if empty else PersonForm()
    form.opd.choices = [("", _("no unit")), *((str(unit.id), unit.name) for unit in people.units(city))]
    return form


@blueprint.route(f"{HOME}/profile", methods=["GET", "POST"])
def profile(city: str) -> Page:
    found = access.enter_city(city, "city.edit")
    form = CityFields(obj=found)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                people.change_profile(found, form.name.data, form.timezone.data, form.color.data)
            flash(_("Saved."), "success")
            return redirect(url_for("tenants.profile", city=city), 303)
        except RefusalError as error:
            tell(form, error)
            found = access.enter_city(city, "city.edit")
    units = people.units(found)
    return render_template("tenants/profile.html", city=found, form=form, units=units, opd=OpdForm(formdata=None))


@blueprint.post(f"{HOME}/profile/opd")
def add_opd(city: str) -> Page:
    found = access.enter_city(city, "city.edit")
    with unit_of_work():
        people.add_opd(found, request.form.get("name", "")[:200])
    return redirect(url_for("tenants.profile", city=city, _anchor="opd"), 303)


@blueprint.post(f"{HOME}/profile/opd/<int:opd_id>/<any(rename, remove):act>")
def change_opd(city: str, opd_id: int, act: str) -> Page:
    found = access.enter_city(city, "city.edit")
    with unit_of_work():
        if act == "rename":
            people.rename_opd(found, opd_id, request.form.get("name", "")[:200])
        else:
            people.remove_opd(found, opd_id)
    return redirect(url_for("tenants.profile", city=city, _anchor="opd"), 303)


def _words() -> dict[str, object]:
    """What the templates call to tell codes in words."""
    return {"role_name": words.role_name, "step_text": step_text,
            "act_text": acts.act_text, "detail_text": words.detail_text,
            "effective_state": service.effective_state}  # fmt: skip
