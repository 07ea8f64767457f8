"""The waiting room's display: large, refreshing itself, and needing no JavaScript."""

import segno
from flask import Blueprint, render_template
from lumbung_plugin import database, public_url, settings
from markupsafe import Markup

from antrian import clock, store
from antrian.models import State
from antrian.settings import read

pages = Blueprint("screen", __name__)

CALLED_SHOWN = 5
NEXT_SHOWN = 4


@pages.get("/layar")
def show() -> str:
    """Whom each counter calls, and who comes next in each line."""
    connection, now, chosen = database(), clock.now(), read(settings())
    today = now.date().isoformat()
    counters = {counter.id: counter for counter in store.counters(connection, only_active=False)}
    called = [(ticket, counters[ticket.counter_id]) for ticket in store.in_state(connection, today, State.CALLED)
              if ticket.counter_id in counters]
    lines = []
    for service in store.services(connection):
        line = store.line(connection, today, service.id)
        lines.append((service, line[:NEXT_SHOWN], len(line)))
    address = public_url("citizen.home")
    # S704: the drawing holds only numbers that segno computed.
    qr = Markup(segno.make(address, error="m", micro=False).svg_inline(border=2, omitsize=True))  # noqa: S704
    return render_template(
        "antrian/screen.html", called=called[:CALLED_SHOWN], lines=lines, now=now, chosen=chosen, qr=qr,
        address=address)
