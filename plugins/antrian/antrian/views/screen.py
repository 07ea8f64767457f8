"""The waiting room's display: large, renewing itself, and needing no JavaScript."""

from flask import Blueprint, render_template
from flask_babel import gettext
from lumbung_plugin import clock, database, public_url, qr, settings

from antrian import store
from antrian.models import State
from antrian.settings import read

pages = Blueprint("screen", __name__)

CALLED_SHOWN = 5
NEXT_SHOWN = 3


@pages.get("/layar")
def show() -> str:
    """Whom each counter calls, and who comes next in each line."""
    connection, chosen = database(), read(settings())
    today = clock.today().isoformat()
    counters = {counter.id: counter for counter in store.counters(connection, only_active=False)}
    called = [
        (ticket, counters[ticket.counter_id])
        for ticket in store.in_state(connection, today, State.CALLED)
        if ticket.counter_id in counters
    ]
    lines = []
    for service in store.services(connection):
        line = store.line(connection, today, service.id)
        lines.append((service, line[:NEXT_SHOWN], len(line)))
    address = public_url("citizen.home")
    return render_template(
        "antrian/screen.html",
        called=called[:CALLED_SHOWN],
        lines=lines,
        now=clock.local(clock.now()),
        chosen=chosen,
        qr=qr.svg(address, label=gettext("QR code to take a number")),
        address=address,
    )
