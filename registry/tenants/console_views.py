"""A city's own console: overview and profile."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from registry.accounts.forms import tell
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import access, acts, words
from registry.tenants.agreements import rules, service
from registry.tenants.agreements.words import step_text
from registry.tenants.auditing.service import Wanted, entries
from registry.tenants.forms import CityFields
from registry.tenants.people import appointed, units
from registry.tenants.people import service as people
from registry.tenants.service import change_profile
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
        units=units.units(found), recent=recent, memorandum=service.standing(found.id, rules.MEMORANDUM),
        pks=service.standing(found.id, rules.PKS), missing=appointed.missing_in(found), **_words(),
    )  # fmt: skip


@blueprint.route(f"{HOME}/profile", methods=["GET", "POST"])
def profile(city: str) -> Page:
    found = access.enter_city(city, "city.edit")
    form = CityFields(obj=found)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                change_profile(found, form.name.data, form.timezone.data, form.color.data)
            flash(_("Saved."), "success")
            return redirect(url_for("tenants.profile", city=city), 303)
        except RefusalError as error:
            tell(form, error)
            found = access.enter_city(city, "city.edit")
    return render_template("tenants/profile.html", city=found, form=form)


def _words() -> dict[str, object]:
    """What the templates call to tell codes in words."""
    return {"role_name": words.role_name, "step_text": step_text,
            "act_text": acts.act_text, "detail_text": words.detail_text,
            "effective_state": service.effective_state}  # fmt: skip
