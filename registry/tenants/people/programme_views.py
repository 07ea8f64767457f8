"""Maintainers of the programme, by themselves."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from registry.accounts.access import person
from registry.accounts.factors import service as factors
from registry.accounts.forms import tell
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import access
from registry.tenants.models import City
from registry.tenants.people import inviting, maintaining
from registry.tenants.people.forms import MaintainerForm
from registry.tenants.people.views import WORDS, blueprint
from registry.tenants.views import Page

PROGRAMME, DECIDE = "/programme/people", "programme.manage"


@blueprint.route(PROGRAMME, methods=["GET", "POST"])
def maintainers() -> Page:
    """Who they are; another one is invited at the bottom of the page."""
    publisher, form = access.enter_programme(DECIDE), MaintainerForm()
    if not form.validate_on_submit():
        return _page(publisher, form), 422 if form.errors else 200
    try:
        with unit_of_work():
            maintaining.invite(publisher, form.email.data, form.name.data or "", person())
    except RefusalError as error:
        tell(form, error)
        return _page(access.enter_programme(DECIDE), form), error.status
    flash(_("A link is on its way to %(email)s.", email=form.email.data), "success")
    return redirect(url_for("people.maintainers"), 303)


@blueprint.post(f"{PROGRAMME}/<int:membership_id>/dismiss")
def dismiss_maintainer(membership_id: int) -> Page:
    publisher = access.enter_programme(DECIDE)
    with unit_of_work():
        name = maintaining.dismiss(publisher, membership_id).user.name
    g.pop("memberships", None)
    flash(_("%(name)s no longer has this role.", name=name), "success")
    target = "people.maintainers" if access.may(DECIDE, publisher) else "tenants.consoles"
    return redirect(url_for(target), 303)


@blueprint.post(f"{PROGRAMME}/invitations/<int:invitation_id>/<any(resend, withdraw):act>")
def answer_maintainer(invitation_id: int, act: str) -> Page:
    publisher = access.enter_programme(DECIDE)
    with unit_of_work():
        if act == "resend":
            inviting.resend(publisher, invitation_id, person(), maintaining.ROLES)
        else:
            inviting.withdraw(publisher, invitation_id, maintaining.ROLES)
    told = {"resend": _("A new link is on its way."), "withdraw": _("The invitation is withdrawn.")}
    flash(told[act], "success")
    return redirect(url_for("people.maintainers"), 303)


def _page(publisher: City, form: MaintainerForm) -> str:
    held = maintaining.maintainers(publisher)
    strong = factors.holders([one.user_id for one in held])
    return render_template(
        "people/maintainers.html", held=held, strong=strong, waiting=maintaining.invitations(publisher), form=form,
        zone=publisher.timezone, **WORDS,
    )  # fmt: skip
