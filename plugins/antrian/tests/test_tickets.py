import sqlite3
from datetime import UTC, date, timedelta

import pytest
from antrian import desk, office, store, tasks, tickets
from antrian.models import Need, Refusal, Refused, Slot, State
from antrian.settings import Settings
from lumbung_plugin import clock

from tests.conftest import MONDAY, at, wish

NOW = at("08:30")


def reason(raised: pytest.ExceptionInfo[Refused]) -> Refusal:
    return raised.value.reason


def test_numbers_run_from_one_for_each_service_and_day(
    connection: sqlite3.Connection, slot: Slot, chosen: Settings
) -> None:
    other = store.slots(connection, 2)[0]
    tomorrow = wish(store.slots(connection, 1)[2], "t", MONDAY + timedelta(days=1))
    labels = [
        tickets.take(connection, asked, NOW, chosen).ticket.label
        for asked in (wish(slot, "a"), wish(slot, "b"), wish(other, "c"), tomorrow)
    ]
    assert labels == ["A-001", "A-002", "B-001", "A-001"]


def test_the_same_form_sent_twice_gives_the_same_ticket(
    connection: sqlite3.Connection, slot: Slot, chosen: Settings
) -> None:
    first = tickets.take(connection, wish(slot, "a"), NOW, chosen)
    again = tickets.take(connection, wish(slot, "a"), NOW, chosen)
    assert again.repeated and again.ticket.id == first.ticket.id


def test_a_form_of_somebody_else_shows_nobodys_ticket(
    connection: sqlite3.Connection, slot: Slot, chosen: Settings
) -> None:
    tickets.take(connection, wish(slot, "a", visitor="one"), NOW, chosen)
    with pytest.raises(Refused) as raised:
        tickets.take(connection, wish(slot, "a", visitor="two"), NOW, chosen)
    assert reason(raised) is Refusal.LOOKS_AUTOMATIC


def test_a_full_slot_is_refused_by_its_time(connection: sqlite3.Connection, slot: Slot, chosen: Settings) -> None:
    for nonce in "abc":
        tickets.take(connection, wish(slot, nonce), NOW, chosen)
    with pytest.raises(Refused) as raised:
        tickets.take(connection, wish(slot, "d"), NOW, chosen)
    assert reason(raised) is Refusal.SLOT_FULL and raised.value.facts["start"] == "08:00"


def test_the_days_quota_holds_over_all_slots(
    connection: sqlite3.Connection, slot: Slot, later: Slot, chosen: Settings
) -> None:
    office.change_service(connection, 1, office.ServiceForm("", "Kependudukan", "", "", "", 10, 1, True))
    tickets.take(connection, wish(slot, "a"), NOW, chosen)
    with pytest.raises(Refused) as raised:
        tickets.take(connection, wish(later, "b"), NOW, chosen)
    assert reason(raised) is Refusal.DAY_FULL


def test_a_cancelled_number_frees_its_place_but_is_not_given_again(
    connection: sqlite3.Connection, slot: Slot, chosen: Settings
) -> None:
    held = [tickets.take(connection, wish(slot, nonce, name="Warga"), NOW, chosen).ticket for nonce in "abc"]
    gone = tickets.cancel(connection, held[2].code, NOW)
    assert (gone.state, gone.name) == (State.CANCELLED, "")
    assert tickets.take(connection, wish(slot, "d"), NOW, chosen).ticket.label == "A-004"


def test_a_called_number_cannot_be_given_back(connection: sqlite3.Connection, slot: Slot, chosen: Settings) -> None:
    held = tickets.take(connection, wish(slot, "a"), NOW, chosen).ticket
    desk.call_next(connection, 1, NOW, "Operator")
    with pytest.raises(Refused) as raised:
        tickets.cancel(connection, held.code, NOW)
    assert reason(raised) is Refusal.TICKET_STATE


def test_a_closed_day_is_refused_with_its_reason(connection: sqlite3.Connection, slot: Slot, chosen: Settings) -> None:
    office.set_day(connection, MONDAY, "Libur nasional", MONDAY)
    with pytest.raises(Refused) as raised:
        tickets.take(connection, wish(slot, "a"), NOW, chosen)
    assert reason(raised) is Refusal.DAY_CLOSED and raised.value.facts["reason"] == "Libur nasional"


@pytest.mark.parametrize(("ahead", "refusal"), [(-7, Refusal.DAY_PAST), (14, Refusal.DAY_TOO_FAR)])
def test_days_outside_the_window_are_refused(
    connection: sqlite3.Connection, slot: Slot, chosen: Settings, ahead: int, refusal: Refusal
) -> None:
    with pytest.raises(Refused) as raised:
        tickets.take(connection, wish(slot, "a", MONDAY + timedelta(days=ahead)), NOW, chosen)
    assert reason(raised) is refusal


