"""Triage of many, duplicates suggested, deadlines near and past."""

from datetime import date, time, timedelta

import pytest
from lapor import reminders
from lumbung_plugin import settings, today, workdays
from lumbung_plugin.testing import Siblings, as_staff, stop_clock

NEAR = {"latitude": "0.130000", "longitude": "117.480000"}


def states(db) -> dict[str, str]:
    return {row["number"]: row["state"] for row in db.execute("SELECT number, state FROM report")}


def test_many_are_accepted_at_once(operator, send, db):
    numbers = [send()[0] for _ in range(3)]
    page = operator.post("/kerja", data={"number": numbers[:2], "act": "accept"}, follow_redirects=True).text
    assert states(db) == {numbers[0]: "accepted", numbers[1]: "accepted", numbers[2]: "new"} and "2 laporan" in page


def test_many_are_passed_on_with_the_usual_deadline(operator, send, db, host):
    stop_clock(host, time(9))
    numbers = [send()[0] for _ in range(2)]
    operator.post("/kerja?status=new", data={"number": numbers, "act": "assign", "office_id": "2"})
    rows = db.execute("SELECT state, office_id, deadline FROM report").fetchall()
    five_on = workdays.add_working_days(today(), 5)
    assert [tuple(row) for row in rows] == 2 * [("assigned", 2, five_on.isoformat())]


def test_one_that_cannot_does_not_hold_up_the_others(operator, send, published, db):
    done, fresh = published()[0], send()[0]
    page = operator.post("/kerja", data={"number": [done, fresh, "LP-x"], "act": "accept"}, follow_redirects=True).text
    assert states(db)[fresh] == "accepted" and f"{done}: " in page and "LP-x: " in page


@pytest.mark.parametrize(
    "data",
    [
        {"act": "assign"},
        {"act": "assign", "office_id": "999"},
        {"act": "reject", "text": "tidak"},
        {"act": "answer"},
        {},
    ],
)
def test_a_half_filled_act_on_many_is_explained_and_keeps_the_ticks(operator, send, db, data):
    number, _ = send()
    answer = operator.post("/kerja?status=new", data=data | {"number": number})
    assert answer.status_code == 400 and 'class="error"' in answer.text
    assert f'value="{number}" checked' in answer.text and states(db)[number] == "new"


def test_without_a_tick_nothing_is_done(operator, send, db):
    number, _ = send()
    page = operator.post("/kerja", data={"act": "accept"}, follow_redirects=True).text
    assert "Centang sedikitnya satu" in page and states(db)[number] == "new"


def test_citizens_do_nothing_to_many(client, send):
    assert client.post("/kerja", data={"number": send()[0], "act": "accept"}).status_code == 403


def test_a_near_report_of_the_same_category_is_suggested_with_its_distance(operator, published, send):
    first, _ = published(**NEAR)
    second, _ = send(**NEAR | {"latitude": "0.130900"})
    page = operator.get(f"/kerja/{second}").text
    assert first in page and "berjarak 100 m" in page


@pytest.mark.parametrize("change", [{"category_id": "2"}, {"latitude": "0.14"}])
def test_other_matters_are_not_suggested(operator, published, send, change):
    published(**NEAR)
    second, _ = send(**NEAR | change)
    assert "Mungkin sudah pernah" not in operator.get(f"/kerja/{second}").text


def test_a_suggestion_becomes_a_duplicate_with_one_press(operator, published, send, db):
    first, second = published(**NEAR)[0], send(**NEAR)[0]
    operator.post(f"/kerja/{second}/gabung", data={"merge-original": first})
    assert states(db)[second] == "duplicate"


def assigned(operator, number: str, deadline: date) -> None:
    data = {"assign-office_id": "1", "assign-deadline": deadline.isoformat()}
    operator.post(f"/kerja/{number}/disposisi", data=data)


def test_what_is_due_soon_has_its_own_tab(operator, published):
    soon, later = published()[0], published()[0]
    assigned(operator, soon, today())
    assigned(operator, later, today() + timedelta(days=30))
    page = operator.get("/kerja?status=soon").text
    assert soon in page and later not in page


def wednesday() -> date:
    """A working day: no weekend, and far from the national holidays of the year's start."""
    return date(2026, 9, 16)


@pytest.fixture
def addressed(operator, administrator, published, db) -> str:
    """A report that is late at the office 1, which has an address."""
    number, _ = published(reporter_name="Warga Uji", title="Judul milik warga")
    assigned(operator, number, wednesday() - timedelta(days=1))
    administrator.post("/admin/pengingat", data={"office_id": "1", "email": "opd@bontang.example"})
    return number


def remind(app, db, day: date) -> int:
    with app.app_context():
        return reminders.send(db, settings(), day)


def test_an_office_is_reminded_once_a_day_by_number_and_day_only(app, db, addressed, monkeypatch):
    with Siblings(monkeypatch) as lumbung:
        assert [remind(app, db, wednesday()), remind(app, db, wednesday())] == [1, 0]
        [letter] = lumbung.mails
    assert letter["to"] == ["opd@bontang.example"] and addressed in letter["text"] and "LEWAT" in letter["text"]
    assert "Warga Uji" not in letter["text"] and "Judul milik warga" not in letter["text"]


def test_nobody_is_reminded_on_a_day_off(app, db, addressed, monkeypatch):
    with Siblings(monkeypatch) as lumbung:
        assert remind(app, db, date(2026, 9, 19)) == 0 and lumbung.mails == []


def test_a_reminder_that_was_not_taken_is_tried_again(app, db, addressed):
    assert remind(app, db, wednesday()) == 0
    assert db.execute("SELECT sent_on FROM reminder").fetchone()["sent_on"] is None


@pytest.mark.parametrize("email", ["opd", "a@b", "a b@c.id", "a@b.id,c@d.id", "a@b.id\nBcc: x@y.id"])
def test_an_address_is_one_address(administrator, db, email):
    answer = administrator.post("/admin/pengingat", data={"office_id": "1", "email": email})
    assert answer.status_code == 400 and "Tulis satu alamat surel" in answer.text
    assert db.execute("SELECT count(*) FROM reminder").fetchone()[0] == 0


def test_an_empty_address_ends_the_reminders(administrator, db, addressed):
    administrator.post("/admin/pengingat", data={"office_id": "1", "email": ""})
    assert db.execute("SELECT count(*) FROM reminder").fetchone()[0] == 0


def test_an_officer_is_known_by_the_number_of_their_unit(client, operator, published, monkeypatch):
    mine = published()[0]
    with Siblings(monkeypatch, units=[(7, "Dinas Baru")]):
        operator.get("/kerja")
        officer = as_staff(client, "operator", "Dinas yang berganti nama", 7)
        assert mine not in officer.get("/kerja").text
