"""1.1.0: several offices on one disposition, and what becomes of the dispositions of 1.0.0."""

from contextlib import closing

import pytest
from lumbung_plugin import connect, migrate
from pusatkendali import files, tasks
from pusatkendali.migrations import STEPS, upgrade
from pusatkendali.models import State

from .conftest import ORDER

PART = {"part-text": "Loket kami sudah ditambah."}
REPORT = {"report-text": "Semua bagian sudah selesai."}


@pytest.fixture
def shared(leader, db):
    """Given to the first office, with the second as partner."""
    leader.post("/kerja/disposisi/baru", data=ORDER | {"partners": ["2"]})
    return db.execute("SELECT number FROM disposition").fetchone()["number"]


def acts(db):
    return [row["act"] for row in db.execute("SELECT act FROM step ORDER BY id")]


def test_a_partner_sees_it_and_says_that_its_part_is_done(works, shared, db):
    assert shared in works.get("/kerja/disposisi").text
    works.post(f"/kerja/disposisi/{shared}/bagian", data=PART)
    assert [(row["part"], bool(row["done_at"])) for row in files.duties(db, 1)] == [("lead", False), ("partner", True)]
    works.post(f"/kerja/disposisi/{shared}/bagian", data=PART)
    assert acts(db) == ["give", "part"]


def test_a_partner_neither_reports_nor_begins(works, shared, db):
    works.post(f"/kerja/disposisi/{shared}/tindak-lanjut", data=REPORT)
    works.post(f"/kerja/disposisi/{shared}/mulai")
    assert acts(db) == ["give"]


def test_the_lead_is_told_whose_part_is_open(health, works, shared):
    address = f"/kerja/disposisi/{shared}"
    assert "1 OPD mitra belum menyelesaikan bagiannya" in health.get(address).text
    works.post(f"{address}/bagian", data=PART)
    assert "belum menyelesaikan" not in health.get(address).text


def test_sent_back_the_lead_owes_again_and_the_partner_does_not(leader, health, works, shared, db):
    works.post(f"/kerja/disposisi/{shared}/bagian", data=PART)
    health.post(f"/kerja/disposisi/{shared}/tindak-lanjut", data=REPORT)
    leader.post(f"/kerja/disposisi/{shared}/kembalikan", data={"return-text": "Fotonya?", "return-days": "2"})
    assert [bool(row["done_at"]) for row in files.duties(db, 1)] == [False, True]


def test_everybody_who_owes_a_part_is_reminded(leader, shared, db, lumbung):
    for office in (1, 2):
        leader.post(f"/admin/kontak/{office}", data={"email": f"opd{office}@kota.example"})
    db.execute("UPDATE disposition SET due = '2020-01-01'")
    db.commit()
    tasks.remind()
    assert sorted(mail["to"][0] for mail in lumbung.mails) == ["opd1@kota.example", "opd2@kota.example"]
    assert acts(db).count("remind") == 1


@pytest.mark.parametrize("partners", [["99"], ["x"], ["1", "2", "99"]])
def test_a_partner_that_is_no_office_is_refused(leader, db, partners):
    assert leader.post("/kerja/disposisi/baru", data=ORDER | {"partners": partners}).status_code == 422
    assert acts(db) == []


def test_the_lead_is_not_its_own_partner(leader, db):
    leader.post("/kerja/disposisi/baru", data=ORDER | {"partners": ["1", "2"]})
    assert [row["part"] for row in files.duties(db, 1)] == ["lead", "partner"]


@pytest.fixture
def old(empty):
    """A database as 1.0.0 left it: a disposition in each state, two steps each, one with a file."""
    with closing(connect()) as db:
        migrate(db, STEPS[:3])
        db.executemany("INSERT INTO office (name) VALUES (?)", [("Dinas Kesehatan",), ("Dinas PUPR",)])
        for place, state in enumerate(State, 1):
            db.execute(
                "INSERT INTO disposition (number, title, instruction, urgent, office_id, state, given_by, given_at, "
                "due, reported_at, closed_at) VALUES (?, ?, 'x', ?, ?, ?, '', '2026-11-01', '2026-11-09', ?, ?)",
                (
                    f"DSP-2026-{place:06}",
                    f"Perihal {state}",
                    place % 2,
                    1 + place % 2,
                    state,
                    "2026-11-05",
                    "2026-11-07",
                ),
            )
            db.execute("INSERT INTO step (disposition_id, at, act) VALUES (?, '2026-11-01', 'give')", (place,))
            db.execute(
                "INSERT INTO step (disposition_id, at, act, office_id, text, file, file_title) "
                "VALUES (?, '2026-11-05', 'report', ?, 'Sudah', ?, 'bukti.pdf')",
                (place, 1 + place % 2, f"{place:032x}.pdf"),
            )
        db.commit()
        before = [tuple(row) for row in db.execute("SELECT * FROM step ORDER BY id")]
        yield db, before


def test_the_office_of_an_old_disposition_leads_it(old):
    db, _before = old
    upgrade()
    rows = db.execute("SELECT * FROM register ORDER BY id").fetchall()
    assert [(row["state"], row["office_id"], row["urgent"]) for row in rows] == [
        (state, 1 + place % 2, place % 2) for place, state in enumerate(State, 1)
    ]
    assert db.execute("SELECT count(*) FROM duty WHERE part <> 'lead'").fetchone()[0] == 0


def test_what_was_reported_is_a_part_that_is_done(old):
    db, _before = old
    upgrade()
    found = db.execute("SELECT state, done_at FROM disposition JOIN duty ON disposition_id = id").fetchall()
    done = {row["state"]: row["done_at"] for row in found}
    assert {state for state, at in done.items() if at} == {"reported", "accepted"}
    assert done["reported"] == "2026-11-05"


def test_the_trail_of_1_0_0_is_word_for_word_the_same_and_still_cannot_be_rewritten(old):
    db, before = old
    upgrade()
    assert [tuple(row) for row in db.execute("SELECT * FROM step ORDER BY id")] == before
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    with pytest.raises(Exception, match="never rewritten"):
        db.execute("UPDATE step SET text = ''")


def test_deleting_a_disposition_still_takes_its_trail_along(old):
    db, _before = old
    upgrade()
    db.execute("DELETE FROM disposition WHERE id = 1")
    assert db.execute("SELECT count(*) FROM step WHERE disposition_id = 1").fetchone()[0] == 0
