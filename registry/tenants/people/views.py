"""The people of a city: who they are, whom one invites, who answers for which plugin."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.accounts.access import person
from registry.accounts.forms import tell
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import access, words
from registry.tenants.models import City
from registry.tenants.people import appointed, inviting, listing, service, telling, units
from registry.tenants.people.forms import ROLES, InviteForm
from registry.tenants.people.listing import MAX_WORDS, Wanted
from registry.tenants.views import Page

blueprint = Blueprint("people", __name__)
HOME, MANAGE = "/console/<city>/people", "people.manage"
PER_PAGE = 40
WORDS = {"role_name": words.role_name, "role_text": telling.role_text, "state_of": listing.state_of}


@blueprint.get(HOME)
def overview(city: str) -> Page:
    """By person; ``q``, ``role``, ``plugin`` and ``unit`` narrow it."""
    found = access.enter_city(city, MANAGE)
    wanted = _wanted()
    page = db.paginate(listing.people(found, wanted), per_page=PER_PAGE, max_per_page=PER_PAGE)
    tree = units.tree(found)
    return render_template(
        "people/overview.html", city=found, page=page, people=listing.with_roles(found, page.items), wanted=wanted,
        tree=tree, paths={one.unit.id: one.path for one in tree}, plugins=listing.plugin_names(found), roles=ROLES,
        missing=appointed.missing_in(found), step=units.STEP, **WORDS,
    )  # fmt: skip


@blueprint.route(f"{HOME}/invite", methods=["GET", "POST"])
def invite(city: str) -> Page:
    """Offer a role; somebody of this city has it at once."""
    found = access.enter_city(city, MANAGE)
    form = _form(found)
    if not form.validate_on_submit():
        return _invite(found, form), 422 if form.errors else 200
    try:
        with unit_of_work():
            done = inviting.invite(found, _asked(form), person())
            address = done.member.user.email if done.member else ""
    except RefusalError as error:
        tell(form, error)
        return _invite(access.enter_city(city, MANAGE), form), error.status
    g.pop("memberships", None)
    if address:
        flash(_("%(email)s has the role now.", email=address), "success")
        return redirect(url_for("people.overview", city=city, q=address), 303)
    flash(_("A link is on its way to %(email)s.", email=form.email.data), "success")
    return redirect(url_for("people.invitations", city=city), 303)


@blueprint.get(f"{HOME}/invitations")
def invitations(city: str) -> Page:
    """Those nobody has answered yet."""
    found = access.enter_city(city, MANAGE)
    page = db.paginate(listing.invitations(found), per_page=PER_PAGE, max_per_page=PER_PAGE)
    names = {unit.id: unit.name for unit in units.units(found)}
    return render_template("people/invitations.html", city=found, page=page, units=names, **WORDS)


@blueprint.post(f"{HOME}/invitations/<int:invitation_id>/<any(resend, withdraw):act>")
def answer(city: str, invitation_id: int, act: str) -> Page:
    found = access.enter_city(city, MANAGE)
    with unit_of_work():
        if act == "resend":
            inviting.resend(found, invitation_id, person())
        else:
            inviting.withdraw(found, invitation_id)
    told = {"resend": _("A new link is on its way."), "withdraw": _("The invitation is withdrawn.")}
    flash(told[act], "success")
    return redirect(url_for("people.invitations", city=city), 303)


@blueprint.get(f"{HOME}/plugins")
def plugins(city: str) -> Page:
    """Who answers for each plugin."""
    found = access.enter_city(city, MANAGE)
    names = {unit.id: unit.name for unit in units.units(found)}
    return render_template(
        "people/plugins.html", city=found, appointments=appointed.appointments(found), units=names, **WORDS
    )


@blueprint.post(f"{HOME}/<int:membership_id>/remove")
def remove(city: str, membership_id: int) -> Page:
    """One role."""
    found = access.enter_city(city, MANAGE)
    with unit_of_work():
        name = service.remove_member(found, membership_id).user.name
    g.pop("memberships", None)
    flash(_("%(name)s no longer has this role.", name=name), "success")
    return redirect(url_for("people.overview" if access.may(MANAGE, found) else "tenants.consoles", city=city), 303)


def _wanted() -> Wanted:
    given = {name: request.args.get(name, "").strip()[:MAX_WORDS] for name in ("q", "role", "plugin", "unit")}
    unit = given["unit"]
    return Wanted(given["q"], given["role"], given["plugin"], int(unit) if unit.isdecimal() and len(unit) < 18 else 0)


def _form(city: City) -> InviteForm:
    """What a link says beforehand (`?role=&plugin=&opd=`) stands in it."""
    form = InviteForm() if request.method == "POST" else InviteForm(request.args)
    form.opd.choices = [("", _("no unit")), *units.choices(city)]
    return form


def _invite(city: City, form: InviteForm) -> str:
    known = dict.fromkeys([*(one.name for one in appointed.plugins(city)), *listing.plugin_names(city)])
    return render_template("people/invite.html", city=city, form=form, plugins=list(known))


def _asked(form: InviteForm) -> inviting.Wanted:
    plugin, opd = (form.plugin.data or "").strip(), int(form.opd.data or 0) or None
    return inviting.Wanted(form.email.data, form.role.data, form.name.data or "", plugin, opd)
