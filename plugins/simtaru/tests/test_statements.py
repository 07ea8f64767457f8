"""A statement: asked for, issued, checked by anybody, withdrawn, forgotten."""

import json
import re

import pytest
from lumbung_plugin import settings
from lumbung_plugin.testing import as_staff
from simtaru import tasks

from .conftest import REQUEST


@pytest.fixture
def issued(published, ruled, ask, operator):
    published()
    ruled("R-2", "RUKO", "B", "Parkir di dalam persil")
    number, code = ask()
    operator.post(f"/kerja/{number}/terbit")
    return number, code


def test_the_code_is_shown_once_and_kept_only_as_a_digest(published, ask, client, db):
    published()
    number, code = ask()
    assert code in client.get(f"/ikuti/{number}").text
    assert code.replace("-", "") not in str([tuple(row) for row in db.execute("SELECT * FROM request")])


def test_a_place_outside_of_the_plan_cannot_be_stated(published, client, db):
    published()
    answer = client.post("/permohonan", data=REQUEST | {"lat": "0.9"})
    assert answer.status_code == 400 and "Jalan Contoh 1" in answer.text
    assert db.execute("SELECT count(*) FROM request").fetchone()[0] == 0


def test_a_stranger_needs_number_and_code(issued, app):
    number, code = issued
    stranger = app.test_client()
    assert stranger.get(f"/ikuti/{number}").status_code == 302
    assert stranger.get(f"/ikuti/{number}/surat.pdf").status_code == 403
    assert stranger.post("/ikuti", data={"number": number, "code": "WRONG-CODE"}).status_code == 404
    assert stranger.post("/ikuti", data={"number": number.lower(), "code": code.lower()}).status_code == 303
    assert stranger.get(f"/ikuti/{number}/surat.pdf").data.startswith(b"%PDF-")


def test_guessing_codes_ends_soon(issued, app):
    stranger = app.test_client()
    answers = [stranger.post("/ikuti", data={"number": issued[0], "code": "X"}).status_code for _ in range(25)]
    assert answers[0] == 404 and answers[-1] == 429


def test_a_statement_is_issued_once(issued, operator, db):
    operator.post(f"/kerja/{issued[0]}/terbit")
    rows = db.execute("SELECT statement FROM request").fetchall()
    assert len(rows) == 1 and re.fullmatch(r"KRK-\d{4}-000001", rows[0]["statement"])


def test_anybody_can_check_it_and_sees_no_full_name(issued, app, db):
    code = db.execute("SELECT check_code FROM request").fetchone()[0]
    text = app.test_client().get(f"/periksa/{code}?lang=id").text
    assert "Asli" in text and "KRK-" in text and "Pemohon (demo)" not in text and "Jalan Contoh" not in text
    assert app.test_client().get("/periksa/NONSENSE").status_code == 404


def test_withdrawn_means_withdrawn_on_its_page_and_no_more_letter(issued, operator, client, db):
    number, _ = issued
    assert operator.post(f"/kerja/{number}/tarik", data={"reason": ""}).status_code == 400
    operator.post(f"/kerja/{number}/tarik", data={"reason": "Batas tanah diperbaiki"})
    code = db.execute("SELECT check_code FROM request").fetchone()[0]
    assert "tidak berlaku lagi" in client.get(f"/periksa/{code}?lang=id").text
    assert client.get(f"/ikuti/{number}/surat.pdf").status_code == 404


def test_the_paper_says_what_held_on_its_day(issued, ruled, published, client, db):
    ruled("R-2", "RUKO", "X")
    published(title="Berikutnya")
    said = json.loads(db.execute("SELECT said FROM request").fetchone()[0])
    assert next(use["verdict"] for use in said["uses"] if use["code"] == "RUKO") == "conditional"
    assert "sudah diganti" in client.get(f"/ikuti/{issued[0]}?lang=id").text


def test_a_refusal_gives_its_reason_to_the_applicant(published, ask, operator, client):
    published()
    number, _ = ask()
    operator.post(f"/kerja/{number}/tolak", data={"reason": "Titik di luar bidang"})
    assert "Titik di luar bidang" in client.get(f"/ikuti/{number}").text


def test_an_open_request_is_deleted_whole_and_an_answered_one_loses_its_person(issued, ask, client, db):
    number, _ = issued
    client.post(f"/ikuti/{number}/hapus")
    assert tuple(db.execute("SELECT name, phone, address FROM request").fetchone()) == (None, None, None)
    second, _ = ask()
    client.post(f"/ikuti/{second}/hapus")
    assert db.execute("SELECT count(*) FROM request").fetchone()[0] == 1


def test_names_go_by_themselves_after_the_time_of_the_settings(issued, db):
    db.execute("UPDATE request SET closed_at = '2020-01-01T00:00:00+00:00'")
    db.commit()
    assert settings(tasks.BUNDLE)["retention_days"] == 365
    tasks.tidy()
    assert db.execute("SELECT name FROM request").fetchone()[0] is None


def test_lists_mask_the_person(published, ask, operator):
    published()
    ask()
    text = operator.get("/kerja").text
    assert "Pemohon (demo)" not in text and "+6281234567890" not in text


def test_a_machine_that_fills_the_hidden_field_learns_nothing(published, client, db):
    published()
    assert client.post("/permohonan", data=REQUEST | {"website": "x"}).status_code == 303
    assert db.execute("SELECT count(*) FROM request").fetchone()[0] == 0


def test_one_browser_cannot_flood_the_desk(published, client):
    published()
    answers = [client.post("/permohonan", data=REQUEST).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]


@pytest.mark.parametrize("path", ["/kerja", "/kerja/PTR-2026-000001", "/admin", "/admin/rencana", "/admin/matriks"])
def test_staff_pages_are_for_staff(client, path):
    assert client.get(path).status_code == 403


def test_an_operator_is_no_administrator(client):
    assert as_staff(client, "operator").get("/admin/matriks").status_code == 403
