"""The offices of a plugin follow the registry's units, and nothing a row points at ever goes away."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from flask import Flask
from lumbung_plugin import Person, connect, facts, migrate, offices, transaction

PUPR, DLH = facts.Unit(7, "Dinas PUPR"), facts.Unit(8, "Dinas Lingkungan Hidup")


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(connect()) as opened:
        migrate(opened, [offices.TABLE])
        yield opened


@pytest.fixture
def units(monkeypatch: pytest.MonkeyPatch) -> list[facts.Unit]:
    """What the registry tells; a test changes the list."""
    told = [PUPR, DLH]
    monkeypatch.setattr(facts, "units", lambda: list(told))
    return told


def named(db: sqlite3.Connection, also_closed: bool = False) -> list[str]:
    return [row["name"] for row in offices.all(db, also_closed)]


def test_the_registrys_units_become_offices(db, units):
    offices.refresh(db)
    assert named(db) == ["Dinas Lingkungan Hidup", "Dinas PUPR"]


def test_a_second_refresh_changes_nothing(db, units):
    offices.refresh(db)
    before = [tuple(row) for row in offices.all(db)]
    offices.refresh(db)
    assert [tuple(row) for row in offices.all(db)] == before


def test_a_renamed_unit_keeps_its_office(db, units):
    offices.refresh(db)
    kept = offices.of(db, Person("1", "Petugas", "operator", "Dinas PUPR", 7))
    units[0] = facts.Unit(7, "Dinas Pekerjaan Umum")
    offices.refresh(db)
    assert named(db) == ["Dinas Lingkungan Hidup", "Dinas Pekerjaan Umum"]
    assert offices.of(db, Person("1", "Petugas", "operator", "Dinas Pekerjaan Umum", 7)) == kept


def test_units_may_change_names_with_each_other(db, units):
    offices.refresh(db)
    units[:] = [facts.Unit(7, DLH.name), facts.Unit(8, PUPR.name)]
    offices.refresh(db)
    assert {row["unit"]: row["name"] for row in offices.all(db)} == {7: DLH.name, 8: PUPR.name}


def test_a_unit_that_is_gone_leaves_a_closed_office(db, units):
    offices.refresh(db)
    units.pop()
    offices.refresh(db)
    assert named(db) == ["Dinas PUPR"]
    assert named(db, also_closed=True) == ["Dinas Lingkungan Hidup", "Dinas PUPR"]


def test_while_the_registry_tells_nothing_no_office_is_closed(db, units):
    offices.refresh(db)
    units.clear()
    offices.refresh(db)
    assert len(named(db)) == 2


def test_an_office_of_the_settings_is_taken_over_by_the_unit_of_its_name(db, units):
    offices.seed(db, ["dinas pupr", " ", "Kecamatan Bontang Utara"])
    db.commit()
    offices.refresh(db)
    assert named(db) == ["Dinas Lingkungan Hidup", "Dinas PUPR", "Kecamatan Bontang Utara"]


def test_units_whose_names_differ_in_capitals_only_are_two_offices(db, units):
    units[:] = [PUPR, facts.Unit(9, "DINAS PUPR"), facts.Unit(10, "dinas pupr (9)")]
    for _time in range(2):
        offices.refresh(db)
        assert {row["unit"] for row in offices.all(db)} == {7, 9, 10}


def test_what_an_administrator_closed_stays_closed(db, units):
    offices.refresh(db)
    with transaction(db):
        db.execute("UPDATE office SET active = 0 WHERE unit = 7")
    offices.refresh(db)
    assert named(db) == ["Dinas Lingkungan Hidup"]


def test_the_registry_is_asked_once_an_hour(db, units):
    assert len(offices.listing(db)) == 2
    units.append(facts.Unit(9, "Diskominfo"))
    assert len(offices.listing(db)) == 2
    with transaction(db):
        db.execute("UPDATE office_refreshed SET at = '2026-01-01T00:00:00+00:00'")
    assert len(offices.listing(db)) == 3


def test_after_no_answer_it_is_asked_again_sooner(db, units, monkeypatch):
    units.clear()
    assert offices.listing(db) == []
    units.append(PUPR)
    monkeypatch.setattr(offices, "EVERY", offices.EVERY - offices.SOON)
    assert len(offices.listing(db)) == 1


def test_a_list_is_read_inside_a_transaction_as_it_is(db, units):
    with transaction(db):
        assert offices.listing(db) == []


def test_a_writer_that_takes_long_keeps_nobody_from_reading(db, units):
    db.execute("PRAGMA busy_timeout = 50")
    with closing(connect()) as other, transaction(other):
        assert offices.listing(db) == []


@pytest.mark.parametrize("person", [None, Person("1", "A", "operator"), Person("1", "A", "operator", "Lain", 99)])
def test_who_belongs_to_no_office_has_none(db, units, person):
    offices.seed(db, ["Dinas Sosial"])
    assert offices.of(db, person) is None


def test_a_person_is_found_by_the_name_of_the_unit_before_the_first_refresh(db):
    offices.seed(db, ["Dinas PUPR"])
    assert offices.of(db, Person("1", "A", "operator", "Dinas PUPR", 7)) is not None


@pytest.fixture
def desk(make_app, db, units):
    app: Flask = make_app()
    app.config["WTF_CSRF_ENABLED"] = False
    app.register_blueprint(offices.pages("lumbung/base.html"))
    return app.test_client()


@pytest.fixture
def admin(desk, staff):
    desk.environ_base.update(staff("administrator"))
    return desk


def test_only_administrators_see_the_offices(desk, staff):
    assert desk.get("/admin/opd").status_code == 403
    assert desk.get("/admin/opd", environ_overrides=staff("operator")).status_code == 403
    assert desk.post("/admin/opd", data={"name": "Diskominfo"}).status_code == 403


def test_the_list_shows_units_and_own_offices(admin, db):
    admin.post("/admin/opd", data={"name": " Kelurahan   Telihan "})
    page = admin.get("/admin/opd?lang=id").text
    assert "Dinas PUPR" in page and "daftar kota" in page and "Kelurahan Telihan" in page


def test_an_office_needs_a_name(admin, db):
    assert admin.post("/admin/opd", data={"name": " "}).status_code == 400
    assert admin.post("/admin/opd", data={"name": "x" * 201}).status_code == 400
    assert len(named(db)) <= 2


def test_a_name_is_taken_once(admin, db):
    for _time in range(2):
        page = admin.post("/admin/opd?lang=en", data={"name": "Diskominfo"}, follow_redirects=True).text
    assert "already an office with this name" in page and named(db).count("Diskominfo") == 1


def test_an_own_office_is_renamed_and_a_unit_is_not(admin, db):
    admin.get("/admin/opd")
    admin.post("/admin/opd", data={"name": "Diskominfo"})
    ids = {row["name"]: row["id"] for row in offices.all(db)}
    admin.post(f"/admin/opd/{ids['Diskominfo']}", data={"name": "Dinas Kominfo"})
    assert admin.post(f"/admin/opd/{ids['Dinas PUPR']}", data={"name": "Lain"}).status_code == 409
    assert named(db) == ["Dinas Kominfo", "Dinas Lingkungan Hidup", "Dinas PUPR"]


def test_an_office_is_closed_and_opened_again(admin, db):
    admin.get("/admin/opd")
    address = f"/admin/opd/{offices.all(db)[0]['id']}"
    admin.post(f"{address}/pakai", data={"active": "0"})
    assert named(db) == ["Dinas PUPR"]
    assert "Buka lagi Dinas Lingkungan Hidup" in admin.get(f"{address}?lang=id").text
    admin.post(f"{address}/pakai", data={"active": "1"})
    assert len(named(db)) == 2


def test_an_office_that_is_not_there_is_not_found(admin):
    assert admin.get("/admin/opd/99").status_code == 404
    assert admin.post("/admin/opd/99/pakai").status_code == 404
