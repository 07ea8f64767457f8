"""An office claims, an assessor reviews, evidence is judged, a final year stands."""

import io

import pytest
from lumbung_plugin.testing import as_staff

from .conftest import ANSWER, YEAR

ONE = f"/kerja/{YEAR}/1"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF"
)


def levels(db) -> dict[str, int]:
    """The first indicator's levels by round."""
    query = "SELECT round, level FROM score JOIN answer ON answer.id = answer_id WHERE number = 1"
    return dict(db.execute(query).fetchall())


def evidence(client, **changes):
    told = {"title": "Perwali 12", "url": "https://jdih.bontang.go.id/12"} | changes
    return client.post(f"{ONE}/bukti", data=told, content_type="multipart/form-data")


def test_an_office_answers_what_it_was_given(begun, operator, client, db):
    begun()
    assert operator.post(ONE, data=ANSWER).status_code == 303
    other = as_staff(client, "operator", "Bagian Hukum")
    assert other.post(ONE, data=ANSWER).status_code == 403
    assert levels(db) == {"self": 3}


def test_a_claim_needs_a_level_of_the_instrument_and_a_reason(begun, operator):
    begun()
    assert operator.post(ONE, data=ANSWER | {"level": "0"}).status_code == 400
    assert operator.post(ONE, data=ANSWER | {"level": "6"}).status_code == 400
    answer = operator.post(ONE, data={"level": "3", "note": "pendek"})
    assert answer.status_code == 400 and "pendek" in answer.text


def test_the_old_instrument_knows_level_zero(begun, operator):
    begun(2019, "permenpanrb-5-2018")
    assert operator.post("/kerja/2019/1", data=ANSWER | {"level": "0"}).status_code == 303


def test_an_assessor_agrees_changes_or_sends_back(begun, operator, assessor, db):
    begun()
    operator.post(ONE, data=ANSWER)
    assert assessor.post(f"{ONE}/nilai", data={"nilai-level": "2"}).status_code == 400
    assessor.post(f"{ONE}/nilai", data={"nilai-level": "2", "nilai-note": "Bukti belum ada"})
    assert levels(db) == {"self": 3, "internal": 2}
    assessor.post(f"{ONE}/nilai", data={"nilai-level": "9", "nilai-note": "Unggah bukti"})
    assert "Unggah bukti" in operator.get(ONE).text


def test_a_new_claim_asks_for_a_new_review(begun, operator, assessor, db):
    begun()
    operator.post(ONE, data=ANSWER)
    assessor.post(f"{ONE}/nilai", data={"nilai-level": "3"})
    operator.post(ONE, data=ANSWER | {"level": "5"})
    assert levels(db) == {"self": 5}


def test_nobody_reviews_their_own_claim(begun, administrator, operator):
    begun()
    administrator.post(ONE, data=ANSWER)
    assert administrator.post(f"{ONE}/nilai", data={"nilai-level": "3"}).status_code == 403
    assert operator.post(f"{ONE}/nilai", data={"nilai-level": "3"}).status_code == 403


def test_evidence_is_a_link_or_a_file_and_never_both(begun, operator, db):
    begun()
    assert evidence(operator).status_code == 303
    assert evidence(operator, url="javascript:alert(1)").status_code == 400
    assert evidence(operator, url="").status_code == 400
    assert evidence(operator, file=(io.BytesIO(PDF), "a.pdf")).status_code == 400
    assert evidence(operator, url="", file=(io.BytesIO(PDF), "a.pdf")).status_code == 303
    assert db.execute("SELECT count(*) FROM evidence").fetchone()[0] == 2


def test_a_page_dressed_as_a_pdf_is_refused(begun, operator, db):
    begun()
    assert evidence(operator, url="", file=(io.BytesIO(b"<script>x</script>"), "a.pdf")).status_code == 400
    assert db.execute("SELECT count(*) FROM evidence").fetchone()[0] == 0


def test_evidence_is_for_staff_and_goes_with_its_file(begun, operator, client, host, db):
    begun()
    evidence(operator, url="", file=(io.BytesIO(PDF), "a.pdf"))
    row = db.execute("SELECT id, file FROM evidence").fetchone()
    assert operator.get(f"{ONE}/bukti/{row['id']}").headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"{ONE}/bukti/{row['id']}").status_code == 403
    operator.post(f"{ONE}/bukti/{row['id']}/hapus")
    assert operator.get(f"{ONE}/bukti/{row['id']}").status_code == 404


def test_twenty_pieces_of_evidence_are_enough(begun, operator, db):
    begun()
    for _ in range(22):
        evidence(operator)
    assert db.execute("SELECT count(*) FROM evidence").fetchone()[0] == 20


def test_a_final_year_is_public_and_stands(begun, operator, administrator, client, db):
    begun()
    operator.post(ONE, data=ANSWER)
    assert client.get(f"/tahun/{YEAR}").status_code == 404
    administrator.post(f"/admin/{YEAR}/final", data={"official": "2.71", "note": ""})
    assert "2,71" in client.get("/?lang=id").text
    operator.post(ONE, data=ANSWER | {"level": "5"})
    evidence(operator)
    assert levels(db) == {"self": 3}
    assert db.execute("SELECT count(*) FROM evidence").fetchone()[0] == 0


def test_an_index_above_five_is_no_index(begun, administrator):
    begun()
    assert administrator.post(f"/admin/{YEAR}/final", data={"official": "5.5"}).status_code == 400


def test_a_year_begins_once_and_keeps_the_offices_of_the_last(begun, administrator, db):
    begun(2022)
    begin = {"year": 2023, "instrument": "permenpanrb-59-2020"}
    assert administrator.post("/admin", data=begin).status_code == 303
    assert administrator.post("/admin", data=begin).status_code == 409
    query = "SELECT count(*) FROM answer JOIN year ON year.id = year_id WHERE year = 2023 AND office_id IS NOT NULL"
    assert db.execute(query).fetchone()[0] == 47


@pytest.mark.parametrize("path", ["/kerja", "/kerja/peningkatan", ONE, "/admin", f"/admin/{YEAR}", "/admin/opd"])
def test_staff_pages_are_for_staff(client, path):
    assert client.get(path).status_code == 403


def test_years_of_two_instruments_say_what_cannot_be_compared(begun, administrator, client):
    begun(2019, "permenpanrb-5-2018")
    begun(2024)
    for value in (2019, 2024):
        administrator.post(f"/admin/{value}/final", data={})
    text = client.get("/banding?dari=2019&ke=2024&lang=id").text
    assert "Dua instrumen, dua alat ukur" in text and "belum ditanyakan" in text


def test_the_table_is_safe_for_spreadsheets_and_the_report_is_a_pdf(begun, administrator, client):
    begun()
    administrator.post(f"/admin/{YEAR}/final", data={})
    assert client.get(f"/tahun/{YEAR}.csv").text.count("\n") == 48
    assert client.get(f"/tahun/{YEAR}.pdf").data.startswith(b"%PDF-")
