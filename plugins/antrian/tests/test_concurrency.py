"""Eight threads, each with its own connection, for one service and day: no number twice, none lost."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from antrian import desk, office, store, tickets
from antrian.models import Plan, Refusal, Refused
from antrian.settings import Settings
from lumbung_plugin import connect

from tests.conftest import MONDAY, at, wish

THREADS = 8
NUMBERS = 200


def crowd(quota: int, connection: sqlite3.Connection, chosen: Settings) -> list[int | Refusal]:
    """Take NUMBERS numbers at once for a slot of ``quota`` places."""
    office.change_service(connection, 1, office.ServiceForm("", "Kependudukan", "", "", "", 10, 2000, True))
    office.plan_week(connection, 1, Plan((0,), "08:00", "09:00", "", "", 60, quota))
    wanted = store.slots(connection, 1)[0]

    def take_share(worker: int) -> list[int | Refusal]:
        own = connect()
        taken: list[int | Refusal] = []
        for turn in range(NUMBERS // THREADS):
            try:
                asked = wish(wanted, f"nonce-{worker}-{turn}")
                taken.append(tickets.take(own, asked, at("08:30"), chosen).ticket.number)
            except Refused as refused:
                taken.append(refused.reason)
        own.close()
        return taken

    with ThreadPoolExecutor(THREADS) as pool:
        return [number for share in pool.map(take_share, range(THREADS)) for number in share]


def test_no_number_is_given_twice_and_none_is_lost(connection: sqlite3.Connection, chosen: Settings) -> None:
    assert sorted(crowd(500, connection, chosen)) == list(range(1, NUMBERS + 1))
    stored = connection.execute("SELECT count(*) FROM ticket WHERE day = ?", (MONDAY.isoformat(),)).fetchone()[0]
    assert stored == NUMBERS


def test_two_hundred_citizens_at_once_each_with_a_connection_of_their_own(
    connection: sqlite3.Connection, chosen: Settings
) -> None:
    office.change_service(connection, 1, office.ServiceForm("", "Kependudukan", "", "", "", 10, 2000, True))
    office.plan_week(connection, 1, Plan((0,), "08:00", "09:00", "", "", 60, 500))
    wanted, gate = store.slots(connection, 1)[0], threading.Barrier(NUMBERS)

    def citizen(who: int) -> int:
        gate.wait()
        with closing(connect()) as own:
            return tickets.take(
                own, wish(wanted, f"citizen-{who}", phone="081234567890"), at("08:30"), chosen
            ).ticket.number

    with ThreadPoolExecutor(NUMBERS) as pool:
        numbers = list(pool.map(citizen, range(NUMBERS)))
    assert sorted(numbers) == list(range(1, NUMBERS + 1))
    assert connection.execute("SELECT count(*) FROM holder").fetchone()[0] == NUMBERS


def test_a_crowd_never_exceeds_the_quota(connection: sqlite3.Connection, chosen: Settings) -> None:
    got = crowd(50, connection, chosen)
    assert sorted(number for number in got if isinstance(number, int)) == list(range(1, 51))
    assert got.count(Refusal.DAY_FULL) + got.count(Refusal.SLOT_FULL) == NUMBERS - 50


def test_counters_calling_at_once_never_call_the_same_number(connection: sqlite3.Connection, chosen: Settings) -> None:
    crowd(500, connection, chosen)
    desks = [
        1,
        *(office.save_counter(connection, None, f"Loket {number}", [1], True) for number in range(2, THREADS + 1)),
    ]

    def call(counter_id: int) -> list[int]:
        own = connect()
        called = []
        for _ in range(10):
            ticket = desk.call_next(own, counter_id, at("08:40"), "Operator")
            called.append(ticket.number)
            desk.finish(own, counter_id, ticket.id, at("08:41"), "Operator")
        own.close()
        return called

    with ThreadPoolExecutor(THREADS) as pool:
        numbers = [number for share in pool.map(call, desks) for number in share]
    assert sorted(numbers) == list(range(1, THREADS * 10 + 1))
