"""Reading the queue. Writing is in ``tickets`` (citizens), ``desk`` (operators) and ``office`` (administrators)."""

import sqlite3

from antrian.models import Counter, Need, Origin, Service, Slot, State, Ticket

IN_ORDER = "due_at, priority DESC, number, id"
TICKET = """SELECT id, code, service_id, line_id, day, number, label, slot_start, slot_end, state, origin, priority,
    due_at, taken_at, called_at, finished_at, waited, calls, counter_id, wanted_id, coalesce(name, '') AS name,
    coalesce(phone, '') AS phone, coalesce(visitor, '') AS visitor, coalesce(need, '') AS need
    FROM ticket LEFT JOIN holder ON holder.ticket_id = ticket.id"""
SERVICE = "SELECT service.*, coalesce(office.name, '') AS office FROM service LEFT JOIN office ON office.id = office_id"
CALLABLE = """day = :day AND state = 'waiting' AND (wanted_id = :counter
    OR (line_id IN (SELECT service_id FROM counter_service WHERE counter_id = :counter)
        AND (wanted_id IS NULL OR wanted_id NOT IN (SELECT id FROM counter WHERE active = 1 AND seated_id <> ''))))"""
"""Whom a counter may call: its lines, but who was sent to another counter only once nobody sits there any more."""


def services(connection: sqlite3.Connection, only_active: bool = True) -> list[Service]:
    """Services by their code."""
    rows = connection.execute(f"{SERVICE} WHERE service.active >= ? ORDER BY code", (int(only_active),))
    return [_service(row) for row in rows]


def service(connection: sqlite3.Connection, service_id: int) -> Service | None:
    """One service, active or not."""
    row = connection.execute(f"{SERVICE} WHERE service.id = ?", (service_id,)).fetchone()
    return _service(row) if row else None


def counters(connection: sqlite3.Connection, only_active: bool = True) -> list[Counter]:
    """Counters by name, with the services they call from."""
    served: dict[int, set[int]] = {}
    for counter_id, service_id in connection.execute("SELECT counter_id, service_id FROM counter_service"):
        served.setdefault(counter_id, set()).add(service_id)
    rows = connection.execute("SELECT * FROM counter WHERE active >= ? ORDER BY name", (int(only_active),))
    return [
        Counter(
            row["id"],
            row["name"],
            bool(row["active"]),
            row["seated_id"],
            row["seated_by"],
            frozenset(served.get(row["id"], ())),
        )
        for row in rows
    ]


def counter(connection: sqlite3.Connection, counter_id: int) -> Counter | None:
    """One counter, active or not."""
    return next((found for found in counters(connection, only_active=False) if found.id == counter_id), None)


def counters_serving(connection: sqlite3.Connection, service_id: int) -> int:
    """How many open, staffed counters call from a service's line; unstaffed ones when none is staffed."""
    serving = [found for found in counters(connection) if service_id in found.services]
    return len([found for found in serving if found.seated_id]) or len(serving)


def slots(connection: sqlite3.Connection, service_id: int) -> list[Slot]:
    """A service's weekly slots by weekday and start."""
    rows = connection.execute("SELECT * FROM slot WHERE service_id = ? ORDER BY weekday, start", (service_id,))
    return [Slot(row["id"], row["service_id"], row["weekday"], row["start"], row["end"], row["quota"]) for row in rows]


def special_days(connection: sqlite3.Connection, since: str) -> dict[str, tuple[str, str]]:
    """Days from ``since`` (ISO date) on that the administrator closed or opened: day → (kind, reason), in order."""
    rows = connection.execute("SELECT day, kind, reason FROM special_day WHERE day >= ? ORDER BY day", (since,))
    return {row["day"]: (row["kind"], row["reason"]) for row in rows}


def special_day(connection: sqlite3.Connection, day: str) -> tuple[str, str] | None:
    """What the administrator said about one day: ("closed" or "open", reason)."""
    row = connection.execute("SELECT kind, reason FROM special_day WHERE day = ?", (day,)).fetchone()
    return (row["kind"], row["reason"]) if row else None


