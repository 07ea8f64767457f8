import sqlite3

import pytest
from antrian import desk, office, store, tickets
from antrian.models import Refusal, Refused, Slot, State, Ticket
from antrian.settings import Settings

from tests.conftest import at, wish

NOW = at("08:30")
ME = "Operator"


@pytest.fixture
def first(connection: sqlite3.Connection, slot: Slot, chosen: Settings) -> Ticket:
    return tickets.take(connection, wish(slot, "first"), at("07:00"), chosen).ticket


@pytest.fixture
def second(connection: sqlite3.Connection, slot: Slot, chosen: Settings, first: Ticket) -> Ticket:
    return tickets.take(connection, wish(slot, "second"), at("08:20"), chosen).ticket


def test_numbers_are_called_in_turn(connection: sqlite3.Connection, first: Ticket, second: Ticket) -> None:
    called = desk.call_next(connection, 1, NOW, ME)
    desk.finish(connection, 1, called.id, NOW, ME)
    assert (called.label, desk.call_next(connection, 1, NOW, ME).label) == (first.label, second.label)


def test_priority_comes_first_within_the_same_time(
    connection: sqlite3.Connection, first: Ticket, chosen: Settings
) -> None:
    elder = tickets.give(connection, 1, "elder-nonce", "elderly", NOW, chosen).ticket
    assert desk.call_next(connection, 1, NOW, ME).label == elder.label


def test_the_first_call_fixes_how_long_was_waited(
    connection: sqlite3.Connection, first: Ticket, second: Ticket
) -> None:
    called = desk.call_next(connection, 1, NOW, ME)
    again = desk.recall(connection, 1, called.id, at("08:40"), ME)
    assert (called.waited, again.waited, again.calls) == (1800, 1800, 2)


def test_a_counter_serves_one_number_at_a_time(connection: sqlite3.Connection, first: Ticket, second: Ticket) -> None:
    desk.call_next(connection, 1, NOW, ME)
    with pytest.raises(Refused) as raised:
        desk.call_next(connection, 1, NOW, ME)
    assert raised.value.reason is Refusal.COUNTER_BUSY


def test_a_later_slot_is_called_only_when_asked_to_call_early(
    connection: sqlite3.Connection, later: Slot, chosen: Settings
) -> None:
    tickets.take(connection, wish(later, "a"), NOW, chosen)
    with pytest.raises(Refused) as raised:
        desk.call_next(connection, 1, NOW, ME)
    assert raised.value.reason is Refusal.LINE_EARLY
    assert desk.call_next(connection, 1, NOW, ME, early=True).waited == 0


def test_an_empty_line_says_so(connection: sqlite3.Connection) -> None:
    with pytest.raises(Refused) as raised:
        desk.call_next(connection, 1, NOW, ME)
    assert raised.value.reason is Refusal.LINE_EMPTY


def test_a_skipped_number_returns_behind_those_already_due(
    connection: sqlite3.Connection, first: Ticket, second: Ticket
) -> None:
    called = desk.call_next(connection, 1, NOW, ME)
    desk.skip(connection, 1, called.id, NOW, ME)
    desk.bring_back(connection, 1, called.id, NOW, ME)
    assert [ticket.label for ticket in store.line(connection, first.day, 1)] == [second.label, first.label]


def test_a_transferred_number_keeps_its_number_and_its_place(
    connection: sqlite3.Connection, first: Ticket, chosen: Settings
) -> None:
    other = store.slots(connection, 2)[0]
    tickets.take(connection, wish(other, "other"), at("08:25"), chosen)
    called = desk.call_next(connection, 1, NOW, ME)
    moved = desk.transfer(connection, 1, called.id, 2, NOW, ME)
    assert (moved.label, moved.state, moved.line_id) == (first.label, State.WAITING, 2)
    assert store.line(connection, first.day, 2)[0].label == first.label


@pytest.mark.parametrize(
    ("target", "refusal"), [(1, Refusal.TARGET_SAME), (3, Refusal.TARGET_UNSERVED), (99, Refusal.SERVICE_CLOSED)]
)
def test_a_number_is_not_sent_where_nobody_calls_it(
    connection: sqlite3.Connection, first: Ticket, target: int, refusal: Refusal
) -> None:
    office.add_service(connection, office.ServiceForm("C", "Pajak", "", "", "", 10, 100, True))
    called = desk.call_next(connection, 1, NOW, ME)
    with pytest.raises(Refused) as raised:
        desk.transfer(connection, 1, called.id, target, NOW, ME)
    assert raised.value.reason is refusal


