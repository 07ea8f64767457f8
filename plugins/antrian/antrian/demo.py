"""Made-up content for a demonstration city: the same figures every time for the same day."""

import random
import sqlite3
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from lumbung_plugin import transaction

from antrian import rules
from antrian.models import Plan, State

HISTORY_DAYS = 14
SERVICES = (
    # code, name, English name, what to bring, the same in English, minutes, numbers a day
    ("A", "Kependudukan (KTP dan KK)", "Population records (ID and family card)",
     "KTP lama atau surat pengantar kelurahan\nKartu Keluarga",
     "Old ID card or a letter from the kelurahan\nFamily card", 8, 120),
    ("B", "Perizinan usaha", "Business permits", "KTP pemohon\nNomor Induk Berusaha, bila ada",
     "Applicant's ID card\nBusiness identification number, if any", 15, 60),
    ("C", "Pajak daerah", "Local taxes", "Surat pemberitahuan pajak terakhir", "The latest tax notice", 6, 120),
    ("D", "Jaminan sosial dan kesehatan", "Social and health insurance", "KTP\nKartu kepesertaan, bila ada",
     "ID card\nMembership card, if any", 10, 80),
)
COUNTERS = (("Loket 1", "AD"), ("Loket 2", "ABC"), ("Loket 3", "BCD"))
HOURS = Plan(tuple(range(7)), "08:00", "16:00", "12:00", "13:00", 60, 14)


@dataclass(frozen=True, slots=True)
class _Made:
    """One made-up ticket: its slot, its state, and what happened to it when (epoch seconds)."""

    start: str
    end: str
    due_at: int
    taken_at: int
    state: State
    called_at: int | None
    finished_at: int | None
    counter_id: int | None


def fill(connection: sqlite3.Connection, now: datetime) -> bool:
    """Fill a database that holds no service; returns whether it did."""
    with transaction(connection):
        if connection.execute("SELECT 1 FROM service").fetchone():
            return False
        connection.execute("INSERT INTO fact (name, value) VALUES ('demo', ?)", (now.date().isoformat(),))
        _office(connection, now.date())
        for back in range(HISTORY_DAYS, 0, -1):
            _past_day(connection, now.date() - timedelta(days=back), now.tzinfo)
        _today(connection, now)
    return True