def taken_by_slot(connection: sqlite3.Connection, service_id: int, day: str) -> dict[str, int]:
    """Places used on a day, by slot start; a cancelled number gives its place back."""
    rows = connection.execute(
        "SELECT slot_start, count(*) AS taken FROM ticket"
        " WHERE service_id = ? AND day = ? AND state <> 'cancelled' GROUP BY slot_start",
        (service_id, day),
    )
    return {row["slot_start"]: row["taken"] for row in rows}


def ticket(connection: sqlite3.Connection, ticket_id: int) -> Ticket | None:
    """A ticket by its row, for staff."""
    return _one(connection, "id = ?", ticket_id)


def ticket_by_code(connection: sqlite3.Connection, code: str) -> Ticket | None:
    """A ticket by the unguessable code in its address, for whoever holds it."""
    return _one(connection, "code = ?", code)


def ticket_by_nonce(connection: sqlite3.Connection, nonce: str) -> Ticket | None:
    """The ticket a shown form has already led to."""
    return _one(connection, "nonce = ?", nonce)


def visitor_tickets(connection: sqlite3.Connection, visitor: str, since: str) -> list[Ticket]:
    """The tickets one browser session took for ``since`` (ISO date) and later."""
    return _many(connection, "visitor = ? AND visitor <> '' AND day >= ? ORDER BY day, due_at", visitor, since)


def line(connection: sqlite3.Connection, day: str, service_id: int) -> list[Ticket]:
    """Who waits for a service on a day, in the order they will be called."""
    return _many(connection, f"day = ? AND line_id = ? AND state = 'waiting' ORDER BY {IN_ORDER}", day, service_id)


def first_for(connection: sqlite3.Connection, day: str, counter_id: int) -> Ticket | None:
    """Whom a counter calls next."""
    # S608: both parts are constants, values are bound.
    row = connection.execute(
        f"SELECT id FROM ticket WHERE {CALLABLE} ORDER BY {IN_ORDER} LIMIT 1",  # noqa: S608
        {"day": day, "counter": counter_id},
    ).fetchone()
    return ticket(connection, row["id"]) if row else None


def in_state(connection: sqlite3.Connection, day: str, state: State) -> list[Ticket]:
    """A day's tickets in one state, the last called first."""
    return _many(connection, "day = ? AND state = ? ORDER BY called_at DESC, id DESC", day, state.value)


def dues_ahead(connection: sqlite3.Connection, held: Ticket) -> list[int]:
    """The slot instants of those who stand before a waiting ticket in its line, in order."""
    rows = connection.execute(
        "SELECT due_at FROM ticket WHERE day = ? AND line_id = ? AND state = 'waiting'"
        " AND (due_at, -priority, number, id) < (?, ?, ?, ?) ORDER BY due_at",
        (held.day, held.line_id, held.due_at, -int(held.priority), held.number, held.id),
    )
    return [row["due_at"] for row in rows]


def waiting_counts(connection: sqlite3.Connection, day: str) -> dict[int, int]:
    """How many wait in each service's line."""
    rows = connection.execute(
        "SELECT line_id, count(*) AS waiting FROM ticket WHERE day = ? AND state = 'waiting' GROUP BY line_id", (day,)
    )
    return {row["line_id"]: row["waiting"] for row in rows}


def holds_demo(connection: sqlite3.Connection) -> bool:
    """Whether the content was made up for a demonstration."""
    return connection.execute("SELECT 1 FROM fact WHERE name = 'demo'").fetchone() is not None


def _one(connection: sqlite3.Connection, condition: str, value: str | int) -> Ticket | None:
    found = _many(connection, condition, value)
    return found[0] if found else None


def _many(connection: sqlite3.Connection, condition: str, *values: str | int) -> list[Ticket]:
    rows = connection.execute(f"{TICKET} WHERE {condition}", values)
    return [_ticket(row) for row in rows]


def _service(row: sqlite3.Row) -> Service:
    return Service(
        row["id"],
        row["code"],
        row["name"],
        row["name_en"],
        row["needs"],
        row["needs_en"],
        row["minutes"],
        row["day_quota"],
        bool(row["active"]),
        row["office_id"],
        row["office"],
    )


def _ticket(row: sqlite3.Row) -> Ticket:
    values = {key: row[key] for key in row.keys()}
    return Ticket(
        **values
        | {
            "state": State(row["state"]),
            "origin": Origin(row["origin"]),
            "priority": bool(row["priority"]),
            "need": Need(row["need"]) if row["need"] else None,
        }
    )
