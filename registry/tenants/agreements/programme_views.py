"""The publisher's own pages: all agreements with filters, new ones, and what holds for all of them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.accounts.forms import tell
from registry.core import clock
from registry.core.errors import Finding, InvalidError, RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import access
from registry.tenants.agreements import doors, listing, rules, settings, words
from registry.tenants.agreements.contents import MEMORANDUM, PKS, Party
from registry.tenants.agreements.doors import PROGRAMME, Door
from registry.tenants.agreements.forms import PARTY, AgreementForm, SettingsForm
from registry.tenants.agreements.settings import LABELS, Programme
from registry.tenants.agreements.views import blueprint, drafted
from registry.tenants.programme_views import city_page
from registry.tenants.views import Page


@blueprint.get("/programme/agreements")
def programme() -> Page:
    """Every agreement of every city; filters are in the address."""
    access.enter_programme("programme.see")
    wanted = listing.Wanted.of(request.args)
    rows = listing.rows(wanted)
    shown = rows[(wanted.page - 1) * listing.PER_PAGE : wanted.page * listing.PER_PAGE]
    return render_template(
        "agreements/programme.html", rows=shown, wanted=wanted, page=listing.Page(wanted.page, len(rows)),
        counts=listing.counts(), title_of=words.title_of, kind_name=words.kind_name, today=clock.today(),
        states=(rules.DRAFT, rules.PROPOSED, rules.SIGNED, rules.ACTIVE, rules.EXPIRED, rules.TERMINATED),
    )  # fmt: skip


@blueprint.post(f"{PROGRAMME}/agreements")
def programme_draft(city: str) -> Page:
    return drafted(doors.enter(rules.PUBLISHER, city, "act"), _city_page)


def _city_page(door: Door, form: AgreementForm | None = None) -> str:
    return city_page(door.city, form=form)


@blueprint.route("/programme/settings", methods=["GET", "POST"])
def programme_settings() -> Page:
    """What agreements are called, who signs for the publisher, when both sides are reminded."""
    access.enter_programme("programme.manage")
    form = SettingsForm(data=_shown(settings.programme()))
    if not form.is_submitted():
        form.version.data = str(settings.version())
    if not form.validate_on_submit():
        return _settings(form), 422 if form.is_submitted() else 200
    try:
        with unit_of_work():
            settings.change(_programme(form), form.seen)
    except RefusalError as error:
        access.enter_programme("programme.manage")
        tell(form, error)
        return _settings(form), error.status
    flash(_("Saved."), "success")
    return redirect(url_for("agreements.programme_settings"), 303)


def _settings(form: SettingsForm) -> str:
    usual = {kind: settings.publisher_party(kind) for kind in (MEMORANDUM, PKS)}
    parties = [(kind, [form[f"{kind}_{name}"] for name in PARTY]) for kind in (MEMORANDUM, PKS)]
    return render_template(
        "agreements/settings.html", form=form, labels=LABELS, usual=usual, parties=parties, kind_name=words.kind_name
    )


def _shown(held: Programme) -> dict[str, Any]:
    lines = {
        f"{kind}_{name}": getattr(party, name)
        for kind, party in ((MEMORANDUM, held.memorandum_party), (PKS, held.pks_party)) for name in PARTY
    }  # fmt: skip
    return {
        "memorandum_label": held.memorandum_label, "pks_label": held.pks_label, "place": held.place,
        "reminder_days": ", ".join(map(str, held.reminder_days)),
        "memorandum_signers": "\n".join(held.memorandum_signers), "pks_signers": "\n".join(held.pks_signers), **lines,
    }  # fmt: skip


def _programme(form: SettingsForm) -> Programme:
    def party(kind: str) -> Party:
        return Party(**{name: (form[f"{kind}_{name}"].data or "").strip() for name in PARTY})

    return Programme(
        memorandum_label=form.memorandum_label.data.strip(), pks_label=form.pks_label.data.strip(),
        reminder_days=_days(form.reminder_days.data), place=(form.place.data or "").strip(),
        memorandum_signers=_lines(form.memorandum_signers.data), pks_signers=_lines(form.pks_signers.data),
        memorandum_party=party(MEMORANDUM), pks_party=party(PKS),
    )  # fmt: skip


def _days(text: str) -> tuple[int, ...]:
    found = text.replace(",", " ").split()
    if not all(one.isdecimal() and len(one) < 5 for one in found):
        message = _("Write days as numbers with commas: 90, 30, 7.")
        raise InvalidError(message, [Finding("reminder_days", message)])
    return tuple(int(one) for one in found)


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())
