"""The operator's page: one counter, one number at a time."""

import secrets
from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from lumbung_plugin import Person, database, person, require_role, settings
from werkzeug.wrappers import Response

from antrian import clock, desk, messages, store, tickets
from antrian.models import Action, Refused, Service, State, Ticket
from antrian.settings import read

pages = Blueprint("work", __name__, url_prefix="/kerja")

LINE_SHOWN = 6
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
    connection, now = database(), clock.now()
    counters = store.counters(connection)
    chosen = desk.seat(connection, _me().id)
    services = {service.id: service for service in store.services(connection, only_active=False)}
    if chosen is None:
        return render_template("antrian/counters.html", counters=counters, services=services)
    today = now.date().isoformat()
    lines = [(services[service_id], store.line(connection, today, service_id))
             for service_id in sorted(chosen.services, key=lambda found: services[found].code)]
    skipped = [ticket for ticket in store.in_state(connection, today, State.SKIPPED)
               if ticket.line_id in chosen.services]
    held = desk.current(connection, chosen.id, today)
    return render_template(
        "antrian/work.html", counter=chosen, held=held, services=services, lines=lines, skipped=skipped,
        nonce=secrets.token_urlsafe(12), shown=LINE_SHOWN, now=int(now.timestamp()),
        early=_is_early(lines, now.timestamp()))


@pages.post("/loket")
@require_role("operator")
def sit() -> Response:
    """Sit down at a counter, or stand up (no counter)."""
    counter_id, me = request.form.get("counter", 0, type=int), _me()
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
        desk.call_next(database(), _counter_id(), clock.now(), _actor(), early=request.form.get("early") == "1")
    except Refused as refused:
        flash(messages.sentence(refused), "warn")
    return _back()


@pages.post("/tiket/<int:ticket_id>/<any(recall, skip, finish, 'return'):action>")
@require_role("operator")
def move(ticket_id: int, action: str) -> Response:
    """Recall, skip, finish, or return to the line."""
    try:
        moved = MOVES[action](database(), _counter_id(), ticket_id, clock.now(), _actor())
        flash(_done(action, moved.label), "good")
    except Refused as refused:
        flash(messages.sentence(refused), "wrong")
    return _back()


@pages.post("/tiket/<int:ticket_id>/transfer")
@require_role("operator")
def transfer(ticket_id: int) -> Response:
    """Send the called number to another service's line."""
    target = request.form.get("service", 0, type=int)
    try:
        moved = desk.transfer(database(), _counter_id(), ticket_id, target, clock.now(), _actor())
        flash(gettext("%(label)s now waits in the other line and keeps its number.", label=moved.label), "good")
    except Refused as refused:
        flash(messages.sentence(refused), "wrong")
    return _back()


@pages.post("/tiket/<int:ticket_id>/phone")
@require_role("operator")
def phone(ticket_id: int) -> Response:
    """Show the whole phone number once; who saw it is recorded."""
    try:
        number = desk.show_phone(database(), _counter_id(), ticket_id, clock.now(), _actor())
        flash(gettext("Phone number: %(number)s. That you saw it has been recorded.", number=number), "info")
    except Refused as refused:
        flash(messages.sentence(refused), "wrong")
    return _back()


@pages.post("/nomor")
@require_role("operator")
def give() -> Response:
    """Give a number to someone who came without one."""
    nonce = request.form.get("nonce", "")[:40] or secrets.token_urlsafe(12)
    try:
        taken = tickets.give(database(), request.form.get("service", 0, type=int), nonce,
                             request.form.get("priority") == "1", clock.now(), read(settings()))
        return redirect(url_for("citizen.ticket", code=taken.ticket.code), 303)
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


def _me() -> Person:
    who = person()
    if who is None:
        raise LookupError("require_role lets nobody in without a person")
    return who


def _actor() -> str:
    return _me().name


def _counter_id() -> int:
    # No seat is counter 0, which is not open: whoever was replaced at a counter cannot call from it.
    found = desk.seat(database(), _me().id)
    return found.id if found else 0


def _back() -> Response:
    return redirect(url_for("work.counter"), 303)
