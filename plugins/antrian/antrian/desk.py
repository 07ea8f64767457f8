"""The operator's acts at a counter: call, recall, skip, transfer, finish."""

import sqlite3
from datetime import datetime

from lumbung_plugin import transaction

from antrian import rules, store
from antrian.models import Action, Counter, Refusal, Refused, State, Ticket
from antrian.tickets import record


def seat(connection: sqlite3.Connection, person_id: str) -> Counter | None:
    """The open counter a person sits at."""
    return next((counter for counter in store.counters(connection) if counter.seated_id == person_id), None)


def sit(connection: sqlite3.Connection, counter_id: int, person_id: str, name: str) -> Counter:
    """Take a counter; whoever sat there before is replaced, and whoever sits down leaves other counters."""
    with transaction(connection):
        counter = _open_counter(connection, counter_id)
        _leave(connection, person_id)
        connection.execute(
            "UPDATE counter SET seated_id = ?, seated_by = ? WHERE id = ?", (person_id, name[:120], counter_id)
        )
    return counter


def stand_up(connection: sqlite3.Connection, person_id: str) -> None:
    """Leave the counter a person sits at."""
    with transaction(connection):
        _leave(connection, person_id)


def current(connection: sqlite3.Connection, counter_id: int, day: str) -> Ticket | None:
    """The ticket being served at a counter today."""
    return next(
        (ticket for ticket in store.in_state(connection, day, State.CALLED) if ticket.counter_id == counter_id), None
    )


def call_next(
    connection: sqlite3.Connection, counter_id: int, now: datetime, actor: str, early: bool = False
) -> Ticket:
    """Call the first whose slot has begun; ``early`` also those whose slot is still to come."""
    with transaction(connection):
        counter = _open_counter(connection, counter_id)
        today = now.date().isoformat()
        busy = current(connection, counter_id, today)
        if busy is not None:
            raise Refused(Refusal.COUNTER_BUSY, label=busy.label)
        first = store.first_for(connection, today, counter.id)
        if first is None:
            raise Refused(Refusal.LINE_EMPTY)
        if first.due_at > now.timestamp() and not early:
            raise Refused(Refusal.LINE_EARLY, label=first.label, start=first.slot_start)
        _call(connection, first, counter_id, now, actor)
    return _again(connection, first)


def recall(connection: sqlite3.Connection, counter_id: int, ticket_id: int, now: datetime, actor: str) -> Ticket:
    """Announce the called number once more."""
    with transaction(connection):
        held = _at_counter(connection, counter_id, ticket_id, Action.RECALL)
        connection.execute(
            "UPDATE ticket SET called_at = ?, calls = calls + 1 WHERE id = ?", (int(now.timestamp()), held.id)
        )
        record(connection, held.id, now, Action.RECALL, counter_id, actor)
    return _again(connection, held)


def skip(connection: sqlite3.Connection, counter_id: int, ticket_id: int, now: datetime, actor: str) -> Ticket:
    """Set a number aside whose holder did not come; it can be returned to the line."""
    with transaction(connection):
        held = _at_counter(connection, counter_id, ticket_id, Action.SKIP)
        _move(connection, held, State.SKIPPED)
        record(connection, held.id, now, Action.SKIP, counter_id, actor)
    return _again(connection, held)


def finish(connection: sqlite3.Connection, counter_id: int, ticket_id: int, now: datetime, actor: str) -> Ticket:
    """The service is done."""
    with transaction(connection):
        held = _at_counter(connection, counter_id, ticket_id, Action.FINISH)
        _move(connection, held, State.FINISHED)
        connection.execute("UPDATE ticket SET finished_at = ? WHERE id = ?", (int(now.timestamp()), held.id))
        record(connection, held.id, now, Action.FINISH, counter_id, actor)
    return _again(connection, held)


def transfer_to_counter(
    connection: sqlite3.Connection, counter_id: int, ticket_id: int, target_id: int, now: datetime, actor: str
) -> Ticket:
    """Send a called number to one other counter, which alone calls it. It keeps its number and its slot.

    When that counter is left or closed, any counter of the line calls it.
    """
    with transaction(connection):
        held = _at_counter(connection, counter_id, ticket_id, Action.TRANSFER)
        target = store.counter(connection, target_id)
        if target is None or not target.active or not target.seated_id or not target.services:
            raise Refused(Refusal.TARGET_AWAY)
        if target_id == counter_id:
            raise Refused(Refusal.TARGET_SAME)
        line = held.line_id if held.line_id in target.services else min(target.services)
        connection.execute(
            "UPDATE ticket SET state = 'waiting', line_id = ?, wanted_id = ?, counter_id = NULL WHERE id = ?",
            (line, target_id, held.id),
        )
        record(connection, held.id, now, Action.TRANSFER, counter_id, actor)
    return _again(connection, held)


