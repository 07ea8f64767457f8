import csv
import io
from datetime import UTC, datetime

TODAY = datetime.now(UTC).date().isoformat()
SPAN = {"start": TODAY, "end": "2099-01-01", "state": ""}


def rows(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_export_has_the_national_fields(administrator, answered):
    number, _ = answered(title="=HYPERLINK(1) rusak", kind="wish", anonymous="y")
    found = rows(administrator.post("/admin/ekspor", data=SPAN))[0]
    assert (found["Nomor Laporan"], found["Klasifikasi"], found["Status"]) == (number, "Aspirasi", "Selesai")
    assert (found["Judul Laporan"], found["Anonim"]) == ("'=HYPERLINK(1) rusak", "Ya")
    assert found["Jawaban Terakhir"] == "Lampu sudah diganti."


def test_contacts_are_exported_only_on_request(administrator, published):
    published(reporter_phone="081234567890")
    assert "+6281234567890" not in administrator.post("/admin/ekspor", data=SPAN).text
    assert "+6281234567890" in administrator.post("/admin/ekspor", data=SPAN | {"contacts": "y"}).text


def test_an_export_of_days_backwards_is_explained(administrator):
    answer = administrator.post("/admin/ekspor", data={"start": "2026-02-02", "end": "2026-01-01"})
    assert answer.status_code == 400 and "mendahului" in answer.text


def test_operators_do_not_export(operator):
    assert operator.post("/admin/ekspor", data=SPAN).status_code == 403


def test_a_category_out_of_use_is_offered_no_more(administrator, client):
    administrator.post("/admin/kategori/1", data={"name": "Jalan dan jembatan", "office_id": ""})
    assert "Jalan dan jembatan" not in client.get("/lapor").text


def test_an_english_reader_gets_the_english_category(administrator, client):
    administrator.post(
        "/admin/kategori", data={"name": "Taman kota", "name_en": "Parks", "active": "y", "office_id": "1"}
    )
    assert "Parks" in client.get("/lapor?lang=en").text and "Taman kota" in client.get("/lapor?lang=id").text


def test_a_name_stands_on_a_list_once(administrator, db):
    before = db.execute("SELECT count(*) FROM office").fetchone()[0]
    answer = administrator.post("/admin/opd", data={"name": "dinas kesehatan"}, follow_redirects=True)
    assert "sudah ada" in answer.text and db.execute("SELECT count(*) FROM office").fetchone()[0] == before
