from datetime import date, timedelta

import pytest
from antrian import rules
from antrian.models import Action, Need, Plan, Refusal, Slot, State
from antrian.spoken import SENTENCES, number

from tests.conftest import MONDAY, at

SLOT = Slot(1, 1, 0, "08:00", "09:00", 2)


@pytest.mark.parametrize(
    ("state", "action", "result"),
    [
        (State.WAITING, Action.CALL, State.CALLED),
        (State.WAITING, Action.CANCEL, State.CANCELLED),
        (State.CALLED, Action.FINISH, State.FINISHED),
        (State.CALLED, Action.TRANSFER, State.WAITING),
        (State.SKIPPED, Action.RETURN, State.WAITING),
        (State.FINISHED, Action.CALL, Refusal.TICKET_STATE),
        (State.CANCELLED, Action.RETURN, Refusal.TICKET_STATE),
        (State.CALLED, Action.CANCEL, Refusal.TICKET_STATE),
    ],
)
def test_a_ticket_moves_only_along_the_known_paths(state: State, action: Action, result: object) -> None:
    assert rules.after(state, action) == result


@pytest.mark.parametrize(
    ("day", "closed", "has_slots", "refusal"),
    [
        (MONDAY, False, True, None),
        (MONDAY - timedelta(days=1), False, True, Refusal.DAY_PAST),
        (MONDAY + timedelta(days=7), False, True, None),
        (MONDAY + timedelta(days=8), False, True, Refusal.DAY_TOO_FAR),
        (MONDAY, True, True, Refusal.DAY_CLOSED),
        (MONDAY, False, False, Refusal.DAY_WITHOUT_SLOTS),
    ],
)
def test_a_day_can_be_taken_from_today_to_seven_days_ahead(
    day: date, closed: bool, has_slots: bool, refusal: Refusal | None
) -> None:
    assert rules.day_refusal(day, MONDAY, 7, closed, has_slots) is refusal


@pytest.mark.parametrize(
    ("clock", "taken", "refusal"),
    [
        ("08:30", 1, None),
        ("08:30", 2, Refusal.SLOT_FULL),
        ("08:50", 0, None),
        ("08:51", 0, Refusal.SLOT_PAST),
    ],
)
def test_a_slot_closes_ten_minutes_before_its_end_and_when_full(
    clock: str, taken: int, refusal: Refusal | None
) -> None:
    assert rules.slot_refusal(SLOT, MONDAY, at(clock), taken, 10) is refusal


def test_tomorrows_slot_is_not_over_because_of_todays_clock() -> None:
    assert rules.slot_refusal(SLOT, MONDAY + timedelta(days=1), at("23:00"), 0, 10) is None


def test_a_day_has_never_more_places_than_its_own_quota() -> None:
    assert rules.open_day(MONDAY, None, [5, 5], 3).left == 3


def test_a_day_without_places_is_full() -> None:
    assert rules.open_day(MONDAY, None, [0, 0], 9).refusal is Refusal.DAY_FULL


def test_two_counters_halve_the_estimate() -> None:
    assert rules.estimate([0] * 6, 0, 1000, 10, 1) == 1000 + 3600
    assert rules.estimate([0] * 6, 0, 1000, 10, 2) == 1000 + 1800


def test_nobody_is_estimated_before_the_chosen_time() -> None:
    assert rules.estimate([0], 9000, 1000, 10, 1) == 9000


def test_people_due_later_than_now_hold_the_estimate_back() -> None:
    assert rules.estimate([5000], 5000, 1000, 10, 1) == 5600


def test_waiting_counts_from_the_slot_or_from_taking_the_number_whichever_is_later() -> None:
    assert rules.waited_seconds(due_at=1000, taken_at=10, called_at=1300) == 300
    assert rules.waited_seconds(due_at=1000, taken_at=1200, called_at=1300) == 100
    assert rules.waited_seconds(due_at=1000, taken_at=10, called_at=900) == 0


def test_percentiles_are_nearest_rank() -> None:
    assert rules.percentile([30, 10, 20, 40], 0.5) == 20
    assert rules.percentile(list(range(1, 101)), 0.9) == 90
    assert rules.percentile([], 0.5) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0812-3456-7890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("", ""),
        ("halo", Refusal.PHONE_INVALID),
        ("0812", Refusal.PHONE_INVALID),
        ("08١٢٣٤٥٦٧٨٩٠", Refusal.PHONE_INVALID),
    ],
)
def test_a_phone_is_an_indonesian_number_in_one_spelling_or_nothing(typed: str, kept: object) -> None:
    assert rules.clean_phone(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", None),
        ("elderly", Need.ELDERLY),
        ("unstated", Refusal.NEED_UNKNOWN),
        ("vip", Refusal.NEED_UNKNOWN),
    ],
)
def test_priority_has_one_of_the_reasons_the_law_knows(typed: str, kept: object) -> None:
    assert rules.clean_need(typed) == kept


@pytest.mark.parametrize(("ahead", "estimate", "nearly"), [(3, 1000, True), (4, 1000, False), (0, 9000, False)])
def test_a_holder_is_reminded_when_few_are_before_and_the_time_is_near(ahead: int, estimate: int, nearly: bool) -> None:
    assert rules.is_nearly(ahead, 3, estimate, now=0) is nearly


@pytest.mark.parametrize(
    ("closed", "opened", "holiday", "reason"),
    [
        (None, False, None, None),
        (None, False, "Hari Raya Natal", "Hari Raya Natal"),
        (None, True, "Hari Raya Natal", None),
        ("Pindah gedung", True, None, "Pindah gedung"),
    ],
)
def test_a_holiday_closes_unless_the_administrator_opens_it(
    closed: str | None, opened: bool, holiday: str | None, reason: str | None
) -> None:
    assert rules.day_reason(closed, opened, holiday) == reason


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("id", "Nomor antrean A, nol satu dua, silakan menuju Loket 2."),
        ("en", "Number A, zero one two, please go to Loket 2."),
    ],
)
def test_a_call_is_told_as_one_says_it(language: str, said: str) -> None:
    assert SENTENCES[language].format(number=number("A-012", language), counter="Loket 2") == said


def test_the_break_cuts_the_day_in_two() -> None:
    plan = Plan((0,), "08:00", "14:00", "11:30", "13:00", 60, 5)
    assert rules.cut(plan) == [("08:00", "09:00"), ("09:00", "10:00"), ("10:00", "11:00"), ("13:00", "14:00")]


@pytest.mark.parametrize(
    ("plan", "refusal"),
    [
        (Plan((), "08:00", "15:00", "", "", 60, 5), Refusal.PLAN_DAYS),
        (Plan((0,), "15:00", "08:00", "", "", 60, 5), Refusal.PLAN_HOURS),
        (Plan((0,), "08:00", "08:30", "", "", 60, 5), Refusal.PLAN_SHORT),
        (Plan((0,), "08:00", "15:00", "12:00", "", 60, 5), Refusal.PLAN_BREAK),
        (Plan((0,), "08:00", "15:00", "", "", 5, 5), Refusal.NUMBER_RANGE),
        (Plan((0,), "08:00", "09:30", "08:30", "09:00", 60, 5), Refusal.PLAN_SHORT),
    ],
)
def test_opening_hours_that_make_no_sense_are_named(plan: Plan, refusal: Refusal) -> None:
    assert rules.cut(plan) is refusal