def transfer(
    connection: sqlite3.Connection, counter_id: int, ticket_id: int, service_id: int, now: datetime, actor: str
) -> Ticket:
    """Send a called number to another service's line. It keeps its number and its slot, so it stands
    before those whose slot began later: its holder has waited once already.
    """
    with transaction(connection):
        held = _at_counter(connection, counter_id, ticket_id, Action.TRANSFER)
        target = store.service(connection, service_id)
        if target is None or not target.active:
            raise Refused(Refusal.SERVICE_CLOSED)
        if service_id == held.line_id:
            raise Refused(Refusal.TARGET_SAME)
        if not store.counters_serving(connection, service_id):
            raise Refused(Refusal.TARGET_UNSERVED)
        connection.execute(
            "UPDATE ticket SET state = 'waiting', line_id = ?, wanted_id = NULL, counter_id = NULL WHERE id = ?",
            (service_id, held.id),
        )
        record(connection, held.id, now, Action.TRANSFER, counter_id, actor)
    return _again(connection, held)


def bring_back(connection: sqlite3.Connection, counter_id: int, ticket_id: int, now: datetime, actor: str) -> Ticket:
    """Return a skipped number to its line, after those who are already due."""
    with transaction(connection):
        held = _todays(connection, ticket_id, now)
        if isinstance(rules.after(held.state, Action.RETURN), Refusal):
            raise Refused(Refusal.TICKET_STATE, label=held.label)
        connection.execute(
            "UPDATE ticket SET state = 'waiting', counter_id = NULL, due_at = ? WHERE id = ?",
            (max(held.due_at, int(now.timestamp())), held.id),
        )
        record(connection, held.id, now, Action.RETURN, counter_id, actor)
    return _again(connection, held)


def show_phone(connection: sqlite3.Connection, counter_id: int, ticket_id: int, now: datetime, actor: str) -> str:
    """The whole phone number of a ticket called or skipped today, so that staff may ring; recorded."""
    with transaction(connection):
        held = _todays(connection, ticket_id, now)
        if held.state not in (State.CALLED, State.SKIPPED):
            raise Refused(Refusal.TICKET_STATE, label=held.label)
        record(connection, held.id, now, "phone", counter_id, actor)
    return held.phone


def _leave(connection: sqlite3.Connection, person_id: str) -> None:
    connection.execute("UPDATE counter SET seated_id = '', seated_by = '' WHERE seated_id = ?", (person_id,))


def _open_counter(connection: sqlite3.Connection, counter_id: int) -> Counter:
    counter = store.counter(connection, counter_id)
    if counter is None or not counter.active:
        raise Refused(Refusal.COUNTER_UNKNOWN)
    return counter


def _call(connection: sqlite3.Connection, held: Ticket, counter_id: int, now: datetime, actor: str) -> None:
    called_at = int(now.timestamp())
    waited = rules.waited_seconds(held.due_at, held.taken_at, called_at)
    connection.execute(
        "UPDATE ticket SET state = 'called', counter_id = ?, called_at = ?, calls = 1,"
        " waited = coalesce(waited, ?) WHERE id = ?",
        (counter_id, called_at, waited, held.id),
    )
    record(connection, held.id, now, Action.CALL, counter_id, actor)


def _move(connection: sqlite3.Connection, held: Ticket, state: State) -> None:
    connection.execute("UPDATE ticket SET state = ? WHERE id = ?", (state.value, held.id))


def _at_counter(connection: sqlite3.Connection, counter_id: int, ticket_id: int, action: Action) -> Ticket:
    held = store.ticket(connection, ticket_id)
    if held is None:
        raise Refused(Refusal.TICKET_UNKNOWN)
    if isinstance(rules.after(held.state, action), Refusal):
        raise Refused(Refusal.TICKET_STATE, label=held.label)
    if held.counter_id != counter_id:
        raise Refused(Refusal.TICKET_ELSEWHERE, label=held.label)
    return held


def _todays(connection: sqlite3.Connection, ticket_id: int, now: datetime) -> Ticket:
    held = store.ticket(connection, ticket_id)
    if held is None or held.day != now.date().isoformat():
        raise Refused(Refusal.TICKET_UNKNOWN)
    return held


def _again(connection: sqlite3.Connection, held: Ticket) -> Ticket:
    return store.ticket(connection, held.id) or held
