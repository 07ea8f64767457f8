"""1.1.0: kelurahan of their own, and what 1.0.0 wrote as free text."""

import sqlite3
from contextlib import closing

import pytest
from anggaran import items, places, years
from anggaran.items import Wanted
from anggaran.migrations import FIRST, upgrade
from anggaran.rules import places_of
from lumbung_plugin import connect, migrate, transaction

KNOWN = ["Guntung", "Bontang Kuala", "Loktuan"]


@pytest.mark.parametrize(
    ("text", "found", "rest"),
    [
        ("", [], ""),
        ("Guntung", ["Guntung"], ""),
        ("kelurahan  guntung", ["Guntung"], ""),
        ("Kel. Telihan", ["Telihan"], ""),
        ("Guntung dan Loktuan", ["Guntung", "Loktuan"], ""),
        ("Guntung; LOKTUAN / Bontang Kuala & guntung", ["Guntung", "Loktuan", "Bontang Kuala"], ""),
        ("Jalan Guntung Raya, RT 4", [], "Jalan Guntung Raya, RT 4"),
        ("RT 4, Kelurahan Guntung", ["Guntung"], "RT 4"),
        ("Dandang, Kelurahan", [], "Dandang, Kelurahan"),
        ("Kelurahan " + "x" * 80, [], "Kelurahan " + "x" * 80),
    ],
)
def test_a_free_text_gives_up_its_kelurahan_and_keeps_the_rest(text, found, rest):
    assert places_of(text, KNOWN) == (found, rest)


def first_release(monkeypatch, folder) -> sqlite3.Connection:
    """A database as 1.0.0 left it: a frozen and an open version, places in words."""
    monkeypatch.setenv("DATA_DIR", str(folder))
    db = connect()
    migrate(db, FIRST)
    with transaction(db):
        db.execute("INSERT INTO programme (code, name) VALUES ('1.01.02', 'Program')")
        db.execute("INSERT INTO activity (programme_id, code, name) VALUES (1, '1.01.02.2.01', 'Kegiatan')")
        db.execute("INSERT INTO year (year) VALUES (2027)")
        _version(db, 1, "RKPD", "Kelurahan Guntung", "RT 4, Kanaan dan Guntung")
        db.execute("UPDATE version SET frozen_at = '2026-02-01'")
        _version(db, 2, "APBD", "Jalan Cut Nyak Dien", "Kelurahan Telihan / guntung", "")
    return db


def _version(db: sqlite3.Connection, number: int, stage: str, *texts: str) -> None:
    db.execute(
        "INSERT INTO version (year_id, stage, position, opened_at) VALUES (1, ?, ?, '2026-01-01')", (stage, number)
    )
    db.executemany(
        "INSERT INTO item (version_id, office_id, programme_id, activity_id, code, name, asked, amount, location,"
        " state, changed_at) VALUES (?, 1, 1, 1, ?, 'Meja', 10, 10, ?, 'submitted', '2026-01-02')",
        [(number, f"1.01.02.2.01.{place:04d}", text) for place, text in enumerate(texts, 1)],
    )


def test_every_row_of_the_first_release_arrives_with_its_places(monkeypatch, tmp_path):
    with closing(first_release(monkeypatch, tmp_path / "old")) as db:
        before = [tuple(row) for row in db.execute("SELECT id, asked, amount, state, changed_at FROM item")]
        upgrade()
        rows = {(row["version_id"], row["code"][-4:]): row for row in db.execute(f"{items.SELECT} ORDER BY item.id")}
        told = {key: (row["places"], row["location"]) for key, row in rows.items()}
        assert told == {
            (1, "0001"): ("Guntung", ""),
            (1, "0002"): ("Guntung, Kanaan", "RT 4"),
            (2, "0001"): (None, "Jalan Cut Nyak Dien"),
            (2, "0002"): ("Guntung, Telihan", ""),
            (2, "0003"): (None, ""),
        }
        assert [tuple(row) for row in db.execute("SELECT id, asked, amount, state, changed_at FROM item")] == before


def test_after_the_migration_frozen_versions_are_guarded_again(monkeypatch, tmp_path):
    with closing(first_release(monkeypatch, tmp_path / "old")) as db:
        upgrade()
        for statement in ("UPDATE item SET amount = 1", "DELETE FROM item WHERE version_id = 1"):
            with pytest.raises(sqlite3.IntegrityError, match="frozen"):
                db.execute(statement)
            db.rollback()


def test_sums_for_several_places_are_told_apart(db, version, propose):
    with transaction(db):
        here, there = places.ids(db, ["Guntung", "Kanaan"])
    propose(100, places=(here,))
    propose(40, "0002", places=(here, there))
    propose(7, "0003")
    told = [(row["name"], row["n"], row["own"], row["shared"]) for row in places.sums(db, version)]
    assert told == [("Guntung", 2, 100, 40), ("Kanaan", 1, 0, 40)]
    assert tuple(places.everywhere(db, version)) == (1, 7)
    assert items.total(db, Wanted(version, place=there))["n"] == 1
    assert items.total(db, Wanted(version, "kanaan"))["n"] == 1


def test_places_go_along_into_the_next_version(db, people, version, propose):
    with transaction(db):
        here = places.ids(db, ["Guntung"])[0]
    propose(100, places=(here,))
    with transaction(db):
        years.freeze(db, people["boss"], version)
        new = years.open_next(db, people["boss"], 1, "APBD")
    assert [row["name"] for row in places.sums(db, new)] == ["Guntung"]


def test_citizens_read_what_is_planned_around_them(client, db, people, version, propose):
    with transaction(db):
        here = places.ids(db, ["Guntung"])[0]
    propose(2_000_000, places=(here,))
    assert client.get("/wilayah").status_code == 200
    with transaction(db):
        years.freeze(db, people["boss"], version)
    assert "Guntung" in client.get("/wilayah").text
    assert "Meja baru" in client.get(f"/kegiatan?tempat={here}").text
    assert client.get("/kegiatan?tempat=999").status_code == 404


def test_an_administrator_keeps_the_list(administrator, office, db, version):
    administrator.post("/admin/tempat", data={"name": "Satimpo", "active": "y"})
    assert "Satimpo" in office.get("/kerja/usulan/baru").text
    wrong = {"activity_id": "1", "places": "99"}
    assert office.post("/kerja/usulan/baru", data=wrong).status_code == 400
