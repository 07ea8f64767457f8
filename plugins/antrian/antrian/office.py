"""The administrator's acts: services, counters, weekly slots, closed days."""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from lumbung_plugin import transaction

from antrian import rules, store
from antrian.models import Plan, Refusal, Refused

CODE = re.compile(r"^[A-Z]{1,2}\Z")
NAME_LENGTH = 80
NEEDS_LENGTH = 1000
REASON_LENGTH = 120


@dataclass(frozen=True, slots=True)
class ServiceForm:
    """What the administrator typed for a service. ``code`` counts only for a new one."""

    code: str
    name: str
    name_en: str
    needs: str
    needs_en: str
    minutes: int
    day_quota: int
    active: bool
    office_id: int | None = None


def add_service(connection: sqlite3.Connection, form: ServiceForm) -> int:
    """A new service; returns its id."""
    if not CODE.match(form.code):
        raise Refused(Refusal.CODE_INVALID)
    _check_service(form)
    with transaction(connection):
        known = store.services(connection, only_active=False)
        if form.code in {service.code for service in known}:
            raise Refused(Refusal.CODE_TAKEN, code=form.code)
        if form.name in {service.name for service in known}:
            raise Refused(Refusal.NAME_TAKEN, name=form.name)
        cursor = connection.execute(
            "INSERT INTO service (code, name, name_en, needs, needs_en, minutes, day_quota, active, office_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (form.code, *_values(form)),
        )
    return int(cursor.lastrowid or 0)


def change_service(connection: sqlite3.Connection, service_id: int, form: ServiceForm) -> None:
    """Change a service. Its letter stays: numbers already given carry it."""
    _check_service(form)
    with transaction(connection):
        known = store.services(connection, only_active=False)
        if service_id not in {service.id for service in known}:
            raise Refused(Refusal.SERVICE_CLOSED)
        if form.name in {service.name for service in known if service.id != service_id}:
            raise Refused(Refusal.NAME_TAKEN, name=form.name)
        connection.execute(
            "UPDATE service SET name = ?, name_en = ?, needs = ?, needs_en = ?, minutes = ?, day_quota = ?,"
            " active = ?, office_id = ? WHERE id = ?",
            (*_values(form), service_id),
        )


def save_counter(
    connection: sqlite3.Connection, counter_id: int | None, name: str, services: Iterable[int], active: bool
) -> int:
    """Add a counter, or change one when its id is given; returns its id. A closed counter is left by its staff."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LENGTH:
        raise Refused(Refusal.NAME_MISSING, length=NAME_LENGTH)
    with transaction(connection):
        known = store.counters(connection, only_active=False)
        if name in {counter.name for counter in known if counter.id != counter_id}:
            raise Refused(Refusal.NAME_TAKEN, name=name)
        if counter_id is None:
            cursor = connection.execute("INSERT INTO counter (name, active) VALUES (?, ?)", (name, int(active)))
            counter_id = int(cursor.lastrowid or 0)
        elif counter_id not in {counter.id for counter in known}:
            raise Refused(Refusal.COUNTER_UNKNOWN)
        connection.execute(
            "UPDATE counter SET name = ?, active = ?, seated_by = iif(?, seated_by, ''),"
            " seated_id = iif(?, seated_id, '') WHERE id = ?",
            (name, int(active), int(active), int(active), counter_id),
        )
        existing = {service.id for service in store.services(connection, only_active=False)}
        connection.execute("DELETE FROM counter_service WHERE counter_id = ?", (counter_id,))
        connection.executemany(
            "INSERT INTO counter_service (counter_id, service_id) VALUES (?, ?)",
            [(counter_id, service_id) for service_id in sorted(existing & set(services))],
        )
    return counter_id


def plan_week(connection: sqlite3.Connection, service_id: int, plan: Plan) -> int:
    """Replace the slots of the chosen weekdays by those cut from opening hours; returns how many.
    Numbers already given stay as they are.
    """
    slots = rules.cut(plan)
    if isinstance(slots, Refusal):
        raise Refused(slots)
    with transaction(connection):
        if store.service(connection, service_id) is None:
            raise Refused(Refusal.SERVICE_CLOSED)
        for weekday in plan.weekdays:
            connection.execute("DELETE FROM slot WHERE service_id = ? AND weekday = ?", (service_id, weekday))
            connection.executemany(
                'INSERT INTO slot (service_id, weekday, start, "end", quota) VALUES (?, ?, ?, ?, ?)',
                [(service_id, weekday, start, end, plan.quota) for start, end in slots],
            )
    return len(slots) * len(plan.weekdays)


def change_slot(connection: sqlite3.Connection, service_id: int, slot_id: int, quota: int) -> None:
    """Set a slot's quota; 0 removes the slot. Numbers already given stay as they are."""
    if not 0 <= quota <= 500:
        raise Refused(Refusal.NUMBER_RANGE)
    with transaction(connection):
        if quota:
            connection.execute(
                "UPDATE slot SET quota = ? WHERE id = ? AND service_id = ?", (quota, slot_id, service_id)
            )
        else:
            connection.execute("DELETE FROM slot WHERE id = ? AND service_id = ?", (slot_id, service_id))


def set_day(connection: sqlite3.Connection, day: date, reason: str, today: date, kind: str = "closed") -> int:
    """Close a day for new numbers, or open a holiday ("open"); returns how many hold a waiting number for it."""
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= REASON_LENGTH:
        raise Refused(Refusal.REASON_MISSING, length=REASON_LENGTH)
    if not today <= day <= today + timedelta(days=730):
        raise Refused(Refusal.DAY_INVALID)
    with transaction(connection):
        connection.execute(
            "INSERT INTO special_day (day, kind, reason) VALUES (?, ?, ?)"
            " ON CONFLICT (day) DO UPDATE SET kind = excluded.kind, reason = excluded.reason",
            (day.isoformat(), kind, reason),
        )
        held = connection.execute(
            "SELECT count(*) FROM ticket WHERE day = ? AND state = 'waiting'", (day.isoformat(),)
        ).fetchone()[0]
    return held


def clear_day(connection: sqlite3.Connection, day: date) -> None:
    """Take back what was said of a day: it is as the week and the calendar have it."""
    with transaction(connection):
        connection.execute("DELETE FROM special_day WHERE day = ?", (day.isoformat(),))


def _check_service(form: ServiceForm) -> None:
    if not 1 <= len(form.name) <= NAME_LENGTH or len(form.name_en) > NAME_LENGTH:
        raise Refused(Refusal.NAME_MISSING, length=NAME_LENGTH)
    if not (1 <= form.minutes <= 240 and 1 <= form.day_quota <= 2000):
        raise Refused(Refusal.NUMBER_RANGE)


def _values(form: ServiceForm) -> tuple[str | int | None, ...]:
    return (
        form.name,
        form.name_en,
        form.needs[:NEEDS_LENGTH],
        form.needs_en[:NEEDS_LENGTH],
        form.minutes,
        form.day_quota,
        int(form.active),
        form.office_id,
    )
