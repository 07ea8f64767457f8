"""The office: corrections that stop the clock, verification, decision, deadlines."""

from datetime import UTC, datetime

from lumbung_plugin.testing import as_staff

from .conftest import DATA, MONDAY, needs_of, pdf


def day(number: int, month: int = 11) -> datetime:
    return datetime(2026, month, number, 2, 0, tzinfo=UTC)


def test_the_promise_counts_working_days_without_the_citys_holiday(at, sent, row):
    # Three working days after Monday the 23rd: the 26th is the city's holiday, so the 27th.
    assert row(sent())["deadline"] == "2026-11-27"


def test_the_clock_stands_while_the_applicant_corrects(at, sent, operator, client, db, row):
    number, need = sent(), needs_of(db, "penelitian")[1]
    at(day(24))
    operator.post(f"/kerja/{number}/perbaikan", data={f"wrong-{need}": "1", f"reason-{need}": "Judulnya tidak ada."})
    assert (row(number)["state"], row(number)["paused_on"]) == ("correction", "2026-11-24")
    at(day(1, 12))
    client.post(f"/permohonan/{number}/berkas/{need}", data=pdf("baru.pdf"))
    client.post(f"/permohonan/{number}/perbaiki")
    found = row(number)
    # The 25th, 27th, 30th and the 1st passed meanwhile.
    assert (found["state"], found["paused_days"], found["deadline"]) == ("checking", 4, "2026-12-03")


def test_the_applicant_replaces_just_what_was_wrong(at, sent, operator, client, db, row):
    number, needs = sent(), needs_of(db, "penelitian")
    operator.post(
        f"/kerja/{number}/perbaikan", data={f"wrong-{needs[1]}": "1", f"reason-{needs[1]}": "Judulnya tidak ada."}
    )
    assert "Judulnya tidak ada." in client.get(f"/permohonan/{number}").text
    assert client.post(f"/permohonan/{number}/berkas/{needs[0]}", data=pdf()).status_code == 409
    assert client.post(f"/permohonan/{number}/data", data=DATA).status_code == 409
    client.post(f"/permohonan/{number}/perbaiki")
    assert row(number)["state"] == "correction"
    client.post(f"/permohonan/{number}/berkas/{needs[1]}", data=pdf("baru.pdf"))
    client.post(f"/permohonan/{number}/perbaiki")
    assert row(number)["state"] == "checking"
    kept = db.execute("SELECT title, replaced FROM file WHERE requirement_id = ? ORDER BY id", (needs[1],)).fetchall()
    assert [tuple(one) for one in kept] == [("berkas.pdf", 1), ("baru.pdf", 0)]


def test_wrong_details_are_corrected_too(at, sent, operator, client, row):
    number = sent()
    operator.post(f"/kerja/{number}/perbaikan", data={"wrong-0": "1", "reason-0": "Nama tidak sama dengan KTP."})
    client.post(f"/permohonan/{number}/data", data=DATA | {"name": "Pemohon Dua"})
    client.post(f"/permohonan/{number}/perbaiki")
    assert (row(number)["state"], row(number)["name"]) == ("checking", "Pemohon Dua")


def test_a_correction_says_what_and_why(sent, operator, db, row):
    number, need = sent(), needs_of(db, "penelitian")[0]
    assert operator.post(f"/kerja/{number}/perbaikan", data={}).status_code == 400
    short = operator.post(f"/kerja/{number}/perbaikan", data={f"wrong-{need}": "1", f"reason-{need}": "buram"})
    assert short.status_code == 400 and "buram" in short.text
    assert row(number)["state"] == "checking"


def test_a_requirement_of_another_permit_cannot_be_asked(sent, operator, db, row):
    number, other = sent(), needs_of(db, "reklame")[0]
    data = {f"wrong-{other}": "1", f"reason-{other}": "Alasan yang cukup panjang."}
    assert operator.post(f"/kerja/{number}/perbaikan", data=data).status_code == 400
    assert row(number)["state"] == "checking"


