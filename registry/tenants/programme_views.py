"""The maintainers' pages: the queue of cities, the partners, and the publisher's side of every agreement."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts.forms import tell
from registry.core.db import db
from registry.core.errors import ConflictError, RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import access, people, rules, service, words
from registry.tenants.console_views import draft_of
from registry.tenants.forms import AgreementForm, ReasonForm, SignForm
from registry.tenants.models import Agreement, City
from registry.tenants.views import Page, blueprint

HOME = "/programme/cities/<city>"


@blueprint.get("/programme/")
def programme() -> Page:
    access.enter_programme("programme.see")
    cities = db.session.scalars(select(City).where(~City.publisher).order_by(City.name)).all()
    states = {city.id: _states(city) for city in cities if city.state == "admitted"}
    waiting = [city for city in cities if city.state == "applied"]
    partners = [city for city in cities if city.state == "admitted"]
    declined = [city for city in cities if city.state == "declined"]
    shown = {"waiting": waiting, "partners": partners, "declined": declined, "states": states}
    return render_template("tenants/programme.html", **shown, step_text=words.step_text)


def _states(city: City) -> tuple[str, str, str]:
    """Memorandum, PKS and next step of a partner."""
    memorandum, pks = service.standing(city.id, rules.MEMORANDUM), service.standing(city.id, rules.PKS)
    found = [service.effective_state(one) if one else "none" for one in (memorandum, pks)]
    return found[0], found[1], service.next_step(city)


@blueprint.get(HOME)
def programme_city(city: str) -> Page:
    access.enter_programme("programme.see")
    return _city_page(service.find_city(city))


@blueprint.post(f"{HOME}/admit")
def admit(city: str) -> Page:
    access.enter_programme("programme.manage")
    with unit_of_work():
        service.admit(service.find_city(city))
    flash(_("The city is admitted. Next comes the memorandum."), "success")
    return redirect(url_for("tenants.programme_city", city=city), 303)


@blueprint.post(f"{HOME}/decline")
def decline(city: str) -> Page:
    access.enter_programme("programme.manage")
    found, form = service.find_city(city), ReasonForm()
    if not form.validate_on_submit():
        return _city_page(found, reason=form), 422
    with unit_of_work():
        service.decline(found, form.reason.data)
    flash(_("The application is declined; the city reads your reason."), "success")
    return redirect(url_for("tenants.programme"), 303)


@blueprint.post(f"{HOME}/agreements")
def programme_draft(city: str) -> Page:
    access.enter_programme("programme.manage")
    found, form = service.find_city(city), AgreementForm()
    if not form.validate_on_submit():
        return _city_page(found, form=form), 422
    try:
        with unit_of_work():
            draft = draft_of(form)
            made = service.draft_agreement(found, form.kind.data, draft)
            if draft.number and draft.starts_on and draft.ends_on:
                service.propose(found, made)
    except RefusalError as error:
        tell(form, error)
        return _city_page(found, form=form), error.status
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
    return render_template("tenants/programme_propose.html", partner=found, one=one, form=form, **_words())


@blueprint.post(f"{HOME}/agreements/<int:agreement_id>/sign")
def programme_sign(city: str, agreement_id: int) -> Page:
    access.enter_programme("programme.manage")
    (found, one), form = _agreement(city, agreement_id), SignForm()
    if not form.validate_on_submit():
        return _city_page(found, signing=(agreement_id, form)), 422
    try:
        with unit_of_work():
            service.sign(found, one, rules.PUBLISHER, form.signatory.data, form.signed_on.data)
    except RefusalError as error:
        tell(form, error)
        return _city_page(found, signing=(agreement_id, form)), error.status
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
    return render_template("tenants/terminate.html", partner=found, one=one, form=form, **_words())


def _agreement(slug: str, agreement_id: int) -> tuple[City, Agreement]:
    city = service.find_city(slug)
    return city, service.agreement(city.id, agreement_id)


def _city_page(
    city: City, form: AgreementForm | None = None, signing: tuple[int, SignForm] | None = None,
    reason: ReasonForm | None = None,
) -> str:  # fmt: skip
    memorandum = _states(city)[0]
    kind = rules.PKS if memorandum == rules.ACTIVE else rules.MEMORANDUM
    return render_template(
        "tenants/programme_city.html", partner=city, agreements=service.agreements_of(city.id),
        step=service.next_step(city), members=people.members(city), signing=signing, side=rules.PUBLISHER,
        form=form or AgreementForm(formdata=None, kind=kind), sign_form=SignForm(formdata=None),
        reason=reason or ReasonForm(formdata=None), **_words(),
    )  # fmt: skip


def _words() -> dict[str, object]:
    return {"kind_name": words.kind_name, "role_name": words.role_name, "step_text": words.step_text,
            "effective_state": service.effective_state}  # fmt: skip
