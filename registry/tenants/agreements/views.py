"""Agreements as pages: a city's list, and each agreement behind both doors, up to its signatures."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from registry.accounts.forms import tell
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants.agreements import doors, history, papers, reading, rules, seams, service, suspending, words
from registry.tenants.agreements.contents import Party
from registry.tenants.agreements.doors import Door, both
from registry.tenants.agreements.forms import AgreementForm, DraftForm, ScanForm, SignForm, WhyForm, shown
from registry.tenants.agreements.models import Agreement
from registry.tenants.agreements.refusals import act_text
from registry.tenants.models import City
from registry.tenants.views import Page

blueprint = Blueprint("agreements", __name__)

HOME = "/console/<city>/agreements"
ONE = "/<int:agreement_id>"


@blueprint.get(HOME)
def overview(city: str) -> Page:
    return listed(doors.enter(rules.PARTNER, city, "see"))


@blueprint.post(HOME)
def draft(city: str) -> Page:
    """Draft one; with a number and a term it is proposed at once."""
    return drafted(doors.enter(rules.PARTNER, city, "act"), listed)


def drafted(door: Door, show: Any) -> Page:
    """For both doors: ``show`` draws the list again, with the form and what is wrong with it."""
    form = AgreementForm()
    if not form.validate_on_submit():
        return show(door, form=form), 422
    try:
        with unit_of_work():
            wanted = form.draft
            made = service.draft_agreement(door.city, form.kind.data, wanted, door.side)
            if wanted.number and wanted.starts_on and wanted.ends_on:
                service.propose(door.city, made, side=door.side)
            number, proposed = made.id, made.state == rules.PROPOSED
    except RefusalError as error:
        tell(form, error)
        return show(door, form=form), error.status
    flash(_("Proposed to both sides.") if proposed else _("Kept as a draft."), "success")
    return redirect(door.home if proposed else door.url("page", agreement_id=number), 303)


@both(blueprint, ONE)
def page(side: str, city: str, agreement_id: int) -> Page:
    return drawn(doors.enter(side, city, "see"), agreement_id)


@both(blueprint, f"{ONE}/edit", ("GET", "POST"))
def edit(side: str, city: str, agreement_id: int) -> Page:
    """Everything a draft says; saved, or saved and proposed."""
    door = doors.enter(side, city, "act")
    one = service.agreement(door.city.id, agreement_id)
    form = DraftForm(data={**shown(reading.draft_of(one)), "version": one.version}, known_apps=seams.apps())
    if not form.validate_on_submit():
        return _edited(door, one, form), 422 if form.is_submitted() else 200
    try:
        with unit_of_work():
            found = history.locked(door.city, agreement_id, form.seen)
            if request.form.get("act") == "propose":
                service.propose(door.city, found, form.draft, door.side)
            else:
                service.edit(door.city, found, form.draft, door.side)
    except RefusalError as error:
        door = doors.enter(side, city, "act")
        tell(form, error)
        return _edited(door, service.agreement(door.city.id, agreement_id), form), error.status
    return redirect(door.url("page", agreement_id=agreement_id), 303)


def _edited(door: Door, one: Agreement, form: DraftForm) -> str:
    return render_template("agreements/edit.html", **told(door), one=one, form=form)


@both(blueprint, f"{ONE}/propose", ("POST",))
def propose(side: str, city: str, agreement_id: int) -> Page:
    """Put the draft as it is before both sides."""
    door, form = doors.enter(side, city, "act"), AgreementForm()
    with unit_of_work():
        service.propose(door.city, history.locked(door.city, agreement_id, form.seen), side=side)
    flash(_("Proposed to both sides."), "success")
    return redirect(door.url("page", agreement_id=agreement_id), 303)


@both(blueprint, f"{ONE}/withdraw", ("POST",))
def withdraw(side: str, city: str, agreement_id: int) -> Page:
    """Back to the draft; the reason is told to both sides."""
    door, form = doors.enter(side, city, "act"), WhyForm()
    if not form.validate_on_submit():
        return drawn(door, agreement_id, withdrawing=form), 422
    with unit_of_work():
        service.withdraw(door.city, history.locked(door.city, agreement_id, form.seen), form.reason.data, side)
    flash(_("Taken back to the draft."), "success")
    return redirect(door.url("page", agreement_id=agreement_id), 303)


@both(blueprint, f"{ONE}/sign", ("POST",))
def sign(side: str, city: str, agreement_id: int) -> Page:
    door, form = doors.enter(side, city, "act"), SignForm()
    if not form.validate_on_submit():
        return drawn(door, agreement_id, signing=form), 422
    try:
        with unit_of_work():
            found = history.locked(door.city, agreement_id, form.seen)
            given = (form.signatory.data, form.signed_on.data, form.number.data or "")
            service.sign(door.city, found, side, *given)
    except RefusalError as error:
        door = doors.enter(side, city, "act")
        tell(form, error)
        return drawn(door, agreement_id, signing=form), error.status
    flash(_("Your side's signature is noted."), "success")
    return redirect(door.home, 303)


def drawn(door: Door, agreement_id: int, **forms: Any) -> str:
    """The page of one agreement; ``forms`` are those that were not filled in well."""
    one = service.agreement(door.city.id, agreement_id)
    return render_template(
        "agreements/page.html", **told(door), one=one, state=reading.effective_state(one),
        proposals=history.proposals(door.city, [one]),
        conditions=words.condition_texts(reading.own_conditions(one), seams.apps()), events=history.events(one),
        scans=papers.scans(one), drafts=papers.drafts(one), addenda=reading.addenda_of(one),
        successor=reading.successor_of(one), parties=_parties(one),
        parent=service.agreement(door.city.id, one.parent_id) if one.parent_id else None,
        sign_form=forms.get("signing") or sign_form(one, door.side),
        scan_form=forms.get("scanning") or ScanForm(formdata=None),
        why_form=forms.get("withdrawing") or forms.get("keeping") or WhyForm(formdata=None),
        open_forms=frozenset(forms),
    )  # fmt: skip


def sign_form(one: Agreement, side: str) -> SignForm:
    """With the office that the text names, and that side's number where the text has it."""
    number = one.number if side == rules.PUBLISHER else one.partner_number
    office = Party.from_json(one.parties.get(side)).office
    return SignForm(formdata=None, data={"signatory": office, "number": number, "version": one.version})


