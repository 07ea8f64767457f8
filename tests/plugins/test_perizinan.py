"""Perizinan in the browser: a citizen, an operator and an administrator, each on a whole errand."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from tests.pages import PHONE, REPOSITORY, WIDE, look, picture, shot

from .conftest import Serve, Served

CONFIG = {
    "title": "Si Peri Etnik",
    "letterhead": "Jalan Awang Long, Bontang",
    "contact": "Kesah Etam",
    "map_latitude": 0.133,
    "map_longitude": 117.48,
}
SIMTARU = REPOSITORY / "plugins" / "simtaru" / "lumbung.toml"
PLACE = (0.1256, 117.4775)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n"


@pytest.fixture(scope="module")
def perizinan(serve: Serve) -> Served:
    return serve("perizinan", siblings=("simtaru",) if SIMTARU.exists() else (), config=CONFIG)


def number_of(page: Page) -> str:
    return page.url.rpartition("/")[2].partition("?")[0]


def code_on(letter: Path) -> str:
    """What a phone reads from the one QR code of a letter's first page, drawn as on paper."""
    with closing(pypdfium2.PdfDocument(letter)) as pdf:
        (found,) = zxingcpp.read_barcodes(pdf[0].render(scale=2).to_pil())
    return str(found.text)


def open_demo(page: Page, origin: str, state: str) -> None:
    page.goto(f"{origin}/ikuti")
    number = page.locator(".demo-numbers li", has_text=state).locator(".number").first.inner_text()
    page.get_by_label("Nomor permohonan").fill(number)
    page.get_by_label("Kode rahasia").fill("DEMO-2026")
    page.get_by_role("button", name="Buka permohonan saya").click()
    expect(page.locator("h1")).to_be_visible()


def test_everybody_reads_chooses_and_verifies(perizinan: Served, citizen: Page) -> None:
    for path, name in (("/", "home"), ("/izin", "types"), ("/izin/reklame", "type"), ("/daftar", "register"),
                       ("/angka", "figures"), ("/tentang", "about"), ("/periksa", "find")):  # fmt: skip
        citizen.goto(perizinan.origin + path)
        look(citizen, f"perizinan-{name}")
        if name == "type":
            picture(citizen, "perizinan", "izin")
    for status in ("valid", "expired", "revoked"):
        citizen.goto(f"{perizinan.origin}/daftar?status={status}")
        citizen.locator("tbody a").first.click()
        expect(citizen.locator(".verdict")).to_be_visible()
        if status == "valid":
            look(citizen, "perizinan-verify")
            picture(citizen, "perizinan", "periksa")


def test_the_register_folds_on_a_phone(perizinan: Served, citizen: Page) -> None:
    citizen.set_viewport_size(PHONE)
    citizen.goto(f"{perizinan.origin}/daftar")
    table = citizen.get_by_role("table")
    expect(table).to_have_class(re.compile(r"\bas-rows\b"))
    row = table.get_by_role("row").nth(1)
    expect(row.get_by_role("rowheader")).to_be_in_viewport()
    expect(row.get_by_role("cell").last).to_be_in_viewport()
    expect(row.get_by_role("cell").first).to_have_attribute("data-label", "Izin")
    citizen.set_viewport_size(WIDE)
    expect(table).not_to_have_class(re.compile(r"\bas-rows\b"))


def apply(page: Page, origin: str, words: dict[str, str]) -> str:
    """The first step; returns the draft's number."""
    page.goto(f"{origin}/izin/rencana-kota")
    page.get_by_role("link", name=words["apply"]).click()
    page.locator("#nik").fill("123")
    page.locator("form.card button, .actions button").last.click()
    expect(page.get_by_text(words["wrong"]).first).to_be_visible()
    page.locator("#purpose").fill("Rumah dua lantai, tanah 210 m2.")
    page.locator("#name").fill("Pemohon (demo)")
    page.locator("#nik").fill("9999990101900001")
    page.locator("#phone").fill("0812 3456 7890")
    page.locator("#address").fill("Jalan Contoh 1")
    page.locator("#agreed").check()
    page.locator(".actions button").last.click()
    expect(page.locator("#kode")).to_be_visible()
    return number_of(page)


def send_papers(page: Page, paper: Path) -> None:
    paper.write_bytes(PDF)
    for _ in range(3):
        card = page.locator(".need:not(.need-done)").first
        card.locator("input[type=file]").set_input_files(paper)
        card.locator("button").click()
        page.wait_for_load_state()


def test_a_citizen_without_scripts_applies(perizinan: Served, visitor: Page, tmp_path: Path) -> None:
    number = apply(visitor, perizinan.origin, {"apply": "Apply", "wrong": "A NIK has 16 digits"})
    visitor.get_by_role("link", name="Written down, go on").click()
    visitor.get_by_label("Address of the place").fill("Jalan Contoh 1, Kanaan")
    visitor.get_by_label("Latitude").fill(str(PLACE[0]))
    visitor.get_by_label("Longitude").fill(str(PLACE[1]))
    visitor.get_by_role("button", name="Ask the spatial plan and save").click()
    visitor.goto(f"{perizinan.origin}/permohonan/{number}/berkas")
    send_papers(visitor, tmp_path / "berkas.pdf")
    visitor.get_by_role("link", name="Look over and send").last.click()
    visitor.get_by_role("button", name="Send the application").click()
    expect(visitor.get_by_text("Your application is sent")).to_be_visible()


