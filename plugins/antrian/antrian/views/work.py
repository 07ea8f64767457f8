"""The operator's page: one counter, one number at a time."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from lumbung_plugin import clock, database, require_role, staff
from werkzeug.wrappers import Response

from antrian import desk, messages, store
from antrian.models import Action, Refused, Service, State, Ticket

pages = Blueprint("work", __name__, url_prefix="/kerja")

LINE_SHOWN = 6
MOST_DIGITS = 12
MOVES: dict[str, Callable[..., Ticket]] = {
    Action.RECALL: desk.recall,
    Action.SKIP: desk.skip,
    Action.FINISH: desk.finish,
    Action.RETURN: desk.bring_back,
}


@pages.get("/")
@require_role("operator")
def counter() -> str:
    """Choose a counter; then the number being served, the lines, and those who did not come."""
    connection, now = database(), _now()
    counters = store.counters(connection)
    chosen = desk.seat(connection, staff().id)
    services = {service.id: service for service in store.services(connection, only_active=False)}
    if chosen is None:
        return render_template("antrian/counters.html", counters=counters, services=services)
    today = now.date().isoformat()
    lines = [
        (services[service_id], store.line(connection, today, service_id))
        for service_id in sorted(chosen.services, key=lambda found: services[found].code)
    ]
    skipped = [
        ticket for ticket in store.in_state(connection, today, State.SKIPPED) if ticket.line_id in chosen.services
    ]
    held = desk.current(connection, chosen.id, today)
    return render_template(
        "antrian/work.html",
        counter=chosen,
        held=held,
        services=services,
        lines=lines,
        skipped=skipped,
        shown=LINE_SHOWN,
        now=int(now.timestamp()),
        names={found.id: found.name for found in store.counters(connection, only_active=False)},
        others=[found for found in counters if found.seated_id and found.id != chosen.id and found.services],
        early=_is_early(lines, now.timestamp()),
    )


@pages.post("/loket")
@require_role("operator")
def sit() -> Response:
    """Sit down at a counter, or stand up (no counter)."""
    counter_id, me = request.form.get("counter", 0, type=int), staff()
    try:
        if counter_id:
            desk.sit(database(), counter_id, me.id, me.name)
        else:
            desk.stand_up(database(), me.id)
    except Refused as refused:
        flash(messages.sentence(refused), "wrong")
    return _back()


@pages.post("/panggil")
@require_role("operator")
def call() -> Response:
    """Call the next number of this counter's lines."""
    try:
        desk.call_next(database(), _counter_id(), _now(), staff().name, early=request.form.get("early") == "1")
    except Refused as refused:
        flash(messages.sentence(refused), "warn")
    return _back()


@pages.post("/tiket/<int:ticket_id>/<any(recall, skip, finish, 'return'):action>")
@require_role("operator")
def move(ticket_id: int, action: str) -> Response:
    """Recall, skip, finish, or return to the line."""
    try:
        moved = MOVES[action](database(), _counter_id(), ticket_id, _now(), staff().name)
        flash(_done(action, moved.label), "good")
    except Refused as refused:
        flash(messages.sentence(refused), "wrong")
    return _back()


@pages.post("/tiket/<int:ticket_id>/transfer")
@require_role("operator")
def transfer(ticket_id: int) -> Response:
    """Send the called number to another service's line ("s3"), or to one other counter ("c2")."""
    target = request.form.get("target", "")
    send = desk.transfer_to_counter if target.startswith("c") else desk.transfer
    chosen = int(target[1:]) if target[1:].isascii() and target[1:].isdigit() and len(target) < MOST_DIGITS else 0
    try:
        moved = send(database(), _counter_id(), ticket_id, chosen, _now(), staff().name)
        flash(gettext("%(label)s now waits in the other line and keeps its number.", label=moved.label), "good")
    except Refused as refused:
        flash(messages.sentence(refused), "wrong")
    return _back()


@pages.post("/tiket/<int:ticket_id>/phone")
@require_role("operator")
def phone(ticket_id: int) -> Response:
    """Show the whole phone number once; who saw it is recorded."""
    try:
        number = desk.show_phone(database(), _counter_id(), ticket_id, _now(), staff().name)
        flash(gettext("Phone number: %(number)s. That you saw it has been recorded.", number=number), "info")
    except Refused as refused:
        flash(messages.sentence(refused), "wrong")
    return _back()


def _is_early(lines: list[tuple[Service, list[Ticket]]], now: float) -> bool:
    waiting = [line[0].due_at for _, line in lines if line]
    return bool(waiting) and min(waiting) > now


def _done(action: str, label: str) -> str:
    return {
        Action.RECALL: gettext("%(label)s was called again.", label=label),
        Action.SKIP: gettext("%(label)s was set aside. If they come, return them to the line.", label=label),
        Action.FINISH: gettext("%(label)s is done.", label=label),
        Action.RETURN: gettext("%(label)s is back in the line.", label=label),
    }[Action(action)]


def _counter_id() -> int:
    # No seat is counter 0, which is not open: whoever was replaced at a counter cannot call from it.
    found = desk.seat(database(), staff().id)
    return found.id if found else 0


def _back() -> Response:
    return redirect(url_for("work.counter"), 303)


def _now() -> datetime:
    return clock.local(clock.now())
