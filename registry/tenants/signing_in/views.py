"""The admin's page of a city's own sign-in, and where everybody chooses the city to sign in with."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.accounts import throttle
from registry.accounts.forms import tell
from registry.accounts.oidc import rules
from registry.accounts.oidc.service import plain, redirect_address
from registry.accounts.rules import local_path
from registry.core.errors import NotFoundError, RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import access
from registry.tenants.models import City
from registry.tenants.signing_in import service
from registry.tenants.signing_in.forms import ProviderForm
from registry.tenants.signing_in.service import Step, Wanted
from registry.tenants.views import Page

blueprint = Blueprint("signing_in", __name__)
HOME = "/console/<city>/sign-in"
MANAGE = "people.manage"
"""Who decides who is in the city decides how they come in."""


@blueprint.get("/sign-in/city")
def choose() -> Page:
    """With which city; ``q`` looks in the names."""
    wanted = request.args.get("q", "").strip()[:80]
    found = [one for one in service.offered() if wanted.casefold() in one[0].name.casefold()]
    target = local_path(request.args.get("next"), default="/console/")
    return render_template("signing_in/choose.html", found=found, wanted=wanted, next=target)


@blueprint.route(HOME, methods=["GET", "POST"])
def overview(city: str) -> Page:
    found = access.enter_city(city, MANAGE)
    form = _form(found)
    if not form.validate_on_submit():
        return _page(found, form), 422 if form.errors else 200
    try:
        with unit_of_work():
            service.change(found, wanted_of(form))
    except RefusalError as error:
        tell(form, error)
        return _page(access.enter_city(city, MANAGE), form), error.status
    flash(_("Saved. Test it now, then sign in with it in another browser before you tell your people."), "success")
    return redirect(url_for("signing_in.overview", city=city), 303)


@blueprint.post(f"{HOME}/test")
def test(city: str) -> Page:
    """Step by step, as it is saved."""
    found = access.enter_city(city, MANAGE)
    return _page(found, _form(found, empty=True), tested(found))


@blueprint.post(f"{HOME}/remove")
def remove(city: str) -> Page:
    found = access.enter_city(city, MANAGE)
    with unit_of_work():
        service.remove(found)
    flash(_("Nobody signs in there any more. Everybody still has the password."), "success")
    return redirect(url_for("signing_in.overview", city=city), 303)


def tested(city: City) -> list[Step]:
    """Raises NotFoundError without a provider, TooManyError for who asks other machines all the time."""
    row = service.find(city)
    if row is None:
        raise NotFoundError(_("Your city has no sign-in of its own."))
    throttle.demand_room("oidc", request.remote_addr or "")
    with unit_of_work():
        throttle.count("oidc", request.remote_addr or "")
    return service.test(plain(row))


def wanted_of(form: ProviderForm) -> Wanted:
    issuer, client, secret = form.issuer.data.strip(), form.client.data.strip(), (form.secret.data or "").strip()
    return Wanted(issuer, client, secret, rules.read_domains(form.domains.data), form.enabled.data)


def _form(city: City, empty: bool = False) -> ProviderForm:
    row = service.find(city)
    if row is None:
        return ProviderForm(formdata=None) if empty else ProviderForm()
    known = {"issuer": row.issuer, "client": row.client_id, "domains": " ".join(row.domains), "enabled": row.enabled}
    return ProviderForm(formdata=None, data=known) if empty else ProviderForm(data=known)


def _page(city: City, form: ProviderForm, steps: Sequence[Step] = ()) -> str:
    row = service.find(city)
    address = redirect_address(row.id) if row else ""
    names = {
        "discovery": _("It says how to sign in"),
        "keys": _("It tells its keys"),
        "code": _("It knows this client and its secret"),
        "redirect": _("Register this address there"),
    }
    return render_template("signing_in/overview.html", city=city, form=form, row=row, address=address, steps=steps,
                           names=names)  # fmt: skip
