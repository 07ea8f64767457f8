"""The city's own page of its application: where it stands, what is asked, and the proof of office."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.accounts.acting import submitted
from registry.core.errors import NotFoundError
from registry.tenants import access
from registry.tenants.documents import files
from registry.tenants.joining import forms, proving, service, waiting, words
from registry.tenants.joining.models import CityApplication
from registry.tenants.joining.views import blueprint
from registry.tenants.models import City
from registry.tenants.views import Page

HOME = "/console/<city>/application"


@blueprint.get(HOME)
def application(city: str) -> Page:
    return _page(access.enter_city(city, "city.see"))


@blueprint.post(f"{HOME}/answer")
def answer(city: str) -> Page:
    """Answers what was asked; of a declined application, applies again."""
    found, form = access.enter_city(city, "city.edit"), forms.TextForm()
    act = service.reapply if found.state == "declined" else service.answer
    return _done(found, "text", form, lambda: act(found, form.text.data, form.seen), _("The maintainers read it now."))


@blueprint.post(f"{HOME}/contact")
def correct(city: str) -> Page:
    found, form = access.enter_city(city, "city.edit"), forms.CorrectForm()

    def act() -> None:
        names = ("contact_office", "head", "mail", "phone")
        said = service.Contact(**{name: str(getattr(form, name).data or "") for name in names})
        service.correct(found, said, form.seen)

    return _done(found, "contact", form, act, _("Saved."))


@blueprint.post(f"{HOME}/proof")
def ask_proof(city: str) -> Page:
    """Sends the link to the official address, also again."""
    found, form = access.enter_city(city, "city.edit"), forms.ProofForm()
    told = _("The link is on its way to %(address)s.", address=form.proof_mail.data or "")
    return _done(found, "proof", form, lambda: proving.ask_link(found, str(form.proof_mail.data), form.seen), told)


@blueprint.post(f"{HOME}/letter")
def send_letter(city: str) -> Page:
    found, form = access.enter_city(city, "city.edit"), forms.LetterForm()

    def act() -> None:
        scan = form.letter.data
        number = str(form.letter_number.data or "")
        proving.keep_letter(found, scan.filename or "", scan.stream, number, form.letter_on.data, form.seen)

    return _done(found, "letter", form, act, _("The letter is with the maintainers."))


@blueprint.get(f"{HOME}/letter")
def letter(city: str) -> Response:
    return letter_of(access.enter_city(city, "city.see"))


def letter_of(city: City) -> Response:
    """The scan as a download: never shown inside of our own pages. Raises NotFoundError."""
    found = service.application_of(city)
    if found is None or not found.letter_digest:
        raise NotFoundError(_("There is no letter."))
    return files.attached(city, found.letter_digest, found.letter_kind, found.letter_name)


def _done(city: City, which: str, form: forms.SeenForm, act: Callable[[], None], told: str) -> Page:
    """Do it and say so; or show the form again with what is wrong."""
    status = submitted(form, act)
    if status != 200:
        return _page(city, **{which: form}), status or 422
    flash(told, "success")
    return redirect(url_for("joining.application", city=request.view_args["city"] if request.view_args else ""), 303)


def _page(city: City, **shown: forms.SeenForm) -> str:
    found = service.application_of(city)
    entry = waiting.entry_of(city, found)
    return render_template(
        "joining/application.html", city=city, entry=entry, found=found, notes=service.notes_of(city, _round(found)),
        **{name: shown.get(name) or form for name, form in _forms(city, found).items()},
        state_name=words.state_name, act_name=words.act_name, proof_name=words.proof_name,
    )  # fmt: skip


def _round(found: CityApplication | None) -> int:
    return found.round if found else 0


def _forms(city: City, found: CityApplication | None) -> dict[str, forms.SeenForm]:
    version = {"formdata": None, "version": str(found.version if found else 0)}
    contact = {name: getattr(found, name, "") for name in ("head", "mail", "phone")}
    return {
        "text": forms.TextForm(**version),
        "contact": forms.CorrectForm(**version, contact_office=city.contact_office, **contact),
        "proof": forms.ProofForm(**version, proof_mail=found.proof_mail if found else ""),
        "letter": forms.LetterForm(**version),
    }
