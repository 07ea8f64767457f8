"""Papers of an agreement: its text as PDF, and signed scans. Nothing of this is public."""

from __future__ import annotations

from flask import flash, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.accounts.forms import tell
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants.agreements import doors, drawing, history, papers, service
from registry.tenants.agreements.doors import both
from registry.tenants.agreements.forms import ScanForm
from registry.tenants.agreements.models import AgreementPaper
from registry.tenants.agreements.views import ONE, blueprint, drawn
from registry.tenants.documents import files
from registry.tenants.models import City
from registry.tenants.views import Page


@both(blueprint, f"{ONE}/text.pdf")
def text(side: str, city: str, agreement_id: int) -> Page:
    """As it stands now; each version is drawn once and kept."""
    door = doors.enter(side, city, "see")
    with unit_of_work():
        kept = drawing.paper(door.city, service.agreement(door.city.id, agreement_id))
        answer = attached(door.city, kept)
    return answer


@both(blueprint, f"{ONE}/papers/<int:paper_id>")
def paper(side: str, city: str, agreement_id: int, paper_id: int) -> Page:
    door = doors.enter(side, city, "see")
    return attached(door.city, papers.get(door.city, agreement_id, paper_id))


@both(blueprint, f"{ONE}/papers", ("POST",))
def add_paper(side: str, city: str, agreement_id: int) -> Page:
    """Keep a signed scan."""
    door, form = doors.enter(side, city, "act"), ScanForm()
    if not form.validate_on_submit():
        return drawn(door, agreement_id, scanning=form), 422
    try:
        with unit_of_work():
            found = history.locked(door.city, agreement_id, None)
            given = form.file.data
            papers.add_scan(door.city, found, side, given.filename or "", given.stream)
    except RefusalError as error:
        door = doors.enter(side, city, "act")
        tell(form, error)
        return drawn(door, agreement_id, scanning=form), error.status
    flash(_("The scan is kept. Both sides can read it, nobody else."), "success")
    return redirect(door.url("page", agreement_id=agreement_id), 303)


def attached(city: City, one: AgreementPaper) -> Response:
    """A download that no browser shows in place or takes for something else."""
    return files.attached(city, one.digest, one.media, one.name)
