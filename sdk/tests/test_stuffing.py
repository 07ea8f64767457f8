import sqlite3
from datetime import timedelta

import pytest
from lumbung_plugin import clock, stuffing


@pytest.fixture
def later(monkeypatch):
    """Let time go by."""
    start = clock.now()
    return lambda **ahead: monkeypatch.setattr(clock, "now", lambda: start + timedelta(**ahead))


@pytest.mark.parametrize("kept", ["x", 7, None, {"a": 1}, ["x", None]])
def test_a_strange_cookie_counts_as_none(kept):
    session = {"sent.report": kept}
    assert stuffing.allowed(session, "report")
    stuffing.count(session, "report")
    assert len(session["sent.report"]) == 1


@pytest.mark.parametrize("most", [0, -1, 51])
def test_a_cookie_counts_only_so_far(most):
    with pytest.raises(ValueError, match="cookie"):
        stuffing.allowed({}, "report", most)


@pytest.mark.parametrize("name", ["a b", "a;--", "", 'a"', "Ä"])
def test_names_of_tables_cannot_carry_sql(name):
    with pytest.raises(ValueError, match="names"):
        stuffing.too_many(sqlite3.connect(":memory:"), name, "at", 1, stuffing.HOUR)


def test_a_browser_is_stopped_after_five_and_again_let_in_after_an_hour(later):
    session: dict[str, object] = {}
    for _ in range(5):
        assert stuffing.allowed(session, "report")
        stuffing.count(session, "report")
    assert not stuffing.allowed(session, "report") and stuffing.allowed(session, "rating")
    later(hours=1, seconds=1)
    assert stuffing.allowed(session, "report")


def test_the_cookie_does_not_grow():
    session: dict[str, list[int]] = {}
    for _ in range(200):
        stuffing.count(session, "report")
    assert len(session["sent.report"]) == stuffing.MOST


def test_all_senders_together_are_counted(later):
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE report (at TEXT)")
    db.executemany("INSERT INTO report VALUES (?)", [(clock.now().isoformat(),)] * 3)
    assert stuffing.too_many(db, "report", "at", 3, stuffing.HOUR)
    assert not stuffing.too_many(db, "report", "at", 4, stuffing.HOUR)
    later(hours=2)
    assert not stuffing.too_many(db, "report", "at", 3, stuffing.HOUR)


@pytest.mark.parametrize(("value", "machine"), [("http://spam", True), ("", False)])
def test_a_filled_trap_is_a_machine(app, value, machine):
    with app.test_request_context("/", method="POST", data={"website": value}):
        assert stuffing.hidden() is machine
