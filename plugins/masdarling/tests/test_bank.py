import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from flask import Flask
from lumbung_plugin import connect
from masdarling import bank, catalogue, numbers, savers
from masdarling.rules import Refusal, Refused

from tests.conftest import PAPER, PLASTIC, STAFF, TODAY

POST = 1


def reason(raised: pytest.ExceptionInfo[Refused]) -> Refusal:
    return raised.value.reason


def deposit(db: sqlite3.Connection, saver: int, nonce: str = "n1", grams: int = 2000) -> int:
    return bank.deposit(db, saver, POST, [(PLASTIC, grams)], STAFF, nonce)


def test_a_deposit_is_credited_at_todays_prices(db: sqlite3.Connection, saver: int) -> None:
    bank.deposit(db, saver, POST, [(PLASTIC, 2500), (PAPER, 4000), (PLASTIC, 500)], STAFF, "n1")
    entry = bank.entries(db, saver)[0]
    assert (entry["grams"], entry["amount"], entry["balance"]) == (7000, 10500 + 6400, 16900)


def test_the_same_form_sent_twice_books_once(db: sqlite3.Connection, saver: int) -> None:
    assert deposit(db, saver) == deposit(db, saver)
    assert bank.balance(db, saver) == 7000


def test_a_new_price_leaves_what_was_booked(db: sqlite3.Connection, saver: int) -> None:
    deposit(db, saver)
    catalogue.set_price(db, PLASTIC, TODAY, 9000)
    deposit(db, saver, "n2")
    assert [row["amount"] for row in bank.entries(db, saver)] == [18000, 7000]


def test_a_price_to_come_does_not_count_yet(db: sqlite3.Connection, saver: int) -> None:
    catalogue.set_price(db, PLASTIC, TODAY + timedelta(days=1), 9000)
    deposit(db, saver)
    assert bank.balance(db, saver) == 7000


def test_a_price_of_the_past_is_refused(db: sqlite3.Connection) -> None:
    with pytest.raises(Refused) as raised:
        catalogue.set_price(db, PLASTIC, TODAY - timedelta(days=1), 1)
    assert reason(raised) is Refusal.PRICE_DAY_PAST


@pytest.mark.parametrize(("lines", "post", "refusal"), [
    ([], POST, Refusal.NO_LINES),
    ([(99, 100)], POST, Refusal.KIND_UNKNOWN),
    ([(PLASTIC, 100)], 99, Refusal.POST_UNKNOWN),
])  # fmt: skip
def test_a_deposit_that_makes_no_sense_is_refused_by_name(
    db: sqlite3.Connection, saver: int, lines: list[bank.Line], post: int, refusal: Refusal
) -> None:
    with pytest.raises(Refused) as raised:
        bank.deposit(db, saver, post, lines, STAFF, "n1")
    assert reason(raised) is refusal and bank.balance(db, saver) == 0


def test_nothing_is_paid_out_that_is_not_there(db: sqlite3.Connection, saver: int) -> None:
    deposit(db, saver)
    with pytest.raises(Refused) as raised:
        bank.withdraw(db, saver, POST, 7001, STAFF, "t1", 5000)
    assert reason(raised) is Refusal.BALANCE_LOW


def test_withdrawals_at_the_same_moment_never_exceed_the_balance(db: sqlite3.Connection, saver: int) -> None:
    deposit(db, saver)
    gate = threading.Barrier(8)

    def pay(number: int) -> bool:
        gate.wait()
        with closing(connect()) as own:
            try:
                bank.withdraw(own, saver, POST, 5000, STAFF, f"t{number}", 0)
            except Refused:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        paid = list(pool.map(pay, range(8)))
    assert paid.count(True) == 1 and bank.balance(db, saver) == 2000


def test_a_reversal_keeps_both_entries_and_the_balance_right(db: sqlite3.Connection, saver: int) -> None:
    wrong = deposit(db, saver)
    bank.reverse(db, wrong, STAFF, "Salah baca timbangan")
    kinds = [(row["kind"], row["amount"], row["note"]) for row in bank.entries(db, saver)]
    assert kinds == [("reversal", -7000, "Salah baca timbangan"), ("deposit", 7000, "")]
    assert bank.balance(db, saver) == 0
    total = numbers.total(db)
    assert (total.grams, total.credited) == (0, 0)


