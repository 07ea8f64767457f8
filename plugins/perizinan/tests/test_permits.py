"""Issued permits: verification, the letter, the register, revocation, forgetting."""

from datetime import UTC, datetime

import pytest
from lumbung_plugin import attachments, settings
from perizinan import figures, retention
from perizinan.tasks import BUNDLE

LATER = datetime(2030, 1, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def permit(issued, db):
    """An issued permit's row."""
    number = issued()
    return db.execute("SELECT p.*, ? AS application FROM permit p", (number,)).fetchone()


def test_everybody_verifies_by_number_and_sees_no_name(permit, app):
    page = app.test_client().get(f"/periksa/{permit['number'].lower()}?lang=en")
    assert page.status_code == 200 and "This permit is valid" in page.text
    assert "P••• S•••" in page.text and "Pemohon Satu" not in page.text


def test_the_seal_of_a_letter_proves_it(permit, app):
    client = app.test_client()
    assert (
        "seal of the letter is right" in client.get(f"/periksa/{permit['number']}?lang=en&segel={permit['seal']}").text
    )
    assert "may be forged" in client.get(f"/periksa/{permit['number']}?lang=en&segel=AAAA-AAAA").text
    assert permit["seal"] not in client.get(f"/periksa/{permit['number']}").text + client.get("/daftar").text


@pytest.mark.parametrize("number", ["REK-2026-000001", "' OR 1=1 --", "%", "x" * 300])
def test_an_unknown_number_is_said_to_be_unknown(app, number):
    client = app.test_client()
    answer = client.post("/periksa", data={"number": number})
    if answer.status_code == 302:
        assert client.get(answer.headers["Location"]).status_code == 404
    else:
        assert answer.status_code == 400


def test_after_its_last_day_a_permit_has_expired(at, permit, app):
    assert permit["valid_until"] == "2027-11-22"
    at(LATER)
    assert "has expired" in app.test_client().get(f"/periksa/{permit['number']}?lang=en").text


def test_revocation_needs_a_reason_everybody_reads(permit, operator, app):
    address = f"/kerja/{permit['application']}/cabut"
    assert operator.post(address, data={"revoke-text": ""}).status_code == 400
    operator.post(address, data={"revoke-text": "Ukuran terpasang melebihi izin."})
    page = app.test_client().get(f"/periksa/{permit['number']}?lang=en").text
    assert "was revoked" in page and "Ukuran terpasang melebihi izin." in page


def test_the_first_revocation_stands(permit, operator, db):
    for reason in ("Alasan yang pertama.", "Alasan yang kedua."):
        operator.post(f"/kerja/{permit['application']}/cabut", data={"revoke-text": reason})
    assert db.execute("SELECT revoked_reason FROM permit").fetchone()[0] == "Alasan yang pertama."


def test_the_letter_is_a_pdf_for_its_holder_alone(permit, client, app):
    answer = client.get(f"/permohonan/{permit['application']}/surat.pdf")
    assert answer.data.startswith(b"%PDF-") and permit["number"] in answer.headers["Content-Disposition"]
    assert app.test_client().get(f"/permohonan/{permit['application']}/surat.pdf").status_code == 403


def test_equal_permits_make_equal_letters(permit, client):
    address = f"/permohonan/{permit['application']}/surat.pdf"
    assert client.get(address).data == client.get(address).data


def test_a_permit_keeps_the_words_it_was_issued_with(permit, client, db):
    address = f"/permohonan/{permit['application']}/surat.pdf"
    before = client.get(address).data
    db.execute(
        "UPDATE permit_type SET legal = 'Perda baru', name = 'Nama baru', office_id = NULL WHERE slug = 'penelitian'"
    )
    db.commit()
    assert client.get(address).data == before


def test_the_register_and_its_file_are_masked(permit, app):
    client = app.test_client()
    for text in (client.get("/daftar").text, client.get("/daftar.csv").text):
        assert permit["number"] in text and "Pemohon Satu" not in text and "P••• S•••" in text


def test_the_register_is_narrowed_down(permit, app):
    client = app.test_client()
    assert permit["number"] in client.get("/daftar?status=valid&q=skp").text
    assert permit["number"] not in client.get("/daftar?status=revoked").text
    assert client.get("/daftar?status=nonsense&jenis=x&sesudah=-1").status_code == 200


def test_data_of_a_permit_stay_while_it_does(permit, client, row, db, at):
    client.post(f"/permohonan/{permit['application']}/hapus")
    assert row(permit["application"])["nik"]


def test_what_is_long_over_is_forgotten_but_for_the_register(permit, db, row, host, tmp_path):
    db.execute("UPDATE permit SET valid_until = '2020-01-01'")
    db.commit()
    assert retention.run(db, settings(BUNDLE)) == 1
    found = row(permit["application"])
    assert [found[key] for key in ("name", "nik", "phone", "address", "purpose")] == [None, None, None, None, ""]
    assert not list(attachments.folder().iterdir()) and db.execute("SELECT holder FROM permit").fetchone()[0]


def test_old_drafts_and_their_files_are_forgotten(begin, db):
    begin()
    db.execute("UPDATE application SET touched_at = '2020-01-01'")
    db.commit()
    retention.run(db, settings(BUNDLE))
    assert not db.execute("SELECT 1 FROM application").fetchone()


def test_figures_tell_of_nobody(permit, app):
    answer = app.test_client().get("/_kpi").json["figures"]
    assert {"perizinan.terbit", "perizinan.terlambat", "perizinan.tepat_waktu"} <= {one["name"] for one in answer}
    assert "Pemohon" not in str(answer) and len(answer) == 8


def test_figures_of_types_count_what_was_decided(permit, db):
    found = {one.row["slug"]: one for one in figures.of_types(db)}["penelitian"]
    assert (found.received, found.issued, found.refused, found.punctuality.share) == (1, 1, 0, 100)