def listed(door: Door, form: AgreementForm | None = None) -> str:
    """A city's own list."""
    return render_template(
        "agreements/agreements.html", **told(door), **cards(door), step=service.next_step(door.city),
        form=form or AgreementForm(formdata=None, kind=wanted_kind(door.city)), step_text=words.step_text,
        suspension=suspending.current(door.city),
    )  # fmt: skip


def cards(door: Door) -> dict[str, Any]:
    """What the cards of a list need."""
    found = reading.papers_of(door.city.id)
    forms = {one.id: sign_form(one, door.side) for one in found}
    return {"agreements": found, "proposals": history.proposals(door.city, found), "sign_forms": forms}


def wanted_kind(city: City) -> str:
    memorandum = service.standing(city.id, rules.MEMORANDUM)
    ready = memorandum is not None and service.effective_state(memorandum) == rules.ACTIVE
    return rules.PKS if ready else rules.MEMORANDUM


def told(door: Door) -> dict[str, Any]:
    """What every page of this room knows; ``city`` belongs to the console's frame."""
    return {
        "door": door, "city": door.city, "partner": door.city, "side": door.side, "title_of": words.title_of,
        "effective_state": service.effective_state, "act_text": act_text, "side_name": words.side_name,
    }  # fmt: skip


def _parties(one: Agreement) -> dict[str, Party]:
    return {side: Party.from_json(one.parties.get(side)) for side in (rules.PUBLISHER, rules.PARTNER)}
