from datetime import date

import pytest
from masdarling import rules
from masdarling.rules import Refusal, Standing


@pytest.mark.parametrize(("typed", "grams"), [
    ("2,5", 2500), ("2.5", 2500), (" 10 ", 10000), ("0,05", 50), ("1000", 1_000_000), ("0", None), ("1000,1", None),
    ("-2", None), ("2,5 kg", None), ("1e3", None), ("٢", None), ("1.000,5", None), ("", None),
])  # fmt: skip
def test_a_weight_is_kilograms_up_to_a_tonne(typed: str, grams: int | None) -> None:
    assert rules.grams(typed) == grams


@pytest.mark.parametrize(("typed", "sum_"), [
    ("20000", 20000), ("20.000", 20000), ("Rp 1.250.000", 1_250_000), ("0", None), ("20,5", None), ("-5", None),
    ("2.00", None), ("9999999999", None), ("", None),
])  # fmt: skip
def test_a_sum_is_whole_rupiah(typed: str, sum_: int | None) -> None:
    assert rules.rupiah(typed) == sum_


def test_what_a_deposit_brings_is_rounded_down_to_a_rupiah() -> None:
    assert (rules.worth(2500, 3500), rules.worth(333, 3500), rules.worth(1, 900)) == (8750, 1165, 0)


@pytest.mark.parametrize(("amount", "balance", "refusal"), [
    (5000, 9000, None), (9001, 9000, Refusal.BALANCE_LOW), (4999, 9000, Refusal.AMOUNT_SMALL), (3000, 3000, None),
])  # fmt: skip
def test_little_is_paid_out_only_when_it_empties_the_balance(amount: int, balance: int, refusal: object) -> None:
    assert rules.withdrawal_refusal(amount, balance, 5000) is refusal


@pytest.mark.parametrize(("kind", "again", "amount", "balance", "refusal"), [
    ("deposit", False, 8000, 8000, None),
    ("deposit", False, 8000, 7999, Refusal.REVERSAL_BELOW_ZERO),
    ("withdrawal", False, -8000, 0, None),
    ("deposit", True, 8000, 8000, Refusal.ENTRY_REVERSED),
    ("reversal", False, -8000, 8000, Refusal.ENTRY_IS_REVERSAL),
])  # fmt: skip
def test_an_entry_is_reversed_once_and_never_below_zero(
    kind: str, again: bool, amount: int, balance: int, refusal: object
) -> None:
    assert rules.reversal_refusal(kind, again, amount, balance) is refusal


def standing(group_id: int, grams: int) -> Standing:
    return Standing(group_id, f"RT {group_id:02d}", "Telihan", grams, 1, 10)


def test_equals_share_a_place_and_the_next_is_left_out() -> None:
    found = rules.ranked([standing(1, 500), standing(2, 900), standing(3, 500), standing(4, 0)])
    assert [(one.group_id, one.place) for one in found] == [(2, 1), (1, 2), (3, 2), (4, 4)]


@pytest.mark.parametrize(("today", "state"), [("2026-01-31", "todo"), ("2026-02-01", "now"), ("2026-03-01", "now"),
                                              ("2026-03-02", "done")])  # fmt: skip
def test_a_stage_stands_where_its_days_are(today: str, state: str) -> None:
    assert rules.stage_state(date(2026, 2, 1), date(2026, 3, 1), date.fromisoformat(today)) == state


def test_months_run_over_the_new_year() -> None:
    assert rules.months(date(2025, 11, 20), date(2026, 2, 1)) == ["2025-11", "2025-12", "2026-01", "2026-02"]
