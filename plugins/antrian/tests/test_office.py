import sqlite3
from datetime import date, timedelta

import pytest
from antrian import office, store, tickets
from antrian.models import Plan, Refusal, Refused, Slot
from antrian.settings import Settings, read

from tests.conftest import MONDAY, at, wish


def form(**changed: object) -> office.ServiceForm:
    values: dict[str, object] = {
        "code": "C",
        "name": "Pajak",
        "name_en": "",
        "needs": "",
        "needs_en": "",
        "minutes": 5,
        "day_quota": 50,
        "active": True,
    }
    return office.ServiceForm(**values | changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"code": "c"}, Refusal.CODE_INVALID),
        ({"code": "ABC"}, Refusal.CODE_INVALID),
        ({"code": "A"}, Refusal.CODE_TAKEN),
        ({"name": "Kependudukan"}, Refusal.NAME_TAKEN),
        ({"name": ""}, Refusal.NAME_MISSING),
        ({"minutes": 0}, Refusal.NUMBER_RANGE),
        ({"day_quota": 2001}, Refusal.NUMBER_RANGE),
    ],
)
def test_a_service_with_a_mistake_is_refused_by_name(
    connection: sqlite3.Connection, changed: dict[str, object], refusal: Refusal
) -> None:
    with pytest.raises(Refused) as raised:
        office.add_service(connection, form(**changed))
    assert raised.value.reason is refusal


def test_planning_a_weekday_leaves_the_others(connection: sqlite3.Connection) -> None:
    office.plan_week(connection, 1, Plan((0,), "08:00", "08:30", "", "", 30, 1))
    weekdays = [slot.weekday for slot in store.slots(connection, 1)]
    assert weekdays.count(0) == 1 and weekdays.count(1) == 2


def test_numbers_survive_a_new_plan(connection: sqlite3.Connection, slot: Slot, chosen: Settings) -> None:
    held = tickets.take(connection, wish(slot, "a"), at("08:30"), chosen).ticket
    office.plan_week(connection, 1, Plan((0,), "10:00", "11:00", "", "", 60, 1))
    assert store.ticket(connection, held.id).slot_start == "08:00"


def test_quota_zero_takes_a_slot_out_of_the_week(connection: sqlite3.Connection, slot: Slot) -> None:
    office.change_slot(connection, 1, slot.id, 0)
    assert slot.id not in {found.id for found in store.slots(connection, 1)}


def test_closing_a_day_tells_how_many_hold_a_number(
    connection: sqlite3.Connection, slot: Slot, chosen: Settings
) -> None:
    tickets.take(connection, wish(slot, "a"), at("08:30"), chosen)
    assert office.set_day(connection, MONDAY, "Pemeliharaan", MONDAY) == 1


@pytest.mark.parametrize("day", [MONDAY - timedelta(days=1), MONDAY + timedelta(days=731)])
def test_only_days_ahead_can_be_closed(connection: sqlite3.Connection, day: date) -> None:
    with pytest.raises(Refused) as raised:
        office.set_day(connection, day, "Libur", MONDAY)
    assert raised.value.reason is Refusal.DAY_INVALID


def test_a_closed_counter_is_left_by_its_staff(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE counter SET seated_id = '7', seated_by = 'Operator'")
    connection.commit()
    office.save_counter(connection, 1, "Loket 1", [1], False)
    left = store.counter(connection, 1)
    assert (left.seated_id, left.seated_by) == ("", "")


def test_settings_out_of_range_fall_back_to_their_defaults() -> None:
    chosen = read({"days_ahead": 900, "per_visitor": True, "open_from": "8 pagi", "break_from": "", "place": "MPP"})
    assert (chosen.days_ahead, chosen.per_visitor, chosen.open_from) == (7, 2, "08:00")
    assert (chosen.break_from, chosen.place) == ("", "MPP")