def _office(connection: sqlite3.Connection, today: date) -> None:
    slots = rules.cut(HOURS)
    if not isinstance(slots, list):
        raise ValueError(f"the demonstration's opening hours are refused: {slots}")
    for service_id, values in enumerate(SERVICES, start=1):
        connection.execute("INSERT INTO service (id, code, name, name_en, needs, needs_en, minutes, day_quota)"
                           " VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (service_id, *values))
        connection.executemany(
            'INSERT INTO slot (service_id, weekday, start, "end", quota) VALUES (?, ?, ?, ?, ?)',
            [(service_id, weekday, start, end, HOURS.quota) for weekday in HOURS.weekdays for start, end in slots])
    codes = [values[0] for values in SERVICES]
    for counter_id, (name, served) in enumerate(COUNTERS, start=1):
        seated = (f"demo-{counter_id}", f"Operator demo {counter_id}") if counter_id < 3 else ("", "")
        connection.execute("INSERT INTO counter (id, name, seated_id, seated_by) VALUES (?, ?, ?, ?)",
                           (counter_id, name, *seated))
        connection.executemany("INSERT INTO counter_service (counter_id, service_id) VALUES (?, ?)",
                               [(counter_id, codes.index(code) + 1) for code in served])
    connection.execute("INSERT INTO closed_day (day, reason) VALUES (?, 'Pemeliharaan gedung (demo)')",
                       ((today + timedelta(days=3)).isoformat(),))


def _past_day(connection: sqlite3.Connection, day: date, zone: tzinfo | None) -> None:
    # S311: the numbers must be the same every time, not unguessable.
    chance = random.Random(day.toordinal())  # noqa: S311
    rush = 0.6 if day.weekday() >= 5 else 1.0
    slots = rules.cut(HOURS)
    for service_id, service in enumerate(SERVICES, start=1):
        number = 0
        for start, end in slots if isinstance(slots, list) else []:
            due = rules.instant(day, start, zone)
            free = due + chance.randint(0, 240)
            for _ in range(round(chance.randint(3, 7) * rush)):
                number += 1
                made, free = _story(chance, start, end, due, free, service[5])
                _insert(connection, chance, service_id, day, number, made)


def _story(
    chance: random.Random, start: str, end: str, due: int, free: int, minutes: int
) -> tuple[_Made, int]:
    """What happened to one ticket, and when the counter was free again."""
    taken = due - chance.randint(1800, 90000)
    fate = chance.random()
    if fate < 0.05:
        return _Made(start, end, due, taken, State.CANCELLED, None, None, None), free
    counter = chance.randint(1, len(COUNTERS))
    if fate < 0.12:
        return _Made(start, end, due, taken, State.SKIPPED, free, None, counter), free + 90
    busy = round(minutes * 60 * chance.uniform(0.5, 1.2))
    return _Made(start, end, due, taken, State.FINISHED, free, free + busy, counter), free + busy + 30


def _today(connection: sqlite3.Connection, now: datetime) -> None:
    """Today's queue in every state, told backwards from now so that it is alive at any hour."""
    chance = random.Random(now.date().toordinal())  # noqa: S311 - as above
    slots = rules.cut(HOURS)
    offered = slots if isinstance(slots, list) else []
    clock = now.strftime("%H:%M")
    begun = [slot for slot in offered if slot[0] <= clock] or offered[:1]
    later = [slot for slot in offered if slot[0] > clock]
    present = int(now.timestamp())
    for service_id in range(1, len(SERVICES) + 1):
        past = [State.FINISHED] * (9 - service_id) + [State.SKIPPED, State.CANCELLED]
        ended = present - 60 * (11 + service_id)
        stories = [_ended(chance, begun, ended, back, state)
                   for back, state in zip(range(len(past), 0, -1), past, strict=True)]
        if service_id <= 2:
            stories.append(_waiting(chance, begun[-1:], now, State.CALLED, service_id))
        stories += [_waiting(chance, begun[-1:], now, State.WAITING) for _ in range(7 - service_id)]
        stories += [_waiting(chance, [slot], now, State.WAITING) for slot in later for _ in range(2)]
        for number, made in enumerate(stories, start=1):
            _insert(connection, chance, service_id, now.date(), number, made)


def _ended(
    chance: random.Random, begun: list[tuple[str, str]], latest: int, back: int, state: State
) -> _Made:
    start, end = begun[max(0, len(begun) - 1 - back // 4)]
    called = latest - back * 540
    due = called - chance.randint(120, 1500)
    if state is State.CANCELLED:
        return _Made(start, end, due, due - 7200, state, None, None, None)
    finished = called + chance.randint(200, 600) if state is State.FINISHED else None
    return _Made(start, end, due, due - 7200, state, called, finished, chance.randint(1, len(COUNTERS)))


def _waiting(
    chance: random.Random, slots: list[tuple[str, str]], now: datetime, state: State, counter: int | None = None
) -> _Made:
    start, end = slots[0]
    due = rules.instant(now.date(), start, now.tzinfo)
    present = int(now.timestamp())
    taken = min(due, present) - chance.randint(1800, 40000)
    called = present - chance.randint(60, 300) if state is State.CALLED else None
    return _Made(start, end, due, taken, state, called, None, counter)


def _insert(
    connection: sqlite3.Connection, chance: random.Random, service_id: int, day: date, number: int, made: _Made
) -> None:
    code = SERVICES[service_id - 1][0]
    secret = f"{chance.getrandbits(72):018x}"
    waited = None if made.called_at is None else rules.waited_seconds(made.due_at, made.taken_at, made.called_at)
    connection.execute(
        "INSERT INTO ticket (code, service_id, line_id, day, number, label, slot_start, slot_end, name, state,"
        " origin, due_at, taken_at, called_at, finished_at, waited, calls, counter_id, nonce)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'online', ?, ?, ?, ?, ?, ?, ?, ?)",
        (secret, service_id, service_id, day.isoformat(), number, f"{code}-{number:03d}", made.start, made.end,
         "Warga demo" if number % 2 else "", made.state.value, made.due_at, made.taken_at, made.called_at,
         made.finished_at, waited, int(made.called_at is not None), made.counter_id, f"demo-{secret}"))
