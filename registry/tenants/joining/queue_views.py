"""The maintainers' queue, and one application: read, asked back, checked, admitted or declined."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.accounts.acting import submitted
from registry.tenants import access
from registry.tenants.joining import forms, service, waiting, words
from registry.tenants.joining.console_views import letter_of
from registry.tenants.joining.views import blueprint
from registry.tenants.models import City
from registry.tenants.people import service as people
from registry.tenants.service import find_city
from registry.tenants.views import Page

QUEUE = "/programme/applications"
ONE = f"{QUEUE}/<city>"


@blueprint.get(QUEUE)
def queue() -> Page:
    """``state`` as in `waiting.FILTERS`, ``proof`` yes or no, ``q`` looks in name, province, code and address."""
    access.enter_programme("programme.see")
    state, proof = _chosen("state", waiting.FILTERS, "open"), _chosen("proof", waiting.PROVEN, "")
    asked = request.args.get("q", "").strip()[:80]
    found = waiting.entries(state, proof, asked)
    return render_template(
        "joining/queue.html", entries=found, state=state, proof=proof, words=asked, filters=waiting.FILTERS,
        counts=waiting.counts(), drafts=waiting.drafts_under_way(), **_words(),
    )  # fmt: skip


@blueprint.get(ONE)
def queue_city(city: str) -> Page:
    access.enter_programme("programme.see")
    return _page(find_city(city))


@blueprint.get(f"{ONE}/letter")
def queue_letter(city: str) -> Response:
    access.enter_programme("programme.see")
    return letter_of(find_city(city))


@blueprint.post(f"{ONE}/ask")
def ask(city: str) -> Page:
    found, form = _entered(city), forms.TextForm()
    told = _("Asked. The city answers on its console.")
    return _done(found, "text", form, lambda: service.ask(found, form.text.data, form.seen), told)


@blueprint.post(f"{ONE}/check")
def check(city: str) -> Page:
    found, form = _entered(city), forms.AdmitForm()
    told = _("Noted: the office is checked.")
    return _done(found, "checking", form, lambda: service.check(found, str(form.how.data or ""), form.seen), told)


@blueprint.post(f"{ONE}/admit")
def admit(city: str) -> Page:
    found, form = _entered(city), forms.AdmitForm()
    told = _("The city is admitted. Next comes the memorandum.")
    return _done(found, "admitting", form, lambda: service.admit(found, form.seen, str(form.how.data or "")), told)


@blueprint.post(f"{ONE}/decline")
def decline(city: str) -> Page:
    found, form = _entered(city), forms.DeclineForm()
    told = _("The application is declined; the city reads your reason.")
    return _done(found, "reason", form, lambda: service.decline(found, form.reason.data, form.seen), told)


def _entered(slug: str) -> City:
    access.enter_programme("programme.manage")
    return find_city(slug)


def _chosen(name: str, among: tuple[str, ...], usual: str) -> str:
    wished = request.args.get(name, usual)
    return wished if wished in among else usual


def _done(city: City, which: str, form: forms.SeenForm, act: Callable[[], None], told: str) -> Page:
    status = submitted(form, act)
    if status != 200:
        return _page(city, **{which: form}), status or 422
    flash(told, "success")
    return redirect(url_for("joining.queue_city", city=city.slug), 303)


def _page(city: City, **shown: forms.SeenForm) -> str:
    found = service.application_of(city)
    version = {"formdata": None, "version": str(found.version if found else 0)}
    made = {"text": forms.TextForm(**version), "checking": forms.AdmitForm(**version, prefix=""),
            "admitting": forms.AdmitForm(**version), "reason": forms.DeclineForm(**version)}  # fmt: skip
    for form in shown.values():
        form.version.data = version["version"]
    return render_template(
        "joining/review.html", partner=city, found=found, entry=waiting.entry_of(city, found, waiting.twins_of(city)),
        notes=service.notes_of(city), members=people.members(city), **{**made, **shown}, **_words(),
    )  # fmt: skip


def _words() -> dict[str, object]:
    return {"state_name": words.state_name, "act_name": words.act_name, "proof_name": words.proof_name,
            "lacking_names": words.lacking_names}  # fmt: skip
