"""Anggaran in the browser: a citizen reads, an office proposes, reviewers strike out, an administrator opens a year."""

from __future__ import annotations

import io
import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages import look, person, picture, shot

from .conftest import Serve, Served

OFFICE = "Dinas Pendidikan"


@pytest.fixture(scope="module")
def anggaran(serve: Serve) -> Served:
    return serve("anggaran", config={"title": "Anggaran Bontang", "kelurahan": ["Guntung", "Kanaan", "Telihan"]})


def test_a_citizen_follows_the_money_from_the_total_to_one_activity(anggaran: Served, citizen: Page) -> None:
    citizen.goto(f"{anggaran.origin}/")
    expect(citizen.locator("h1")).to_contain_text("triliun")
    look(citizen, "anggaran-home")
    picture(citizen, "anggaran", "depan")
    citizen.get_by_role("link", name="Pekerjaan Umum dan Penataan Ruang").first.click()
    look(citizen, "anggaran-rincian")
    citizen.get_by_role("link", name="Program Penyelenggaraan Jalan").click()
    citizen.get_by_role("link", name="Penyelenggaraan Jalan Kabupaten/Kota").click()
    look(citizen, "anggaran-kegiatan")
    citizen.locator(".budget-item a").first.click()
    expect(citizen.get_by_text("1.03.10.2.01")).not_to_have_count(0)
    look(citizen, "anggaran-satu")


def test_without_scripts_one_reads_what_was_saved_and_what_changed(anggaran: Served, visitor: Page) -> None:
    visitor.goto(f"{anggaran.origin}/")
    visitor.get_by_role("searchbox").fill("drainase Guntung")
    visitor.get_by_role("button", name="Search").click()
    expect(visitor.locator(".budget-item")).not_to_have_count(0)
    visitor.get_by_role("link", name="Saved", exact=True).click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("struck out")
    visitor.get_by_role("link", name="Compare", exact=True).click()
    expect(visitor.get_by_role("table").first).to_contain_text("gone")


def test_the_open_pages_are_without_barriers(anggaran: Served, citizen: Page) -> None:
    for path, name in (("dihemat", "dihemat"), ("wilayah", "wilayah"), ("banding", "banding"), ("tentang", "tentang")):
        citizen.goto(f"{anggaran.origin}/{path}")
        look(citizen, f"anggaran-{name}")
        if name == "dihemat":
            picture(citizen, "anggaran", name)


def test_an_office_proposes_and_hears_of_its_ceiling_while_typing(anggaran: Served, citizen: Page) -> None:
    anggaran.sign_in(citizen, "operator", OFFICE)
    citizen.goto(f"{anggaran.origin}/kerja")
    look(citizen, "anggaran-kerja-opd")
    citizen.get_by_role("link", name="Usulan baru").click()
    citizen.wait_for_load_state()  # its script listens to what is typed
    citizen.get_by_label("Kegiatan", exact=True).select_option(
        label="1.01.02.2.01 Pengelolaan Pendidikan Sekolah Dasar"
    )
    citizen.get_by_label("Nomor sub kegiatan").fill("0999")
    citizen.get_by_label("Nama sub kegiatan").fill("Perpustakaan keliling Guntung")
    citizen.get_by_label("Pagu (rupiah)").fill("900.000.000.000")
    expect(citizen.locator("#room")).to_contain_text("Melebihi pagu")
    look_typed(citizen)
    citizen.get_by_label("Pagu (rupiah)").fill("250.000.000")
    expect(citizen.locator("#room")).to_contain_text("Cukup")
    citizen.get_by_label("Indikator").fill("Anak yang membaca")
    citizen.get_by_label("Target").fill("400 anak")
    citizen.get_by_label("Guntung", exact=True).check()
    citizen.get_by_label("Lokasi").fill("Dekat pasar")
    citizen.get_by_label("Mengapa diperlukan").fill("Anak-anak di Guntung jauh dari perpustakaan kota.")
    citizen.get_by_role("button", name="Simpan sebagai konsep").click()
    look(citizen, "anggaran-konsep")
    citizen.get_by_role("button", name="Ajukan").click()
    expect(citizen.get_by_text("Penelaah kini melihatnya")).to_be_visible()