def test_another_services_slot_is_unknown(connection: sqlite3.Connection, slot: Slot, chosen: Settings) -> None:
    other = store.slots(connection, 2)[0]
    stolen = Slot(other.id, 1, 0, other.start, other.end, 3)
    with pytest.raises(Refused) as raised:
        tickets.take(connection, wish(stolen, "a"), NOW, chosen)
    assert reason(raised) is Refusal.SLOT_UNKNOWN


def test_one_visitor_holds_two_waiting_numbers_at_most(
    connection: sqlite3.Connection, slot: Slot, later: Slot, chosen: Settings
) -> None:
    for nonce in "ab":
        tickets.take(connection, wish(slot, nonce, visitor="one"), NOW, chosen)
    with pytest.raises(Refused) as raised:
        tickets.take(connection, wish(later, "c", visitor="one"), NOW, chosen)
    assert reason(raised) is Refusal.TOO_MANY


def test_a_service_closed_by_the_administrator_gives_no_numbers(
    connection: sqlite3.Connection, slot: Slot, chosen: Settings
) -> None:
    office.change_service(connection, 1, office.ServiceForm("", "Kependudukan", "", "", "", 10, 100, False))
    with pytest.raises(Refused) as raised:
        tickets.take(connection, wish(slot, "a"), NOW, chosen)
    assert reason(raised) is Refusal.SERVICE_CLOSED


def test_a_number_given_at_the_place_takes_the_first_free_slot(
    connection: sqlite3.Connection, slot: Slot, chosen: Settings
) -> None:
    for nonce in "abc":
        tickets.take(connection, wish(slot, nonce), NOW, chosen)
    assert tickets.give(connection, 1, "onsite-nonce", "", NOW, chosen).ticket.slot_start == "09:00"


CHRISTMAS = date(2026, 12, 25)


def test_a_national_holiday_gives_no_numbers(connection: sqlite3.Connection, slot: Slot, chosen: Settings) -> None:
    friday = next(found for found in store.slots(connection, 1) if found.weekday == CHRISTMAS.weekday())
    with pytest.raises(Refused) as raised:
        tickets.take(connection, wish(friday, "a", CHRISTMAS), at("08:30", CHRISTMAS), chosen)
    assert (reason(raised), raised.value.facts["reason"]) == (Refusal.DAY_CLOSED, "Hari Raya Natal")


def test_a_holiday_the_administrator_opens_gives_numbers(connection: sqlite3.Connection, chosen: Settings) -> None:
    office.set_day(connection, CHRISTMAS, "Piket Natal", MONDAY, "open")
    friday = next(found for found in store.slots(connection, 1) if found.weekday == CHRISTMAS.weekday())
    assert tickets.take(connection, wish(friday, "a", CHRISTMAS), at("08:30", CHRISTMAS), chosen).ticket.number == 1


def test_priority_taken_online_comes_first_and_its_reason_is_known(
    connection: sqlite3.Connection, slot: Slot, chosen: Settings
) -> None:
    tickets.take(connection, wish(slot, "a"), NOW, chosen)
    elder = tickets.take(connection, wish(slot, "b", need="elderly"), NOW, chosen).ticket
    assert store.line(connection, elder.day, 1)[0].label == elder.label
    assert (elder.priority, elder.need) == (True, Need.ELDERLY)


def test_who_held_a_number_is_forgotten_in_the_night_after_its_day(
    connection: sqlite3.Connection, slot: Slot, chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = tickets.take(
        connection, wish(slot, "a", name="Warga", phone="081234567890", need="pregnant"), NOW, chosen
    ).ticket
    for moment, kept in (
        (at("23:50"), ("Warga", "+6281234567890", Need.PREGNANT)),
        (at("02:20", MONDAY + timedelta(days=1)), ("", "", None)),
    ):
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment.astimezone(UTC))
        tasks.tidy()
        found = store.ticket(connection, held.id)
        assert (found.name, found.phone, found.need) == kept
    assert (found.visitor, found.label, found.priority) == ("", "A-001", True)


def test_giving_a_number_back_forgets_its_holder_at_once(
    connection: sqlite3.Connection, slot: Slot, chosen: Settings
) -> None:
    held = tickets.take(connection, wish(slot, "a", name="Warga"), NOW, chosen).ticket
    tickets.cancel(connection, held.code, NOW)
    assert connection.execute("SELECT count(*) FROM holder").fetchone()[0] == 0