def test_a_reversed_withdrawal_is_not_counted_as_credited(db: sqlite3.Connection, saver: int) -> None:
    deposit(db, saver)
    paid = bank.withdraw(db, saver, POST, 5000, STAFF, "t1", 0)
    bank.reverse(db, paid, STAFF, "Batal")
    total = numbers.total(db)
    assert (total.credited, total.paid, bank.balance(db, saver)) == (7000, 0, 7000)


def test_a_deposit_that_was_paid_out_is_not_reversed_first(db: sqlite3.Connection, saver: int) -> None:
    booked = deposit(db, saver)
    bank.withdraw(db, saver, POST, 7000, STAFF, "t1", 0)
    with pytest.raises(Refused) as raised:
        bank.reverse(db, booked, STAFF, "Salah")
    assert reason(raised) is Refusal.REVERSAL_BELOW_ZERO


@pytest.mark.parametrize("note", ["", "   ", "x" * 201])
def test_a_reversal_says_why(db: sqlite3.Connection, saver: int, note: str) -> None:
    with pytest.raises(Refused) as raised:
        bank.reverse(db, deposit(db, saver), STAFF, note)
    assert reason(raised) is Refusal.REASON_MISSING


@pytest.mark.parametrize("act", ["UPDATE entry SET amount = 1", "DELETE FROM entry", "UPDATE line SET grams = 1",
                                 "DELETE FROM line"])  # fmt: skip
def test_the_database_itself_refuses_to_change_or_delete(db: sqlite3.Connection, saver: int, act: str) -> None:
    deposit(db, saver)
    with pytest.raises(sqlite3.IntegrityError, match="reversed, never"):
        db.execute(act)


def test_a_passbook_opens_with_its_number_and_code_only(db: sqlite3.Connection, app: Flask) -> None:
    with app.app_context():
        made, number, code = savers.join(db, 1, "Warga (demo)", "")
        found = savers.open_book(db, number.lower(), code.replace("-", " ").lower())
        assert found is not None and found["id"] == made
        assert savers.open_book(db, number, "AAAA-AAAA") is None
        assert code not in str(tuple(savers.customer(db, made) or ()))


def test_ten_wrong_codes_stop_further_tries_for_an_hour(db: sqlite3.Connection, app: Flask) -> None:
    with app.app_context():
        _, number, code = savers.join(db, 1, "Warga (demo)", "")
        for _ in range(10):
            savers.open_book(db, number, "AAAA-AAAA")
        assert savers.open_book(db, number, code) is None


def test_a_passbook_is_closed_only_when_it_is_empty(db: sqlite3.Connection, saver: int) -> None:
    deposit(db, saver)
    with pytest.raises(Refused) as raised:
        savers.close(db, saver)
    assert reason(raised) is Refusal.BALANCE_LEFT
    bank.withdraw(db, saver, POST, 7000, STAFF, "t1", 0)
    savers.close(db, saver, at_once=True)
    closed = savers.customer(db, saver)
    assert closed is not None and closed["closed"] and closed["name"] is None
    assert numbers.total(db).grams == 2000


def test_the_ranking_counts_weight_and_households_that_saved(db: sqlite3.Connection, saver: int) -> None:
    catalogue.save_group(db, None, 1, "RT 06", 10, True)
    deposit(db, saver)
    found = numbers.standings(db, TODAY, TODAY)
    assert [(one.name, one.grams, one.savers, one.place) for one in found] == [
        ("RT 05", 2000, 1, 1),
        ("RT 06", 0, 0, 2),
    ]


def test_figures_are_told_without_anybodys_data(db: sqlite3.Connection, saver: int) -> None:
    deposit(db, saver)
    told = {figure.name: figure.value for figure in numbers.told(db)}
    assert told == {
        "masdarling.kilogram": 2.0, "masdarling.rupiah": 7000, "masdarling.saldo": 7000, "masdarling.kelompok": 1,
        "masdarling.kelurahan": 1, "masdarling.partisipasi": 2.5,
    }  # fmt: skip
