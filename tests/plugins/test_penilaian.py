"""Penilaian in the browser: a citizen, an operator and an administrator, each with a whole errand."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.pages import look, picture

from .conftest import Serve, Served


@pytest.fixture(scope="module")
def penilaian(serve: Serve) -> Served:
    return serve("penilaian", config={"title": "Nilai Layanan Bontang"})


def test_a_citizen_rates_writes_and_answers_the_survey(penilaian: Served, citizen: Page) -> None:
    citizen.goto(penilaian.origin)
    look(citizen, "penilaian-home")
    citizen.get_by_role("link", name="KTP elektronik").click()
    look(citizen, "penilaian-rate")
    picture(citizen, "penilaian", "nilai")
    citizen.get_by_role("button", name="Sangat puas").click()
    expect(citizen.locator("h1")).to_have_text("Terima kasih, sudah dihitung")
    citizen.get_by_label("Komentar Anda").fill("Cepat dan ramah (demo).")
    citizen.get_by_role("button", name="Kirim komentar").click()
    expect(citizen.get_by_text("KMT-")).to_be_visible()
    look(citizen, "penilaian-thanks")
    citizen.get_by_role("link", name="Isi survei").click()
    look(citizen, "penilaian-survey")
    for element in range(1, 10):
        citizen.locator(f"input[name=u{element}][value='4']").check()
    citizen.get_by_role("button", name="Kirim survei").click()
    expect(citizen.locator("h1")).to_have_text("Terima kasih, sudah dihitung")


def test_a_visitor_without_scripts_reads_the_results(penilaian: Served, visitor: Page) -> None:
    visitor.goto(f"{penilaian.origin}/hasil")
    visitor.get_by_role("link", name="Dinas Kependudukan dan Pencatatan Sipil").click()
    visitor.get_by_role("link", name="Civil registry hall").click()
    expect(visitor.get_by_role("heading", name="Set aside")).to_be_visible()
    visitor.get_by_role("link", name="Rate this").click()
    visitor.get_by_role("button", name="Less than satisfied").click()
    expect(visitor.locator("h1")).to_have_text("Thank you, that is counted")


def test_everybody_sees_beautiful_results(penilaian: Served, citizen: Page) -> None:
    citizen.goto(f"{penilaian.origin}/hasil")
    look(citizen, "penilaian-results")
    picture(citizen, "penilaian", "hasil")
    citizen.get_by_role("link", name="Dinas Kependudukan").click()
    look(citizen, "penilaian-office")
    citizen.get_by_role("link", name="Mal pelayanan dukcapil").click()
    look(citizen, "penilaian-target")
    for path, name in (("/tentang", "about"), ("/hapus", "withdraw")):
        citizen.goto(f"{penilaian.origin}{path}")
        look(citizen, f"penilaian-{name}")


def test_an_operator_checks_answers_judges_and_reports(penilaian: Served, citizen: Page) -> None:
    penilaian.sign_in(citizen, "operator")
    citizen.goto(f"{penilaian.origin}/kerja")
    look(citizen, "penilaian-desk")
    citizen.get_by_role("link", name="Jawab", exact=True).first.click()
    look(citizen, "penilaian-comment")
    citizen.get_by_label("Tanggapan unit").fill("Terima kasih (demo).")
    citizen.get_by_role("button", name="Simpan tanggapan").click()
    citizen.get_by_role("button", name="Tampilkan komentar untuk umum").click()
    expect(citizen.get_by_text("Komentar kini tampil untuk umum.")).to_be_visible()
    citizen.goto(f"{penilaian.origin}/kerja/lonjakan")
    look(citizen, "penilaian-bursts")
    citizen.locator(".item a").first.click()
    look(citizen, "penilaian-burst")
    citizen.get_by_label("Keluarkan dari hitungan").check()
    citizen.get_by_label("Alasan").fill("Datang dari satu layar, di luar jam layanan (demo).")
    citizen.get_by_role("button", name="Putuskan").click()
    citizen.goto(f"{penilaian.origin}/kerja/rencana")
    look(citizen, "penilaian-plans")
    citizen.get_by_role("button", name="Tandai selesai").first.click()
    expect(citizen.get_by_text("Tersimpan.")).to_be_visible()
    citizen.goto(f"{penilaian.origin}/kerja/laporan")
    look(citizen, "penilaian-report")
    picture(citizen, "penilaian", "laporan")
    with citizen.expect_download() as letter:
        citizen.get_by_role("link", name="Laporan (PDF)").click()
    assert letter.value.suggested_filename.startswith("laporan-skm-")


def test_an_administrator_adds_a_service_and_prints_its_poster(penilaian: Served, citizen: Page) -> None:
    penilaian.sign_in(citizen, "administrator")
    citizen.goto(f"{penilaian.origin}/admin")
    look(citizen, "penilaian-admin")
    citizen.get_by_role("link", name="Tambah").click()
    look(citizen, "penilaian-form")
    citizen.get_by_label("Nama, atau jabatan petugas").fill("Surat pindah")
    citizen.get_by_role("button", name="Simpan").click()
    citizen.get_by_role("link", name="Poster dan kode kunjungan").click()
    look(citizen, "penilaian-poster")
    with citizen.expect_download() as poster:
        citizen.get_by_role("link", name="Poster A4 (PDF)").click()
    assert poster.value.suggested_filename.endswith(".pdf")
    citizen.goto(f"{penilaian.origin}/admin/periode")
    look(citizen, "penilaian-periods")
    citizen.get_by_role("link", name="Orang yang dilayani").first.click()
    look(citizen, "penilaian-period")
    citizen.goto(f"{penilaian.origin}/kerja/poster")
    look(citizen, "penilaian-posters")
