"""Giving out numbers. Every write holds the lock from its first read, so no number is given twice."""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lumbung_plugin import codes, transaction

from antrian import opening, rules, store
from antrian.models import Action, Need, OpenDay, OpenSlot, Origin, Refusal, Refused, Service, Slot, Ticket, Wish
from antrian.settings import Settings

CODE_LENGTH = 12
"""A ticket's code opens its page by itself: 58 bits."""


@dataclass(frozen=True, slots=True)
class Holder:
    """What is known of who holds a number, for its day only."""

    name: str = ""
    phone: str = ""
    visitor: str = ""
    need: Need | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A ticket, and whether the same form had already led to it."""

    ticket: Ticket
    repeated: bool


def open_days(connection: sqlite3.Connection, service: Service, now: datetime, settings: Settings) -> list[OpenDay]:
    """Today and the days a number can be taken ahead for, with the places left on each."""
    return [
        day_of(connection, service, now.date() + timedelta(days=ahead), now, settings)
        for ahead in range(settings.days_ahead + 1)
    ]


def day_of(connection: sqlite3.Connection, service: Service, day: date, now: datetime, settings: Settings) -> OpenDay:
    """One day of a service: places left, or why there are none."""
    reason = opening.closed_because(connection, day)
    offered = _slots_of(connection, service.id, day)
    refusal = rules.day_refusal(day, now.date(), settings.days_ahead, reason is not None, bool(offered))
    taken = store.taken_by_slot(connection, service.id, day.isoformat())
    opened = [_open_slot(slot, day, now, taken, settings) for slot in offered]
    if refusal is None and opened and all(found.refusal is Refusal.SLOT_PAST for found in opened):
        refusal = Refusal.SLOT_PAST
    left = service.day_quota - sum(taken.values())
    return rules.open_day(day, refusal, [found.left for found in opened], left, reason or "")


def open_slots(
    connection: sqlite3.Connection, service: Service, day: date, now: datetime, settings: Settings
) -> list[OpenSlot]:
    """The slots of a day with the places left in each."""
    taken = store.taken_by_slot(connection, service.id, day.isoformat())
    return [_open_slot(slot, day, now, taken, settings) for slot in _slots_of(connection, service.id, day)]


def take(connection: sqlite3.Connection, wish: Wish, now: datetime, settings: Settings) -> Taken:
    """Give a citizen a number, or raise Refused. The same form sent twice gives the same ticket."""
    holder = _holder(wish)
    with transaction(connection):
        before = store.ticket_by_nonce(connection, wish.nonce)
        if before is not None:
            if before.visitor != wish.visitor:
                raise Refused(Refusal.LOOKS_AUTOMATIC)
            return Taken(before, repeated=True)
        service = _active(connection, wish.service_id)
        held = _held(connection, wish.visitor, now.date())
        if held >= settings.per_visitor:
            raise Refused(Refusal.TOO_MANY, held=held)
        slot = _free_slot(connection, service, wish.day, wish.slot_id, now, settings)
        code = _insert(connection, service, wish.day, slot, now, Origin.ONLINE, holder, wish.nonce)
        return Taken(_present(store.ticket_by_code(connection, code)), repeated=False)


def give(
    connection: sqlite3.Connection, service_id: int, nonce: str, need: str, now: datetime, settings: Settings
) -> Taken:
    """Give a number at the place, for the first slot of today that still has room; ``need`` is a Need or empty."""
    stated = rules.clean_need(need)
    if isinstance(stated, Refusal):
        raise Refused(stated)
    with transaction(connection):
        before = store.ticket_by_nonce(connection, nonce)
        if before is not None:
            return Taken(before, repeated=True)
        service = _active(connection, service_id)
        today = now.date()
        free = [found.slot for found in open_slots(connection, service, today, now, settings) if found.refusal is None]
        refused = day_of(connection, service, today, now, settings).refusal
        if refused is not None or not free:
            raise Refused(refused or Refusal.DAY_FULL)
        code = _insert(connection, service, today, free[0], now, Origin.ONSITE, Holder(need=stated), nonce)
        return Taken(_present(store.ticket_by_code(connection, code)), repeated=False)


def cancel(connection: sqlite3.Connection, code: str, now: datetime) -> Ticket:
    """Give a number back; only while it waits. Its place becomes free, its number is not used again."""
    with transaction(connection):
        held = store.ticket_by_code(connection, code)
        if held is None:
            raise Refused(Refusal.TICKET_UNKNOWN)
        state = rules.after(held.state, Action.CANCEL)
        if isinstance(state, Refusal) or held.day < now.date().isoformat():
            raise Refused(Refusal.TICKET_STATE, label=held.label)
        connection.execute("UPDATE ticket SET state = ? WHERE id = ?", (state.value, held.id))
        connection.execute("DELETE FROM holder WHERE ticket_id = ?", (held.id,))
        record(connection, held.id, now, "cancel")
    return _present(store.ticket(connection, held.id))


def record(
    connection: sqlite3.Connection,
    ticket_id: int,
    now: datetime,
    kind: str,
    counter_id: int | None = None,
    actor: str = "",
) -> None:
    """Write what happened to a ticket and who did it."""
    connection.execute(
        "INSERT INTO event (ticket_id, at, kind, counter_id, actor) VALUES (?, ?, ?, ?, ?)",
        (ticket_id, int(now.timestamp()), kind, counter_id, actor[:120]),
    )


def _holder(wish: Wish) -> Holder:
    name, phone, need = rules.clean_name(wish.name), rules.clean_phone(wish.phone), rules.clean_need(wish.need)
    for cleaned in (name, phone, need):
        if isinstance(cleaned, Refusal):
            raise Refused(cleaned, length=rules.NAME_LENGTH)
    return Holder(str(name), str(phone), wish.visitor, need if isinstance(need, Need) else None)


def _slots_of(connection: sqlite3.Connection, service_id: int, day: date) -> list[Slot]:
    return [slot for slot in store.slots(connection, service_id) if slot.weekday == day.weekday()]


def _open_slot(slot: Slot, day: date, now: datetime, taken: dict[str, int], settings: Settings) -> OpenSlot:
    used = taken.get(slot.start, 0)
    refusal = rules.slot_refusal(slot, day, now, used, settings.last_minutes)
    return OpenSlot(slot, 0 if refusal else slot.quota - used, refusal)


def _active(connection: sqlite3.Connection, service_id: int) -> Service:
    service = store.service(connection, service_id)
    if service is None or not service.active:
        raise Refused(Refusal.SERVICE_CLOSED)
    return service


def _held(connection: sqlite3.Connection, visitor: str, today: date) -> int:
    held = store.visitor_tickets(connection, visitor, today.isoformat())
    return len([ticket for ticket in held if (ticket.state, Action.CANCEL) in rules.TRANSITIONS])


def _free_slot(
    connection: sqlite3.Connection,
    service: Service,
    day: date,
    slot_id: int,
    now: datetime,
    settings: Settings,
) -> Slot:
    whole = day_of(connection, service, day, now, settings)
    found = next(
        (offered for offered in open_slots(connection, service, day, now, settings) if offered.slot.id == slot_id), None
    )
    if whole.refusal is not None:
        raise Refused(whole.refusal, reason=whole.reason, days=settings.days_ahead)
    if found is None:
        raise Refused(Refusal.SLOT_UNKNOWN)
    if found.refusal is not None:
        raise Refused(found.refusal, start=found.slot.start, end=found.slot.end)
    return found.slot


def _insert(
    connection: sqlite3.Connection,
    service: Service,
    day: date,
    slot: Slot,
    now: datetime,
    origin: Origin,
    holder: Holder,
    nonce: str,
) -> str:
    number = connection.execute(
        "SELECT coalesce(max(number), 0) + 1 FROM ticket WHERE service_id = ? AND day = ?",
        (service.id, day.isoformat()),
    ).fetchone()[0]
    code = codes.secret_code(CODE_LENGTH)
    values = {
        "code": code,
        "service": service.id,
        "day": day.isoformat(),
        "number": number,
        "label": f"{service.code}-{number:03d}",
        "start": slot.start,
        "end": slot.end,
        "origin": origin.value,
        "priority": int(holder.need is not None),
        "nonce": nonce,
        "due": rules.instant(day, slot.start, now.tzinfo),
        "now": int(now.timestamp()),
    }
    ticket_id = connection.execute(
        "INSERT INTO ticket (code, service_id, line_id, day, number, label, slot_start, slot_end, state, origin,"
        " priority, due_at, taken_at, nonce) VALUES (:code, :service, :service, :day, :number, :label, :start, :end,"
        " 'waiting', :origin, :priority, :due, :now, :nonce)",
        values,
    ).lastrowid
    if holder != Holder():
        connection.execute(
            "INSERT INTO holder (ticket_id, day_start, name, phone, visitor, need) VALUES (?, ?, ?, ?, ?, ?)",
            (ticket_id, rules.day_start(day, now.tzinfo), holder.name, holder.phone, holder.visitor, holder.need or ""),
        )
    return code


def _present(ticket: Ticket | None) -> Ticket:
    if ticket is None:
        raise LookupError("a ticket vanished inside its own transaction")
    return ticket
