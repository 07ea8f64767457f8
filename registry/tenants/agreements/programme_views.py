"""The publisher's side of every agreement."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from registry.accounts.forms import tell
from registry.core.errors import ConflictError, RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import access
from registry.tenants.agreements import rules, service, words
from registry.tenants.agreements.forms import AgreementForm, SignForm
from registry.tenants.agreements.models import Agreement
from registry.tenants.agreements.views import blueprint, draft_of
from registry.tenants.forms import ReasonForm
from registry.tenants.models import City
from registry.tenants.programme_views import HOME, city_page
from registry.tenants.service import find_city
from registry.tenants.views import Page


@blueprint.post(f"{HOME}/agreements")
def programme_draft(city: str) -> Page:
    access.enter_programme("programme.manage")
    found, form = find_city(city), AgreementForm()
    if not form.validate_on_submit():
        return city_page(found, form=form), 422
    try:
        with unit_of_work():
            draft = draft_of(form)
            made = service.draft_agreement(found, form.kind.data, draft)
            if draft.number and draft.starts_on and draft.ends_on:
                service.propose(found, made)
    except RefusalError as error:
        tell(form, error)
        return city_page(found, form=form), error.status
    return redirect(url_for("tenants.programme_city", city=city), 303)


@blueprint.route(f"{HOME}/agreements/<int:agreement_id>/propose", methods=["GET", "POST"])
def programme_propose(city: str, agreement_id: int) -> Page:
    access.enter_programme("programme.manage")
    found, one = _agreement(city, agreement_id)
    form = AgreementForm(obj=one, kind=one.kind)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                service.propose(found, one, draft_of(form))
            return redirect(url_for("tenants.programme_city", city=city), 303)
        except RefusalError as error:
            tell(form, error)
            found, one = _agreement(city, agreement_id)
    shown = {"partner": found, "one": one, "form": form, "kind_name": words.kind_name}
    return render_template("agreements/programme_propose.html", **shown)


@blueprint.post(f"{HOME}/agreements/<int:agreement_id>/sign")
def programme_sign(city: str, agreement_id: int) -> Page:
    access.enter_programme("programme.manage")
    (found, one), form = _agreement(city, agreement_id), SignForm()
    if not form.validate_on_submit():
        return city_page(found, signing=(agreement_id, form)), 422
    try:
        with unit_of_work():
            service.sign(found, one, rules.PUBLISHER, form.signatory.data, form.signed_on.data)
    except RefusalError as error:
        tell(form, error)
        return city_page(found, signing=(agreement_id, form)), error.status
    flash(_("The publisher's signature is noted."), "success")
    return redirect(url_for("tenants.programme_city", city=city), 303)


@blueprint.route(f"{HOME}/agreements/<int:agreement_id>/terminate", methods=["GET", "POST"])
def terminate(city: str, agreement_id: int) -> Page:
    """Shows what ending it does before it is done; asks for the reason."""
    access.enter_programme("programme.manage")
    (found, one), form = _agreement(city, agreement_id), ReasonForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                service.terminate(found, one, form.reason.data)
            flash(_("The agreement is ended."), "success")
            return redirect(url_for("tenants.programme_city", city=city), 303)
        except ConflictError as error:
            flash(error.message, "error")
            return redirect(url_for("tenants.programme_city", city=city), 303)
    return render_template("agreements/terminate.html", partner=found, one=one, form=form, kind_name=words.kind_name)


def _agreement(slug: str, agreement_id: int) -> tuple[City, Agreement]:
    city = find_city(slug)
    return city, service.agreement(city.id, agreement_id)


