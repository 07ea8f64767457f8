"""A database of release 1.0.0, filled as that release did, brought to 1.1.0; and what 1.1.0 does with periods."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta

import pytest
from lumbung_plugin import connect, migrate, today
from penilaian import periods, results
from penilaian.migrations import RELEASE_1_0, upgrade
from penilaian.rules import Period, period_of

SERVICES = (("KTP", "aaaaaa", 1200), ("Akta", "bbbbbb", 300), ("KIA", "cccccc", 50), ("SKP", "dddddd", None))
OLD = (
    # target, day, answers, burst
    (1, "2025-06-30", 3, None), (1, "2025-07-01", 4, None), (1, "2026-02-03", 2, None), (1, "2026-02-04", 4, 1),
    (2, "2025-12-31", 1, None),
)  # fmt: skip


@pytest.fixture
def upgraded(empty):
    with closing(connect()) as db:
        migrate(db, RELEASE_1_0)
        db.execute("INSERT INTO office (name) VALUES ('Disdukcapil')")
        for name, code, people in SERVICES:
            db.execute("INSERT INTO target (office_id, kind, name, code, people) VALUES (1, 'service', ?, ?, ?)",
                       (name, code, people))  # fmt: skip
        db.execute("INSERT INTO burst (target_id, what, began, ended) VALUES (1, 'response', '', '')")
        for target, day, value, burst in OLD:
            db.execute("INSERT INTO response (target_id, at, day, u1, u2, u3, u4, u5, u6, u7, u8, u9, origin, burst_id)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)",
                       (target, f"{day}T01:00:00+00:00", day, *[value] * 9, burst))  # fmt: skip
        db.execute("INSERT INTO profile (target_id, month, field, value, people) VALUES (1, '2026-02', 'sex', 'P', 7)")
        db.execute(
            "INSERT INTO rating (target_id, at, score, origin) VALUES (1, '2026-02-03T01:00:00+00:00', 4, 'open')"
        )
        db.commit()
    upgrade()
    with closing(connect()) as db:
        yield db


def test_every_answer_gets_its_period(upgraded: sqlite3.Connection) -> None:
    rows = upgraded.execute("SELECT target_id, day, period, u1, burst_id FROM response ORDER BY id").fetchall()
    assert [tuple(row) for row in rows] == [
        (1, "2025-06-30", "2025-1", 3, None), (1, "2025-07-01", "2025-2", 4, None),
        (1, "2026-02-03", "2026-1", 2, None), (1, "2026-02-04", "2026-1", 4, 1), (2, "2025-12-31", "2025-2", 1, None),
    ]  # fmt: skip


def test_people_served_move_to_the_last_period_of_the_service(upgraded: sqlite3.Connection) -> None:
    served = {tuple(row) for row in upgraded.execute("SELECT period, target_id, people FROM served")}
    assert served == {("2026-1", 1, 1200), ("2025-2", 2, 300), (results.present().code, 3, 50)}
    assert "people" not in {row["name"] for row in upgraded.execute("PRAGMA table_info(target)")}


def test_nothing_else_changes_and_every_reference_holds(upgraded: sqlite3.Connection) -> None:
    assert upgraded.execute("SELECT count(*), sum(score) FROM rating").fetchone()[:] == (1, 4)
    assert [row["code"] for row in upgraded.execute("SELECT code FROM target")] == [
        "aaaaaa",
        "bbbbbb",
        "cccccc",
        "dddddd",
    ]
    assert upgraded.execute("PRAGMA foreign_key_check").fetchall() == []


def test_the_figures_are_those_of_before(upgraded: sqlite3.Connection) -> None:
    told = results.tallies(upgraded, period_of(date(2026, 2, 3), "semester"))
    assert told == {1: results.Tally(1, (2,) * 9)}


def test_the_profile_counts_as_it_did(upgraded: sqlite3.Connection) -> None:
    assert results.profile(upgraded, period_of(date(2026, 2, 3), "semester")) == {"sex": {"P": 7}}


def test_a_city_that_reckons_by_years_gets_years(tmp_path, empty) -> None:
    (tmp_path / "years.json").write_text('{"period": "year"}')
    empty.setenv("CONFIG_FILE", str(tmp_path / "years.json"))
    upgrade()
    with closing(connect()) as db:
        assert [len(row["code"]) for row in periods.all(db)] == [4]


def _past(db: sqlite3.Connection) -> Period:
    """The period before the present one, with two answers."""
    past = period_of(date(2025, 2, 3), "semester")
    periods.ensured(db, past.start, "semester")
    for value in (2, 4):
        db.execute("INSERT INTO response (target_id, at, day, u1, u2, u3, u4, u5, u6, u7, u8, u9, origin, period)"
                   " VALUES (1, '2025-02-03T01:00:00+00:00', '2025-02-03', ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)",
                   (*[value] * 9, past.code))  # fmt: skip
    db.commit()
    return past


def test_a_closed_period_no_longer_changes(staff, db) -> None:
    past = _past(db)
    before = results.tallies(db, past)
    assert staff().post(f"/admin/periode/{past.code}/tutup").status_code == 303
    db.execute("DELETE FROM response")
    db.commit()
    assert results.tallies(db, past) == before == {1: results.Tally(2, (6,) * 9)}
    assert staff().post(f"/admin/periode/{past.code}/tutup").status_code == 409


def test_the_present_period_cannot_be_closed(staff) -> None:
    staff().get("/admin/periode")
    assert staff().post(f"/admin/periode/{results.present().code}/tutup").status_code == 409


@pytest.mark.parametrize("wrong", ["-3", "0", "banyak", "1e9", "٣", "9" * 30])
def test_people_served_are_numbers(staff, db, wrong) -> None:
    past = _past(db)
    answer = staff().post(f"/admin/periode/{past.code}", data={"people-1": wrong})
    assert answer.status_code == 422 and periods.served(db, past.code) == {}


def test_people_served_give_the_sample(staff, db) -> None:
    past = _past(db)
    staff().post(f"/admin/periode/{past.code}", data={"people-1": "1.000"})
    assert periods.served(db, past.code) == {1: 1000}
    assert ">278<" in staff().get(f"/kerja/laporan?periode={past.code}").text


def test_a_plan_is_public_and_done_by_its_own_office_only(client, staff, app) -> None:
    form = {
        "office_id": "1",
        "element": "U3",
        "action": "Loket kedua buka",
        "due": (today() + timedelta(days=30)).isoformat(),
    }
    own, other = staff("operator", "Disdukcapil"), staff("operator", "DPMPTSP")
    assert other.post("/kerja/rencana", data=form).status_code == 422
    assert own.post("/kerja/rencana", data=form | {"due": "1999-01-01"}).status_code == 422
    assert own.post("/kerja/rencana", data=form).status_code == 303
    assert "Loket kedua buka" in client.get("/hasil/unit/1").text
    assert other.post("/kerja/rencana/1", data={"done": "1"}).status_code == 404
    assert own.post("/kerja/rencana/1", data={"done": "1"}).status_code == 303
    assert "Done" in client.get("/hasil/unit/1").text
