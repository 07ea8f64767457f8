"""A city's side of its agreements, in its console."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from registry.accounts.forms import tell
from registry.tenants.agreements import rules, service, words
from registry.tenants.agreements.forms import AgreementForm, SignForm
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import access
from registry.tenants.models import City
from registry.tenants.views import Page

blueprint = Blueprint("agreements", __name__)

HOME = "/console/<city>/agreements"


@blueprint.get(HOME)
def overview(city: str) -> Page:
    return _agreements(access.enter_city(city, "agreement.see"))


@blueprint.post(HOME)
def draft(city: str) -> Page:
    """Draft one; with a number and a term it is proposed at once."""
    found, form = access.enter_city(city, "agreement.act"), AgreementForm()
    if not form.validate_on_submit():
        return _agreements(found, form), 422
    try:
        with unit_of_work():
            wanted = draft_of(form)
            made = service.draft_agreement(found, form.kind.data, wanted)
            if wanted.number and wanted.starts_on and wanted.ends_on:
                service.propose(found, made)
    except RefusalError as error:
        tell(form, error)
        return _agreements(found, form), error.status
    return redirect(url_for("agreements.overview", city=city), 303)


@blueprint.route(f"{HOME}/<int:agreement_id>/propose", methods=["GET", "POST"])
def propose(city: str, agreement_id: int) -> Page:
    found = access.enter_city(city, "agreement.act")
    one = service.agreement(found.id, agreement_id)
    form = AgreementForm(obj=one, kind=one.kind)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                service.propose(found, one, draft_of(form))
            return redirect(url_for("agreements.overview", city=city), 303)
        except RefusalError as error:
            tell(form, error)
            one = service.agreement(found.id, agreement_id)
    return render_template("agreements/propose.html", city=found, one=one, form=form, kind_name=words.kind_name)


@blueprint.post(f"{HOME}/<int:agreement_id>/sign")
def sign(city: str, agreement_id: int) -> Page:
    found, form = access.enter_city(city, "agreement.act"), SignForm()
    one = service.agreement(found.id, agreement_id)
    if not form.validate_on_submit():
        return _agreements(found, signing=(agreement_id, form)), 422
    try:
        with unit_of_work():
            service.sign(found, one, rules.PARTNER, form.signatory.data, form.signed_on.data)
    except RefusalError as error:
        tell(form, error)
        return _agreements(found, signing=(agreement_id, form)), error.status
    flash(_("Your side's signature is noted."), "success")
    return redirect(url_for("agreements.overview", city=city), 303)


def draft_of(form: AgreementForm) -> service.Draft:
    number = (form.number.data or "").strip()
    return service.Draft(number, form.starts_on.data, form.ends_on.data, form.allows_variants.data)


def _agreements(
    city: City, form: AgreementForm | None = None, signing: tuple[int, SignForm] | None = None
) -> str:
    return render_template(
        "agreements/agreements.html", city=city, agreements=service.agreements_of(city.id),
        step=service.next_step(city),
        form=form or AgreementForm(formdata=None, kind=_wanted_kind(city)), signing=signing,
        sign_form=SignForm(formdata=None), side=rules.PARTNER, kind_name=words.kind_name,
        step_text=words.step_text, effective_state=service.effective_state,
    )  # fmt: skip


def _wanted_kind(city: City) -> str:
    memorandum = service.standing(city.id, rules.MEMORANDUM)
    ready = memorandum is not None and service.effective_state(memorandum) == rules.ACTIVE
    return rules.PKS if ready else rules.MEMORANDUM


