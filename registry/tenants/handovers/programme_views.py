"""Every city's handovers, for the maintainers: the register, its table, the publisher's signature, withdrawing one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.accounts.forms import tell
from registry.core import tables
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import access
from registry.tenants.forms import ReasonForm
from registry.tenants.handovers import papers, rules, scans, service
from registry.tenants.handovers.models import Handover
from registry.tenants.handovers.views import (
    blueprint,
    keep_scan,
    note_signature,
    page_of,
    send_document,
    spoken,
)
from registry.tenants.views import Page

HOME = "/programme/handovers"
ONE = f"{HOME}/<int:handover_id>"
SEE, MANAGE = "programme.see", "programme.manage"
COLUMNS = ("number", "city", "code", "app", "release", "sha256", "licence", "handed_on", "made_on", "pks", "state",
           "partner_signed_on", "publisher_signed_on", "revoked_on", "reason", "verify")  # fmt: skip


@blueprint.get(HOME)
def programme() -> Page:
    access.enter_programme(SEE)
    words, state = request.args.get("q", "").strip()[:80], request.args.get("state", "")
    found = db.paginate(service.of_programme(words, state), per_page=50, max_per_page=50)
    return render_template(
        "handovers/programme.html", found=found, words=words, state=state, states=rules.STATES, **spoken()
    )


@blueprint.get(f"{HOME}.csv")
def table() -> Page:
    """All of them, oldest first, as the register of the year is kept."""
    access.enter_programme(SEE)
    found: Sequence[Handover] = db.session.scalars(service.of_programme().order_by(None).order_by(Handover.id)).all()
    return tables.download(list(_lines(found)), "handovers.csv")


@blueprint.get(ONE)
def programme_one(handover_id: int) -> Page:
    access.enter_programme(SEE)
    return page_of(service.find(handover_id), None)


@blueprint.get(f"{ONE}.pdf")
def programme_document(handover_id: int) -> Page:
    access.enter_programme(SEE)
    return send_document(service.find(handover_id))


@blueprint.get(f"{ONE}/scans/<int:scan_id>")
def programme_scan(handover_id: int, scan_id: int) -> Page:
    access.enter_programme(SEE)
    return scans.send(service.find(handover_id), scan_id)


@blueprint.post(f"{ONE}/sign")
def programme_sign(handover_id: int) -> Page:
    access.enter_programme(MANAGE)
    return note_signature(service.find(handover_id), None)


@blueprint.post(f"{ONE}/scans")
def programme_add_scan(handover_id: int) -> Page:
    access.enter_programme(MANAGE)
    return keep_scan(service.find(handover_id), None)


@blueprint.post(f"{ONE}/revoke")
def revoke(handover_id: int) -> Page:
    access.enter_programme(MANAGE)
    found, form = service.find(handover_id), ReasonForm()
    if not form.validate_on_submit():
        return page_of(found, None, reason=form), 422
    try:
        with unit_of_work():
            service.revoke(found, form.reason.data)
    except RefusalError as error:
        tell(form, error)
        return page_of(found, None, reason=form), error.status
    flash(_("The handover is withdrawn."), "success")
    return redirect(url_for("handovers.programme_one", handover_id=handover_id), 303)


def _lines(handovers: Sequence[Handover]) -> Iterator[str]:
    yield tables.BOM + tables.row(COLUMNS)
    for one in handovers:
        told = {"city": one.city.name, "code": one.city.code, "pks": one.pks_number,
                "state": service.state_of(one), "verify": papers.address_of(one)}  # fmt: skip
        yield tables.row(told[name] if name in told else getattr(one, name) for name in COLUMNS)
