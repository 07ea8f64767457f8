"""Made-up content for a demonstration city: the same figures every time for the same day and city."""

import random
import sqlite3
from datetime import date, datetime, timedelta, tzinfo

from lumbung_plugin import city, clock, codes, offices, transaction, workdays

from antrian import rules
from antrian.demo_content import HOURS, Place, place_of
from antrian.demo_story import Made, ended, slots, story, waiting
from antrian.models import Need, State

HISTORY_DAYS = 28
PRIORITY_SHARE = 0.12
NEEDS = (Need.ELDERLY, Need.ELDERLY, Need.CHILD, Need.PREGNANT, Need.DISABILITY)
INSERT = """INSERT INTO ticket (code, service_id, line_id, day, number, label, slot_start, slot_end, state, origin,
    priority, due_at, taken_at, called_at, finished_at, waited, calls, counter_id, nonce)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
MADE_UP = "nonce LIKE 'demo-%' AND NOT EXISTS (SELECT 1 FROM event WHERE event.ticket_id = ticket.id)"


def fill(connection: sqlite3.Connection, now: datetime) -> bool:
    """Fill a database that holds no service; returns whether it did."""
    place = place_of(city().code)
    with transaction(connection):
        if connection.execute("SELECT 1 FROM service").fetchone():
            return False
        connection.execute("INSERT INTO fact (name, value) VALUES ('demo', ?)", (now.date().isoformat(),))
        _office(connection, place, now.date())
        for back in range(HISTORY_DAYS, 0, -1):
            _past_day(connection, place, now.date() - timedelta(days=back), now.tzinfo)
        _today(connection, place, now)
    return True


def renew(connection: sqlite3.Connection, now: datetime) -> bool:
    """Bring a demonstration's queue up to the hour; what people themselves took or moved stays as it is.

    Returns False where the content is not made up. Only tickets made here and never touched are replaced.
    """
    today = now.date()
    with transaction(connection):
        filled = connection.execute("SELECT value FROM fact WHERE name = 'demo'").fetchone()
        place = _present_place(connection)
        if filled is None or place is None:
            return False
        told = date.fromisoformat(filled[0])
        for back in range(min((today - told).days, HISTORY_DAYS), -1, -1):
            day = today - timedelta(days=back)
            # S608: the condition is a constant.
            connection.execute(f"DELETE FROM ticket WHERE day = ? AND {MADE_UP}", (day.isoformat(),))  # noqa: S608
            if back:
                _past_day(connection, place, day, now.tzinfo)
        _today(connection, place, now)
        connection.execute("UPDATE fact SET value = ? WHERE name = 'demo'", (today.isoformat(),))
    return True


def _present_place(connection: sqlite3.Connection) -> Place | None:
    """The city's content as far as it is there: release 1.0.0 filled in fewer services, and people may have added some.
    None when what is there is something else.
    """
    letters = {row["id"]: row["code"] for row in connection.execute("SELECT id, code FROM service")}
    known = place_of(city().code)
    offers = [offer for service_id, offer in enumerate(known.offers, start=1) if letters.get(service_id) == offer.code]
    if not offers or tuple(offers) != known.offers[: len(offers)]:
        return None
    called: dict[int, str] = {}
    for counter_id, service_id in connection.execute("SELECT counter_id, service_id FROM counter_service"):
        called[counter_id] = called.get(counter_id, "") + letters[service_id]
    rows = connection.execute("SELECT id, name FROM counter ORDER BY id").fetchall()
    if not rows or [row["id"] for row in rows] != list(range(1, len(rows) + 1)):
        return None
    counters = tuple((str(row["name"]), called.get(row["id"], "")) for row in rows)
    return Place(tuple(offers), counters, known.rush)


def _office(connection: sqlite3.Connection, place: Place, today: date) -> None:
    offices.seed(connection, sorted({offer.office for offer in place.offers}))
    for service_id, offer in enumerate(place.offers, start=1):
        connection.execute(
            "INSERT INTO service (id, code, name, name_en, needs, needs_en, minutes, day_quota, office_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, (SELECT id FROM office WHERE name = ?))",
            (
                service_id,
                offer.code,
                offer.name,
                offer.name_en,
                offer.needs,
                offer.needs_en,
                offer.minutes,
                offer.day_quota,
                offer.office,
            ),
        )
        connection.executemany(
            'INSERT INTO slot (service_id, weekday, start, "end", quota) VALUES (?, ?, ?, ?, ?)',
            [(service_id, weekday, start, end, HOURS.quota) for weekday in HOURS.weekdays for start, end in slots()],
        )
    letters = [offer.code for offer in place.offers]
    for counter_id, (name, served) in enumerate(place.counters, start=1):
        # The last one is free, for whoever tries the operator's page.
        seated = (
            (f"demo-{counter_id}", f"Operator {counter_id} (demo)") if counter_id < len(place.counters) else ("",) * 2
        )
        connection.execute(
            "INSERT INTO counter (id, name, seated_id, seated_by) VALUES (?, ?, ?, ?)", (counter_id, name, *seated)
        )
        connection.executemany(
            "INSERT INTO counter_service (counter_id, service_id) VALUES (?, ?)",
            [(counter_id, letters.index(code) + 1) for code in served],
        )
    connection.execute(
        "INSERT INTO special_day (day, kind, reason) VALUES (?, 'closed', 'Pemeliharaan gedung (demo)')",
        ((today + timedelta(days=3)).isoformat(),),
    )


def _past_day(connection: sqlite3.Connection, place: Place, day: date, zone: tzinfo | None) -> None:
    # S311: the numbers must be the same every time, not unguessable.
    chance = random.Random(f"{city().code} {day.toordinal()}")  # noqa: S311
    few = 0.6 if day.weekday() >= workdays.SATURDAY else 1.0
    for service_id, offer in enumerate(place.offers, start=1):
        number = _last(connection, service_id, day)
        for start, end in slots():
            due = rules.instant(day, start, zone)
            free = due + chance.randint(0, 240)
            for _ in range(round(chance.randint(*place.rush) * few)):
                number += 1
                made, free = story(chance, place, start, end, due, free, offer.minutes)
                _insert(connection, chance, place, service_id, day, number, made)


def _today(connection: sqlite3.Connection, place: Place, now: datetime) -> None:
    """Today's queue in every state, told backwards from now so that it is alive at any hour."""
    if now.date() in workdays.holidays_of(now.year):
        connection.execute(
            "INSERT OR IGNORE INTO special_day (day, kind, reason) VALUES (?, 'open', ?)",
            (now.date().isoformat(), "Layanan tetap buka pada hari libur (demo)"),
        )
    chance = random.Random(f"{city().code} {now.date().toordinal()}")  # noqa: S311 - as above
    hour = now.strftime("%H:%M")
    begun = [slot for slot in slots() if slot[0] <= hour] or slots()[:1]
    later = [slot for slot in slots() if slot[0] > hour]
    present, low = int(now.timestamp()), place.rush[0]
    for service_id, offer in enumerate(place.offers, start=1):
        past = [State.FINISHED] * (3 * low - service_id) + [State.SKIPPED, State.CANCELLED]
        latest = present - 60 * (11 + service_id)
        stories = [
            ended(chance, place, begun, latest, back, state)
            for back, state in zip(range(len(past), 0, -1), past, strict=True)
        ]
        counter = _serving(connection, place, offer.code, service_id, now.date())
        if counter:
            stories.append(waiting(chance, begun[-1], now, State.CALLED, counter))
        stories += [waiting(chance, begun[-1], now, State.WAITING) for _ in range(low + 4 - service_id)]
        stories += [waiting(chance, slot, now, State.WAITING) for slot in later for _ in range(2)]
        for number, made in enumerate(stories, start=_last(connection, service_id, now.date()) + 1):
            _insert(connection, chance, place, service_id, now.date(), number, made)


