"""Applying: guided, saved, resumable; what is wrong is said."""

import re

import pytest
from perizinan.mine import TRIES

from .conftest import DATA, PDF, needs_of, pdf


def test_a_draft_is_resumed_with_number_and_code_only(begin, client, app):
    number = begin()
    page = client.get(f"/permohonan/{number}").text
    code = re.search(r'id="kode">([A-Z0-9-]+)<', page).group(1)
    stranger = app.test_client()
    assert stranger.get(f"/permohonan/{number}").status_code == 403
    assert stranger.post("/ikuti", data={"number": number, "code": "AAAA-AAAA"}).status_code == 400
    answer = stranger.post("/ikuti", data={"number": number.lower(), "code": code.replace("-", "").lower()})
    assert answer.headers["Location"] == f"/permohonan/{number}"
    assert stranger.get(f"/permohonan/{number}").status_code == 200


def test_the_code_is_shown_once_and_never_kept(begin, client, db):
    number = begin()
    code = re.search(r'id="kode">([A-Z0-9-]+)<', client.get(f"/permohonan/{number}").text).group(1)
    assert code not in client.get(f"/permohonan/{number}").text
    assert code not in "\n".join(db.iterdump())


def test_guessing_codes_ends_soon(begin, app):
    number, stranger = begin(), app.test_client()
    answers = [stranger.post("/ikuti", data={"number": number, "code": f"AAAA-AA{n:02}"}) for n in range(TRIES + 1)]
    assert [answer.status_code for answer in answers] == [400] * TRIES + [429]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nik", "1234567890123456"),
        ("nik", "64740199019000011"),
        ("phone", "hello"),
        ("phone", "+1 202 555 0100"),
        ("name", "x" * 81),
        ("purpose", "x" * 1001),
        ("purpose", "pendek"),
        ("agreed", ""),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, db, field, value):
    answer = client.post("/izin/penelitian/ajukan", data=DATA | {"agreed": "y"} | {field: value})
    assert answer.status_code == 400 and f'href="#{field}"' in answer.text and "Jalan Melati 1" in answer.text
    assert not db.execute("SELECT 1 FROM application").fetchone()


def test_phone_and_nik_are_kept_in_one_spelling(begin, row):
    found = row(begin(nik="6474.0101.0190.0001", phone="0812-3456-7890"))
    assert (found["nik"], found["phone"]) == ("6474010101900001", "+6281234567890")


def test_the_purpose_of_every_datum_is_said(client):
    page = client.get("/izin/penelitian/ajukan?lang=en").text
    for words in ("It stands on the permit", "compares them with the copy", "Only for questions", "for letters only"):
        assert words in page


def test_a_machine_learns_nothing(client, db):
    answer = client.post("/izin/penelitian/ajukan", data=DATA | {"agreed": "y", "website": "spam"})
    assert answer.status_code == 302 and not db.execute("SELECT 1 FROM application").fetchone()


def test_one_browser_begins_a_few_drafts_an_hour(client):
    answers = [client.post("/izin/penelitian/ajukan", data=DATA | {"agreed": "y"}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]


def test_nothing_is_sent_while_a_file_is_missing(begin, client, row):
    number = begin()
    client.post(f"/permohonan/{number}/kirim")
    assert row(number)["state"] == "draft"
    assert "Proposal penelitian" in client.get(f"/permohonan/{number}").text


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00", "virus.pdf"),
        (PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(x)>>"), "acts.pdf"),
        (b"", "leer.pdf"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(begin, client, db, content, name):
    number, need = begin(), needs_of(db, "penelitian")[0]
    answer = client.post(f"/permohonan/{number}/berkas/{need}", data=pdf(name, content))
    assert answer.status_code == 400 and 'class="error"' in answer.text
    assert not db.execute("SELECT 1 FROM file").fetchone()


def test_a_requirement_says_which_kind_of_file_it_takes(begin, client, db):
    number, photo = begin("reklame"), needs_of(db, "reklame")[2]
    answer = client.post(f"/permohonan/{number}/berkas/{photo}?lang=en", data=pdf())
    assert answer.status_code == 400 and "Send a photo here" in answer.text


def test_a_file_goes_only_to_a_requirement_of_its_own_permit(begin, client, db):
    number, other = begin(), needs_of(db, "reklame")[0]
    assert client.post(f"/permohonan/{number}/berkas/{other}", data=pdf()).status_code == 404


def test_files_belong_to_who_opened_the_application(sent, client, app, db):
    number = sent()
    file = db.execute("SELECT id FROM file").fetchone()["id"]
    assert client.get(f"/permohonan/{number}/berkas/{file}").status_code == 200
    assert app.test_client().get(f"/permohonan/{number}/berkas/{file}").status_code == 403


def test_once_sent_nothing_can_be_changed(sent, client, db, row):
    number = sent()
    assert client.post(f"/permohonan/{number}/data", data=DATA | {"purpose": "Ganti tujuan izin."}).status_code == 409
    need = needs_of(db, "penelitian")[0]
    assert client.post(f"/permohonan/{number}/berkas/{need}", data=pdf()).status_code == 409
    assert row(number)["purpose"] == DATA["purpose"]


def test_a_citizen_erases_a_draft_with_its_files(begin, client, db, tmp_path):
    number = begin()
    client.post(f"/permohonan/{number}/berkas/{needs_of(db, 'penelitian')[0]}", data=pdf())
    client.post(f"/permohonan/{number}/hapus")
    assert not db.execute("SELECT 1 FROM application").fetchone()
    assert not list((tmp_path / "data" / "attachments").iterdir())


def test_what_runs_is_withdrawn_before_it_is_erased(sent, client, row):
    number = sent()
    client.post(f"/permohonan/{number}/hapus")
    assert row(number)["nik"]
    client.post(f"/permohonan/{number}/batal")
    client.post(f"/permohonan/{number}/hapus")
    found = row(number)
    assert found["state"] == "withdrawn" and [found[key] for key in ("name", "nik", "phone", "address")] == [None] * 4


def test_a_closed_type_takes_no_application(client, db):
    db.execute("UPDATE permit_type SET active = 0 WHERE slug = 'penelitian'")
    db.commit()
    assert client.get("/izin/penelitian").status_code == 404
    assert client.post("/izin/penelitian/ajukan", data=DATA | {"agreed": "y"}).status_code == 404
