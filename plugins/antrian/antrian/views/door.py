"""The queue at the door: a member of staff gives a number and prints a small slip."""

import secrets
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from lumbung_plugin import clock, database, public_url, qr, require_role, settings
from werkzeug.wrappers import Response

from antrian import messages, rules, store, tickets
from antrian.models import Need, Refused
from antrian.settings import read

pages = Blueprint("door", __name__, url_prefix="/kerja")


@pages.get("/pintu")
@require_role("operator")
def show() -> str:
    """The services with what is left of today, and a button for each."""
    connection, now, chosen = database(), _now(), read(settings())
    waiting = store.waiting_counts(connection, now.date().isoformat())
    offered = [
        (service, tickets.day_of(connection, service, now.date(), now, chosen), waiting.get(service.id, 0))
        for service in store.services(connection)
    ]
    needs = [need for need in Need if need is not Need.UNSTATED]
    return render_template("antrian/door.html", offered=offered, needs=needs, nonce=secrets.token_urlsafe(12))


@pages.post("/nomor")
@require_role("operator")
def give() -> Response:
    """Give a number to someone who came without one; its slip is shown next."""
    nonce = request.form.get("nonce", "")[:40] or secrets.token_urlsafe(12)
    try:
        taken = tickets.give(
            database(),
            request.form.get("service", 0, type=int),
            nonce,
            request.form.get("need", ""),
            _now(),
            read(settings()),
        )
    except Refused as refused:
        flash(messages.sentence(refused), "wrong")
        return redirect(url_for("door.show"), 303)
    if taken.repeated:
        flash(gettext("This form had already given a number: this one."), "info")
    return redirect(url_for("door.slip", ticket_id=taken.ticket.id), 303)


@pages.get("/karcis/<int:ticket_id>")
@require_role("operator")
def slip(ticket_id: int) -> str:
    """A slip of paper for today's number: as small as a receipt printer's roll."""
    connection, now = database(), _now()
    held = store.ticket(connection, ticket_id)
    if held is None or held.day != now.date().isoformat():
        abort(404)
    line, ahead = store.service(connection, held.line_id), store.dues_ahead(connection, held)
    estimate = rules.estimate(
        ahead,
        held.due_at,
        int(now.timestamp()),
        line.minutes if line else 1,
        store.counters_serving(connection, held.line_id),
    )
    address = public_url("citizen.ticket", code=held.code)
    return render_template(
        "antrian/slip.html",
        ticket=held,
        service=line,
        ahead=len(ahead),
        estimate=estimate,
        address=address,
        place=read(settings()).place,
        now=now,
        qr=qr.svg(address, label=gettext("QR code with the address of this number")),
    )


def _now() -> datetime:
    return clock.local(clock.now())
