"""The administrator: types, requirements, the calendar."""

import pytest

TYPE = {
    "name": "Izin Contoh", "name_en": "Example Permit", "code": "CTH", "about": "Untuk contoh saja.",
    "legal": "Perda contoh",
    "days": "4", "fee": "Gratis", "valid_months": "12", "office_id": "", "active": "y",
}  # fmt: skip


def test_a_new_type_is_open_at_once(administrator, client):
    answer = administrator.post("/admin/jenis/baru", data=TYPE)
    assert "/syarat" in answer.headers["Location"]
    page = client.get("/izin/izin-contoh?lang=en").text
    assert "Example Permit" in page and "Perda contoh" in page


@pytest.mark.parametrize(
    "change",
    [{"code": "x"}, {"code": "REK"}, {"code": "PRZ"}, {"days": "0"}, {"days": "121"}, {"name": ""}, {"zoning": "y"},
     {"office_id": "99999"}, {"zoning_use": "a b"}, {"valid_months": "-1"}],
)  # fmt: skip
def test_a_type_that_is_not_right_is_refused_in_words(administrator, db, change):
    before = db.execute("SELECT count(*) FROM permit_type").fetchone()[0]
    answer = administrator.post("/admin/jenis/baru", data=TYPE | change)
    assert answer.status_code == 400 and 'class="error"' in answer.text
    assert db.execute("SELECT count(*) FROM permit_type").fetchone()[0] == before


def test_a_change_of_the_standard_holds_for_later_applications(at, sent, administrator, row, db):
    number = sent()
    type_id = row(number)["type_id"]
    found = dict(db.execute("SELECT * FROM permit_type WHERE id = ?", (type_id,)).fetchone())
    values = {key: value for key, value in found.items() if value not in (0, "")} | {"days": "30", "active": "y"}
    administrator.post(f"/admin/jenis/{type_id}", data=values)
    assert (row(number)["standard_days"], row(number)["deadline"]) == (3, "2026-11-27")
    assert row(sent())["standard_days"] == 30


def test_a_requirement_comes_and_goes_and_files_stay(administrator, sent, client, db):
    number = sent()
    type_id = db.execute("SELECT id FROM permit_type WHERE slug = 'penelitian'").fetchone()["id"]
    form = {"name": "Surat baru", "accept": "pdf", "position": "9", "needed": "y"}
    administrator.post(f"/admin/jenis/{type_id}/syarat", data=form)
    assert "Surat baru" in client.get("/izin/penelitian").text
    old = db.execute("SELECT min(id) AS id FROM requirement WHERE type_id = ?", (type_id,)).fetchone()["id"]
    administrator.post(f"/admin/jenis/{type_id}/syarat/{old}/hapus")
    assert "kartu mahasiswa" not in client.get("/izin/penelitian").text
    assert "kartu mahasiswa" in client.get(f"/permohonan/{number}").text


def test_the_calendar_names_the_holidays(administrator):
    page = administrator.get("/admin/kalender?tahun=2026&lang=en").text
    assert "Independence Day" in page and "26 Nov 2026" in page
    assert administrator.get("/admin/kalender?tahun=99999999999").status_code == 200


def test_a_fresh_city_opens_what_it_has_adapted(client, db):
    db.execute("UPDATE permit_type SET active = 0")
    db.commit()
    assert client.get("/").status_code == 200 and client.get("/izin").status_code == 200
