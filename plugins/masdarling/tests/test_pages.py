import io
import re
import sqlite3

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lumbung_plugin import photos
from lumbung_plugin.testing import as_sibling, as_staff
from masdarling import bank, savers, tasks
from PIL import Image
from werkzeug.test import TestResponse

from tests.conftest import PLASTIC, STAFF

STAFF_PAGES = ("/kerja", "/kerja/nasabah/baru", "/kerja/kegiatan", "/kerja/kegiatan/baru", "/admin/kelompok",
               "/admin/kelompok/1", "/admin/jenis", "/admin/jenis/1", "/admin/pos", "/admin/pos/1", "/admin/perluasan",
               "/admin/perluasan/kelurahan/1", "/admin/perluasan/kelurahan/baru",
               "/admin/perluasan/tahap/baru")  # fmt: skip
PUBLIC = ("/", "/harga", "/pos", "/kelompok", "/kelompok/1", "/kegiatan", "/perluasan", "/angka", "/buku")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def operator(client: FlaskClient) -> FlaskClient:
    made = as_staff(client, "operator")
    made.post("/kerja/pos", data={"post": "1"})
    return made


@pytest.fixture
def administrator(client: FlaskClient) -> FlaskClient:
    return as_staff(client, "administrator")


def text(response: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def picture() -> tuple[io.BytesIO, str]:
    kept = io.BytesIO()
    Image.new("RGB", (90, 60), "#3f8f5b").save(kept, "JPEG")
    kept.seek(0)
    return kept, "kegiatan.jpg"


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("language", ["id", "en"])
def test_everybody_reads_the_public_pages(client: FlaskClient, path: str, language: str) -> None:
    assert client.get(path, query_string={"lang": language}).status_code == 200


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_citizens_do_not_see_staff_pages(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", STAFF_PAGES)
@pytest.mark.parametrize("language", ["id", "en"])
def test_administrators_see_staff_pages(administrator: FlaskClient, path: str, language: str) -> None:
    assert administrator.get(path, query_string={"lang": language}).status_code == 200


@pytest.mark.parametrize("path", [path for path in STAFF_PAGES if path.startswith("/admin")])
def test_operators_do_not_administer(operator: FlaskClient, path: str) -> None:
    assert operator.get(path).status_code == 403


def test_an_operator_opens_a_passbook_weighs_and_pays_out(operator: FlaskClient, client: FlaskClient) -> None:
    made = operator.post("/kerja/nasabah/baru", data={"name": "Warga (demo)", "phone": "", "rt_id": "1"})
    number, code = re.search(r"BS-2026-\d{6}", made.text)[0], re.search(r"code-big\">([A-Z0-9-]+)<", made.text)[1]
    booked = operator.post("/kerja/nasabah/1/setor", data={"kg-1": "2,5", "kg-2": "", "nonce": "a"})
    assert booked.status_code == 303
    assert "Rp 8.750" in text(operator.get("/kerja/nasabah/1?lang=id"))
    operator.post("/kerja/nasabah/1/tarik", data={"amount": "5.000", "nonce": "b"})
    client.post("/buku", data={"number": number, "code": code})
    book = text(client.get("/buku?lang=id"))
    assert "Rp 3.750" in book and "2,5 kg Plastik × Rp 3.500" in book and "Penarikan" in book


@pytest.mark.parametrize(("path", "sent", "words"), [
    ("setor", {"kg-1": "banyak"}, "Tulis berat dalam kilogram"),
    ("setor", {"kg-1": ""}, "Belum ada yang ditimbang"),
    ("setor", {"kg-1": "99999"}, "Tulis berat dalam kilogram"),
    ("tarik", {"amount": "-1"}, "Tulis jumlah dalam rupiah bulat"),
    ("tarik", {"amount": "50000"}, "Saldonya hanya Rp 0"),
])  # fmt: skip
def test_bad_input_is_explained_and_stays_typed(
    operator: FlaskClient, saver: int, path: str, sent: dict[str, str], words: str
) -> None:
    answer = operator.post(f"/kerja/nasabah/{saver}/{path}?lang=id", data=sent)
    assert answer.status_code == 422 and words in text(answer)
    assert f'value="{next(iter(sent.values()))}"' in answer.text


def test_without_a_post_nothing_is_booked(client: FlaskClient, saver: int) -> None:
    answer = as_staff(client).post(f"/kerja/nasabah/{saver}/setor?lang=id", data={"kg-1": "1"})
    assert answer.status_code == 422 and "Pilih dahulu pos" in text(answer)


def test_an_entry_is_reversed_only_in_its_own_passbook(
    operator: FlaskClient, saver: int, db: sqlite3.Connection
) -> None:
    entry = bank.deposit(db, saver, 1, [(PLASTIC, 1000)], STAFF, "n1")
    assert operator.post(f"/kerja/nasabah/{saver + 1}/balik/{entry}", data={"note": "x"}).status_code == 404
    operator.post(f"/kerja/nasabah/{saver}/balik/{entry}", data={"note": "Salah timbang"})
    assert "Salah timbang" in text(operator.get(f"/kerja/nasabah/{saver}"))


def test_an_open_passbook_is_downloaded_as_a_letter_and_nobody_elses(
    app: Flask, client: FlaskClient, db: sqlite3.Connection
) -> None:
    with app.app_context():
        made, number, code = savers.join(db, 1, "Warga (demo)", "")
    bank.deposit(db, made, 1, [(PLASTIC, 1500)], STAFF, "n1")
    assert client.get("/buku/buku.pdf").status_code == 303
    client.post("/buku", data={"number": number, "code": code})
    letter = client.get("/buku/buku.pdf")
    assert letter.data.startswith(b"%PDF-") and "attachment" in letter.headers["Content-Disposition"]


def test_wrong_number_and_wrong_code_are_told_alike(client: FlaskClient, saver: int) -> None:
    found = [text(client.post("/buku?lang=id", data={"number": number, "code": "AAAA-AAAA"}))
             for number in ("BS-2026-000001", "BS-2026-999999")]  # fmt: skip
    assert "tidak cocok" in found[0] and found[0] == found[1].replace("999999", "000001")


def test_a_new_code_closes_the_book_that_was_open(app: Flask, client: FlaskClient, db: sqlite3.Connection) -> None:
    with app.app_context():
        made, number, code = savers.join(db, 1, "Warga (demo)", "")
        client.post("/buku", data={"number": number, "code": code})
        assert number in client.get("/buku").text
        savers.renew_code(db, made)
    assert number not in client.get("/buku").text


def test_a_citizen_closes_an_empty_passbook_and_is_forgotten_at_once(
    app: Flask, client: FlaskClient, db: sqlite3.Connection
) -> None:
    with app.app_context():
        made, number, code = savers.join(db, 1, "Warga (demo)", "081234567890")
    client.post("/buku", data={"number": number, "code": code})
    client.post("/buku/hapus")
    row = savers.customer(db, made)
    assert row is not None and (row["name"], row["phone"]) == (None, None)


def test_who_left_is_forgotten_after_the_chosen_days(db: sqlite3.Connection, saver: int) -> None:
    db.execute("UPDATE customer SET closed = '2026-10-01T00:00:00+00:00' WHERE id = ?", (saver,))
    db.commit()
    tasks.tidy()
    row = savers.customer(db, saver)
    assert row is not None and row["name"] is None


def test_names_of_savers_are_in_no_public_page(client: FlaskClient, saver: int, db: sqlite3.Connection) -> None:
    db.execute("UPDATE customer SET name = 'Nama Rahasia'")
    db.commit()
    bank.deposit(db, saver, 1, [(PLASTIC, 1000)], STAFF, "n1")
    told = as_sibling(client, "pusatkendali", "kpi.read").get("/_kpi").text
    assert all("Rahasia" not in page for page in (*(client.get(path).text for path in PUBLIC), told,
                                                  client.get("/angka.csv").text))  # fmt: skip


def test_an_activity_is_told_with_a_photo_that_is_drawn_anew(operator: FlaskClient, client: FlaskClient) -> None:
    sent = {"title": "Kerja bakti", "rt_id": "1", "day": "2026-11-22", "people": "12", "body": "Membersihkan parit.",
            "photos": picture(), "text": "Parit yang bersih", "shown": "y"}  # fmt: skip
    assert operator.post("/kerja/kegiatan/baru", data=sent).status_code == 303
    page = client.get("/kegiatan/1").text
    name = re.search(r"/foto/([0-9a-f]{32})\.jpg", page)[1]
    assert client.get(f"/foto/{name}.jpg").mimetype == "image/jpeg" and "Parit yang bersih" in page
    operator.post("/kerja/kegiatan/1/hapus")
    assert client.get(f"/foto/{name}.jpg").status_code == 404 and not list(photos.folder().glob("*"))


def test_a_draft_and_its_photos_are_seen_by_staff_only(operator: FlaskClient, client: FlaskClient) -> None:
    sent = {"title": "Rencana", "rt_id": "1", "day": "2026-11-22", "people": "0", "body": "Belum.", "photos": picture()}
    operator.post("/kerja/kegiatan/baru", data=sent)
    name = re.search(r"/foto/([0-9a-f]{32})\.jpg", operator.get("/kegiatan/1").text)[1]
    assert client.get("/kegiatan/1").status_code == 404 and client.get(f"/foto/{name}.jpg").status_code == 404


def test_what_is_no_photo_is_refused_and_the_text_stays(operator: FlaskClient) -> None:
    sent = {"title": "Kerja bakti", "rt_id": "1", "day": "2026-11-22", "people": "1", "body": "Parit.", "shown": "y",
            "photos": (io.BytesIO(b"%PDF-1.4 <script>"), "surat.jpg")}  # fmt: skip
    answer = operator.post("/kerja/kegiatan/baru?lang=id", data=sent)
    assert answer.status_code == 422 and "surat.jpg" in text(answer) and "Parit." in answer.text
    assert not list(photos.folder().glob("*"))


def test_a_kelurahan_that_runs_needs_the_day_it_started(administrator: FlaskClient) -> None:
    sent = {"name": "Kanaan", "reach": "running", "started": "", "note": ""}
    answer = administrator.post("/admin/perluasan/kelurahan/baru?lang=id", data=sent)
    assert answer.status_code == 422 and "Tulis hari kelurahan itu mulai." in text(answer)


def test_a_stage_ends_after_it_begins(administrator: FlaskClient) -> None:
    sent = {"name": "Percontohan", "name_en": "", "begins": "2026-05-01", "ends": "2026-04-01", "aim": "1"}
    assert administrator.post("/admin/perluasan/tahap/baru", data=sent).status_code == 422
    assert administrator.post("/admin/perluasan/tahap/baru", data=sent | {"ends": "2026-06-01"}).status_code == 303


def test_an_administrator_sets_a_price(administrator: FlaskClient) -> None:
    sent = {"price-per_kg": "4000", "price-since": "2026-11-23"}
    assert administrator.post("/admin/jenis/1/harga", data=sent).status_code == 303
    assert "Rp 4.000" in text(administrator.get("/harga?lang=id"))


def test_a_group_has_one_name_in_its_kelurahan(administrator: FlaskClient) -> None:
    sent = {"name": "rt 05", "kelurahan_id": "1", "households": "30", "active": "y"}
    answer = administrator.post("/admin/kelompok?lang=id", data=sent)
    assert answer.status_code == 422 and "sudah ada" in text(answer)


def test_the_first_page_is_light(client: FlaskClient) -> None:
    page = client.get("/")
    linked = re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js)[^"]*)"', page.text)
    assert sum(len(client.get(address).data) for address in linked) + len(page.data) < 100_000