def test_the_guided_form_is_pleasant(perizinan: Served, citizen: Page, tmp_path: Path) -> None:
    citizen.goto(f"{perizinan.origin}/izin/rencana-kota/ajukan")
    look(citizen, "perizinan-begin")
    number = apply(citizen, perizinan.origin, {"apply": "Ajukan", "wrong": "NIK terdiri"})
    shot(citizen, "perizinan-receipt", full_page=True)
    citizen.goto(f"{perizinan.origin}/permohonan/{number}/tempat")
    citizen.get_by_label("Alamat lokasi").fill("Jalan Contoh 1, Kanaan")
    citizen.get_by_label("Lintang").fill(str(PLACE[0]))
    citizen.get_by_label("Bujur").fill(str(PLACE[1]))
    citizen.get_by_role("button", name="Tanya rencana tata ruang").click()
    citizen.goto(f"{perizinan.origin}/permohonan/{number}/tempat")
    expect(citizen.locator(".zone")).to_be_visible()
    look(citizen, "perizinan-place")
    citizen.goto(f"{perizinan.origin}/permohonan/{number}/berkas")
    send_papers(citizen, tmp_path / "berkas.pdf")
    look(citizen, "perizinan-papers")
    citizen.goto(f"{perizinan.origin}/permohonan/{number}")
    look(citizen, "perizinan-send")


def test_the_applicant_follows_and_corrects(perizinan: Served, citizen: Page, tmp_path: Path) -> None:
    paper = tmp_path / "baru.pdf"
    paper.write_bytes(PDF)
    citizen.goto(f"{perizinan.origin}/ikuti")
    look(citizen, "perizinan-follow")
    open_demo(citizen, perizinan.origin, "Menunggu perbaikan Anda")
    look(citizen, "perizinan-correction")
    citizen.get_by_role("link", name="Ganti berkas").click()
    citizen.locator("input[type=file]").set_input_files(paper)
    citizen.locator(".need button").click()
    citizen.get_by_role("link", name="Periksa dan kirim").last.click()
    citizen.get_by_role("button", name="Kirim perbaikan").click()
    expect(citizen.get_by_text("Perbaikan Anda terkirim")).to_be_visible()
    open_demo(citizen, perizinan.origin, "Izin terbit")
    look(citizen, "perizinan-issued")
    with citizen.expect_download() as download:
        citizen.get_by_role("link", name="Unduh surat izin").click()
    address = code_on(Path(download.value.path()))
    assert address.startswith(f"{perizinan.origin}/periksa/")
    citizen.goto(address)
    expect(citizen.locator(".verdict")).to_contain_text("Izin ini berlaku")
    expect(citizen.get_by_text("Segel surat benar")).to_be_visible()


def test_an_operator_verifies_and_another_decides(perizinan: Served, citizen: Page) -> None:
    perizinan.sign_in(citizen, "operator")
    citizen.goto(f"{perizinan.origin}/kerja")
    look(citizen, "perizinan-queue")
    picture(citizen, "perizinan", "kerja")
    citizen.locator(".list .item h2 a").first.click()
    citizen.get_by_text("Kembalikan untuk diperbaiki").click()
    citizen.get_by_label("Data atau lokasi", exact=True).check()
    expect(citizen.locator("#reason-0")).to_be_visible()
    address = citizen.url
    look(citizen, "perizinan-work")
    citizen.goto(address)
    citizen.get_by_label("Lengkap dan benar").check()
    citizen.get_by_label("Catatan bagi pengambil keputusan").fill("Berkas lengkap dan benar.")
    citizen.get_by_role("button", name="Teruskan untuk diputuskan").click()
    expect(citizen.get_by_text("Terverifikasi.")).to_be_visible()
    expect(citizen.get_by_role("heading", name="Empat mata")).to_be_visible()
    perizinan.sign_in(citizen, "administrator")
    citizen.goto(address)
    look(citizen, "perizinan-decide")
    citizen.get_by_role("button", name="Terbitkan izin").click()
    expect(citizen.get_by_text("Izin terbit. Pemohon dapat")).to_be_visible()


def test_a_surveyor_writes_down_what_was_found(perizinan: Served, citizen: Page) -> None:
    perizinan.sign_in(citizen, "operator")
    citizen.goto(f"{perizinan.origin}/kerja?status=surveying")
    citizen.locator(".list .item h2 a").first.click()
    look(citizen, "perizinan-survey")
    citizen.get_by_text("Catat hasil survei").click()
    if not citizen.get_by_label("Sesuai di lokasi", exact=True).is_visible():
        citizen.get_by_text("Catat hasil survei").click()
    citizen.get_by_label("Sesuai di lokasi", exact=True).check()
    citizen.get_by_label("Yang ditemukan").fill("Sesuai gambar, jarak 3 m.")
    citizen.get_by_role("button", name="Simpan hasil survei").click()
    expect(citizen.get_by_text("Hasil survei tersimpan.")).to_be_visible()


def test_an_administrator_keeps_the_types(perizinan: Served, citizen: Page) -> None:
    perizinan.sign_in(citizen, "administrator")
    citizen.goto(f"{perizinan.origin}/admin")
    look(citizen, "perizinan-admin")
    citizen.get_by_role("link", name="Izin Penyelenggaraan Reklame").click()
    look(citizen, "perizinan-type-edit")
    citizen.get_by_label("Standar pelayanan (hari kerja)").fill("6")
    citizen.get_by_role("button", name="Simpan").click()
    expect(citizen.get_by_text("Tersimpan.")).to_be_visible()
    for path, name in (("/admin/jenis/1/syarat", "needs"), ("/admin/kalender", "calendar")):
        citizen.goto(perizinan.origin + path)
        look(citizen, f"perizinan-{name}")