def test_a_number_sent_to_a_counter_is_called_by_that_one_alone(connection: sqlite3.Connection, first: Ticket) -> None:
    office.save_counter(connection, None, "Loket 2", [1], True)
    desk.sit(connection, 2, "8", "Operator 2")
    called = desk.call_next(connection, 1, NOW, ME)
    desk.transfer_to_counter(connection, 1, called.id, 2, NOW, ME)
    with pytest.raises(Refused) as raised:
        desk.call_next(connection, 1, NOW, ME)
    assert raised.value.reason is Refusal.LINE_EMPTY
    assert desk.call_next(connection, 2, NOW, ME).label == called.label


def test_a_number_sent_to_a_counter_that_is_left_is_not_lost(connection: sqlite3.Connection, first: Ticket) -> None:
    office.save_counter(connection, None, "Loket 2", [1], True)
    desk.sit(connection, 2, "8", "Operator 2")
    called = desk.call_next(connection, 1, NOW, ME)
    desk.transfer_to_counter(connection, 1, called.id, 2, NOW, ME)
    desk.stand_up(connection, "8")
    assert desk.call_next(connection, 1, NOW, ME).label == called.label


@pytest.mark.parametrize(
    ("target", "refusal"), [(1, Refusal.TARGET_SAME), (2, Refusal.TARGET_AWAY), (99, Refusal.TARGET_AWAY)]
)
def test_a_number_is_sent_only_to_another_staffed_counter(
    connection: sqlite3.Connection, first: Ticket, target: int, refusal: Refusal
) -> None:
    office.save_counter(connection, None, "Loket 2", [1], True)
    desk.sit(connection, 1, "7", ME)
    called = desk.call_next(connection, 1, NOW, ME)
    with pytest.raises(Refused) as raised:
        desk.transfer_to_counter(connection, 1, called.id, target, NOW, ME)
    assert raised.value.reason is refusal


def test_another_counters_number_is_out_of_reach(connection: sqlite3.Connection, first: Ticket) -> None:
    office.save_counter(connection, None, "Loket 2", [1], True)
    called = desk.call_next(connection, 1, NOW, ME)
    with pytest.raises(Refused) as raised:
        desk.finish(connection, 2, called.id, NOW, ME)
    assert raised.value.reason is Refusal.TICKET_ELSEWHERE


def test_a_number_is_finished_once(connection: sqlite3.Connection, first: Ticket) -> None:
    called = desk.call_next(connection, 1, NOW, ME)
    desk.finish(connection, 1, called.id, NOW, ME)
    with pytest.raises(Refused) as raised:
        desk.finish(connection, 1, called.id, NOW, ME)
    assert raised.value.reason is Refusal.TICKET_STATE


def test_a_number_left_from_yesterday_does_not_block_the_counter(
    connection: sqlite3.Connection, first: Ticket, second: Ticket
) -> None:
    connection.execute(
        "UPDATE ticket SET state = 'called', counter_id = 1, day = '2026-11-22' WHERE id = ?", (first.id,)
    )
    connection.commit()
    assert desk.call_next(connection, 1, NOW, ME).label == second.label


def test_seeing_a_phone_number_is_recorded(connection: sqlite3.Connection, slot: Slot, chosen: Settings) -> None:
    tickets.take(connection, wish(slot, "a", phone="0812 3456 7890"), NOW, chosen)
    called = desk.call_next(connection, 1, NOW, ME)
    assert desk.show_phone(connection, 1, called.id, NOW, ME) == "+6281234567890"
    kinds = [row["kind"] for row in connection.execute("SELECT kind FROM event WHERE actor = ?", (ME,))]
    assert kinds == ["call", "phone"]


def test_sitting_down_leaves_the_counter_before(connection: sqlite3.Connection) -> None:
    office.save_counter(connection, None, "Loket 2", [1], True)
    desk.sit(connection, 1, "7", ME)
    desk.sit(connection, 2, "7", ME)
    assert [counter.seated_by for counter in store.counters(connection)] == ["", ME]


def test_whoever_is_replaced_at_a_counter_has_no_seat(connection: sqlite3.Connection) -> None:
    desk.sit(connection, 1, "7", ME)
    desk.sit(connection, 1, "8", ME)
    assert desk.seat(connection, "7") is None and desk.seat(connection, "8") is not None
