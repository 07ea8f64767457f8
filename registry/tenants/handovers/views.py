"""Handovers in a city's console, and the public page that tells whether a paper is genuine."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.accounts.forms import tell
from registry.core.errors import NotFoundError, RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import access
from registry.tenants.forms import ReasonForm
from registry.tenants.handovers import papers, rules, scans, service, words
from registry.tenants.handovers.forms import ScanForm, SignForm
from registry.tenants.handovers.models import Handover
from registry.tenants.models import City
from registry.tenants.views import Page

blueprint = Blueprint("handovers", __name__)

HOME = "/console/<city>/handovers"
ONE = f"{HOME}/<int:handover_id>"
SEE, ACT = "agreement.see", "agreement.act"


@blueprint.get(HOME)
def overview(city: str) -> Page:
    found = access.enter_city(city, SEE)
    return render_template("handovers/handovers.html", city=found, handovers=service.of_city(found.id), **spoken())


@blueprint.get(ONE)
def one(city: str, handover_id: int) -> Page:
    found = access.enter_city(city, SEE)
    return page_of(service.find(handover_id, found), found)


@blueprint.post(f"{ONE}/sign")
def sign(city: str, handover_id: int) -> Page:
    found = access.enter_city(city, ACT)
    return note_signature(service.find(handover_id, found), found)


@blueprint.post(f"{ONE}/scans")
def add_scan(city: str, handover_id: int) -> Page:
    found = access.enter_city(city, ACT)
    return keep_scan(service.find(handover_id, found), found)


@blueprint.get(f"{ONE}/scans/<int:scan_id>")
def scan(city: str, handover_id: int, scan_id: int) -> Page:
    found = access.enter_city(city, SEE)
    return scans.send(service.find(handover_id, found), scan_id)


@blueprint.get(f"{ONE}.pdf")
def document(city: str, handover_id: int) -> Page:
    found = access.enter_city(city, SEE)
    return send_document(service.find(handover_id, found))


@blueprint.get("/verify/handover/")
def verify_form() -> Page:
    """A code typed from paper leads to its page, well written or not."""
    typed = request.args.get("code", "").strip()[:64]
    if typed:
        return redirect(url_for("handovers.verify", code=typed.replace("/", "")))
    return render_template("handovers/verify_form.html", typed="", unknown=False)


@blueprint.get("/verify/handover/<code>")
def verify(code: str) -> Page:
    try:
        found = service.by_code(code)
    except NotFoundError:
        return render_template("handovers/verify_form.html", typed=code[:64], unknown=True), 404
    return render_template("handovers/verify.html", handover=found, archive=papers.archive_of(found), **spoken())


# Shared with the programme's pages: `city` is None there.


def page_of(
    handover: Handover, city: City | None, signing: SignForm | None = None, scanning: ScanForm | None = None,
    reason: ReasonForm | None = None,
) -> str:  # fmt: skip
    side = rules.PARTNER if city else rules.PUBLISHER
    office = papers.Party.from_json(handover.parties[side]).office
    return render_template(
        "handovers/one.html" if city else "handovers/programme_one.html", city=city, handover=handover, side=side,
        acts=access.may(ACT, city) if city else True, address=papers.address_of(handover),
        sign_form=signing or SignForm(formdata=None, signatory=office), scan_form=scanning or ScanForm(formdata=None),
        reason_form=reason or ReasonForm(formdata=None), scans=scans.of_handover(handover),
        archive=papers.archive_of(handover), **spoken(),
    )  # fmt: skip


def note_signature(handover: Handover, city: City | None) -> Page:
    form, side = SignForm(), rules.PARTNER if city else rules.PUBLISHER
    if not form.validate_on_submit():
        return page_of(handover, city, signing=form), 422
    try:
        with unit_of_work():
            service.sign(handover, side, form.signatory.data, form.signed_on.data)
    except RefusalError as error:
        tell(form, error)
        return page_of(handover, city, signing=form), error.status
    flash(_("The signature is noted."), "success")
    return redirect(place_of(handover, city), 303)


def keep_scan(handover: Handover, city: City | None) -> Page:
    form, side = ScanForm(), rules.PARTNER if city else rules.PUBLISHER
    if not form.validate_on_submit():
        return page_of(handover, city, scanning=form), 422
    try:
        with unit_of_work():
            scans.add(handover, side, form.scan.data.filename or "", form.scan.data.stream)
    except RefusalError as error:
        tell(form, error)
        return page_of(handover, city, scanning=form), error.status
    flash(_("The scan is kept."), "success")
    return redirect(place_of(handover, city), 303)


def send_document(handover: Handover) -> Page:
    name = handover.number.replace("/", "-").replace(" ", "-")
    return scans.download(papers.draw(handover), f"{name}.pdf")


def place_of(handover: Handover, city: City | None) -> str:
    if city:
        return url_for("handovers.one", city=city.slug, handover_id=handover.id)
    return url_for("handovers.programme_one", handover_id=handover.id)


def spoken() -> dict[str, object]:
    """What the templates say handovers with."""
    return {"state_of": service.state_of, "state_name": words.state_name, "tone": words.tone,
            "show_code": rules.show_code, "address_of": papers.address_of}  # fmt: skip