def look_typed(page: Page) -> None:
    shot(page, "anggaran-melebihi", full_page=True)


def test_striking_out_takes_two_people(anggaran: Served, citizen: Page, browser: Browser) -> None:
    anggaran.sign_in(citizen, "operator", "Badan Perencanaan Pembangunan Daerah")
    citizen.goto(f"{anggaran.origin}/kerja?q=Studi+banding&status=submitted")
    citizen.locator(".budget-item a").first.click()
    citizen.get_by_text("Coret, kurangi, atau pulihkan").click()
    citizen.get_by_label("Coret", exact=True).check()
    citizen.get_by_label("Jenis alasan").select_option(label="Dapat ditunda")
    citizen.get_by_label("Alasan", exact=True).fill("Dapat dipelajari dari kota yang sudah berbagi aplikasinya.")
    citizen.get_by_role("button", name="Usulkan putusan").click()
    expect(citizen.get_by_text("Menunggu penelaah lain")).to_be_visible()
    look(citizen, "anggaran-menunggu")
    with person(browser, "id") as second:
        anggaran.sign_in(second, "administrator")
        second.goto(citizen.url)
        look(second, "anggaran-telaah")
        picture(second, "anggaran", "telaah")
        second.get_by_role("button", name="Setujui sebagai orang kedua").click()
        expect(second.get_by_text("putusan berlaku")).to_be_visible()
        expect(second.locator("h1 + .total")).to_contain_text("Rp 0")


def test_a_file_is_shown_before_it_is_taken_in(anggaran: Served, citizen: Page) -> None:
    anggaran.sign_in(citizen, "administrator")
    citizen.goto(f"{anggaran.origin}/kerja/impor")
    look(citizen, "anggaran-impor")
    bring(citizen, "Kode,Sub kegiatan,OPD,Pagu\n1.01.02.2.01.0777,Meja baru,Dinas Tak Ada,10\n1.01.02,Meja,x,y\n")
    expect(citizen.get_by_role("table")).to_contain_text("Dinas Tak Ada")
    look(citizen, "anggaran-keliru")
    citizen.get_by_role("button", name="Batal").click()
    bring(citizen, f"Kode;Sub kegiatan;OPD;Pagu\n1.01.02.2.01.0777;Meja baru SD;{OFFICE};Rp 75.000.000\n")
    look(citizen, "anggaran-pratinjau")
    citizen.get_by_role("button", name="Impor semuanya").click()
    expect(citizen.get_by_text("Diimpor: 1 baru")).to_be_visible()
    with closing(sqlite3.connect(anggaran.data / "data.sqlite3")) as db:
        assert db.execute("SELECT amount FROM item WHERE code = '1.01.02.2.01.0777'").fetchall() == [(75_000_000,)]


def bring(page: Page, text: str) -> None:
    file = {"name": "usulan.csv", "mimeType": "text/csv", "buffer": io.BytesIO(text.encode()).getvalue()}
    page.get_by_label("Berkas CSV").set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="Lihat apa yang akan terjadi").click()


def test_an_administrator_sets_the_frame_and_freezes_a_version(anggaran: Served, citizen: Page) -> None:
    anggaran.sign_in(citizen, "administrator")
    for path in ("admin", "admin/pagu", "admin/kriteria", "admin/program", "kerja",
                 "kerja/jejak"):  # fmt: skip
        citizen.goto(f"{anggaran.origin}/{path}")
        look(citizen, f"anggaran-{path.replace('/', '-')}")
    citizen.goto(f"{anggaran.origin}/admin/pagu")
    citizen.get_by_label("Program", exact=True).select_option(index=1)
    citizen.get_by_label("Paling banyak (rupiah)").fill("Rp 90.000.000.000")
    citizen.get_by_role("button", name="Tetapkan", exact=True).click()
    expect(citizen.get_by_text("Pagu ditetapkan.")).to_be_visible()
    citizen.goto(f"{anggaran.origin}/admin")
    citizen.get_by_text("Tetapkan RAPBD").click()
    citizen.get_by_role("button", name="Tetapkan", exact=True).click()
    expect(citizen.get_by_text(re.compile("putusan masih menunggu orang kedua"))).to_be_visible()