def test_the_office_goes_on_only_after_the_time_for_corrections(at, sent, operator, row):
    number = sent()
    operator.post(f"/kerja/{number}/perbaikan", data={"wrong-0": "1", "reason-0": "Nama tidak sama dengan KTP."})
    operator.post(f"/kerja/{number}/lanjut")
    assert row(number)["state"] == "correction"
    at(day(3, 12))
    operator.post(f"/kerja/{number}/lanjut")
    assert row(number)["state"] == "checking"


def test_a_decision_says_how_many_working_days_it_took(at, checked, decider, row):
    number = checked()
    at(day(30))
    decider.post(f"/kerja/{number}/terbitkan", data={"approve-terms": ""})
    found = row(number)
    assert (found["state"], found["used_days"], found["in_time"]) == ("issued", 4, 0)


def test_nothing_is_issued_without_verification(sent, operator, db, row):
    number = sent()
    operator.post(f"/kerja/{number}/terbitkan", data={"approve-terms": ""})
    assert row(number)["state"] == "checking" and not db.execute("SELECT 1 FROM permit").fetchone()


def test_a_permit_is_issued_once(issued, decider, db):
    number = issued()
    decider.post(f"/kerja/{number}/terbitkan", data={"approve-terms": ""})
    assert db.execute("SELECT count(*) FROM permit").fetchone()[0] == 1


def test_a_refusal_needs_a_reason_and_the_applicant_reads_it(checked, decider, client, row):
    number = checked()
    assert decider.post(f"/kerja/{number}/tolak", data={"refuse-text": "tidak"}).status_code == 400
    decider.post(f"/kerja/{number}/tolak", data={"refuse-text": "Bertentangan dengan pasal 7 perda contoh."})
    assert row(number)["state"] == "refused" and "pasal 7 perda contoh" in client.get(f"/permohonan/{number}").text


def test_late_applications_come_first(at, sent, operator):
    number = sent()
    at(day(4, 12))
    page = operator.get("/kerja?status=late&lang=en").text
    assert number in page and "7 days late" in page


def test_an_operator_works_for_the_own_office_only(sent, client, db):
    number = sent()
    db.execute("UPDATE office SET unit = 7 WHERE name = 'Dinas Kesehatan'")
    db.commit()
    other = as_staff(client, "operator", "Dinas Kesehatan", 7)
    assert other.get(f"/kerja/{number}").status_code == 403
    assert other.post(f"/kerja/{number}/catatan", data={"note-text": "Catatan"}).status_code == 403


def test_personal_data_is_masked_until_somebody_looks_and_each_look_is_recorded(sent, operator, client, db):
    number = sent()
    masked = operator.get(f"/kerja/{number}").text + operator.get("/kerja").text
    assert "6474010101900001" not in masked and "+6281234567890" not in masked and "Pemohon Satu" in masked
    assert "Pemohon Satu" not in operator.get("/kerja").text
    assert "6474010101900001" in operator.post(f"/kerja/{number}/data").text
    assert db.execute("SELECT actor, public FROM event WHERE act = 'look'").fetchone()["actor"] == "Verifikator (demo)"
    assert "Verifikator" not in client.get(f"/permohonan/{number}").text


def test_internal_notes_are_for_staff(sent, operator, client):
    number = sent()
    operator.post(f"/kerja/{number}/catatan", data={"note-text": "Hanya untuk kami."})
    assert "Hanya untuk kami." in operator.get(f"/kerja/{number}").text
    assert "Hanya untuk kami." not in client.get(f"/permohonan/{number}").text


def test_drafts_are_nobodys_business(begin, operator):
    assert operator.get(f"/kerja/{begin()}").status_code == 404


def test_staff_pages_are_closed_to_citizens(sent, client, operator):
    number = sent()
    assert client.get("/kerja").status_code == 403 and client.post(f"/kerja/{number}/verifikasi").status_code == 403
    assert operator.get("/admin").status_code == 403


def test_monday_is_a_working_day():
    assert MONDAY.weekday() == 0