def _serving(connection: sqlite3.Connection, place: Place, code: str, service_id: int, day: date) -> int | None:
    """A staffed counter that serves this service and is not serving anybody."""
    busy = {
        row[0]
        for row in connection.execute(
            "SELECT counter_id FROM ticket WHERE day = ? AND state = 'called'", (day.isoformat(),)
        )
    }
    found = [
        number
        for number, (_, called) in enumerate(place.counters[:-1], start=1)
        if code in called and number not in busy
    ]
    return found[0] if found else None


def _insert(
    connection: sqlite3.Connection,
    chance: random.Random,
    place: Place,
    service_id: int,
    day: date,
    number: int,
    made: Made,
) -> None:
    code = codes.secret_code(12)
    need = chance.choice(NEEDS) if chance.random() < PRIORITY_SHARE else None
    origin = "onsite" if chance.random() < (0.7 if need else 0.25) else "online"
    waited = None if made.called_at is None else rules.waited_seconds(made.due_at, made.taken_at, made.called_at)
    ticket_id = connection.execute(
        INSERT,
        (
            code,
            service_id,
            service_id,
            day.isoformat(),
            number,
            f"{place.offers[service_id - 1].code}-{number:03d}",
            made.start,
            made.end,
            made.state.value,
            origin,
            int(need is not None),
            made.due_at,
            made.taken_at,
            made.called_at,
            made.finished_at,
            waited,
            int(made.called_at is not None),
            made.counter_id,
            f"demo-{code}",
        ),
    ).lastrowid
    if made.state in (State.WAITING, State.CALLED, State.SKIPPED) and (need or number % 2):
        zone = clock.local(clock.now()).tzinfo
        connection.execute(
            "INSERT INTO holder (ticket_id, day_start, name, need) VALUES (?, ?, ?, ?)",
            (ticket_id, rules.day_start(day, zone), "Warga (demo)" if number % 2 else "", need or ""),
        )


def _last(connection: sqlite3.Connection, service_id: int, day: date) -> int:
    found = connection.execute(
        "SELECT coalesce(max(number), 0) FROM ticket WHERE service_id = ? AND day = ?", (service_id, day.isoformat())
    ).fetchone()
    return int(found[0])
