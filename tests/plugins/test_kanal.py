"""Kanal in the browser: a citizen, an operator and an administrator, each with a whole errand."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.pages import look, picture

from .conftest import Serve, Served


@pytest.fixture(scope="module")
def kanal(serve: Serve) -> Served:
    return serve("kanal", siblings=("lapor",), config={"title": "Kanal Resmi Bontang"})


def test_a_citizen_learns_what_is_genuine_and_reports_a_fake(kanal: Served, citizen: Page) -> None:
    citizen.goto(kanal.origin)
    look(citizen, "kanal-home")
    picture(citizen, "kanal", "akun")
    citizen.get_by_label("Tempel alamat akun").fill("https://www.instagram.com/KominfoBontang/")
    citizen.get_by_role("button", name="Periksa").click()
    expect(citizen.get_by_role("heading", name="Resmi: @kominfobontang")).to_be_visible()
    look(citizen, "kanal-official")
    citizen.goto(f"{kanal.origin}/?q=@bansos_bontang")
    expect(citizen.get_by_role("heading", name="Palsu: @bansos_bontang")).to_be_visible()
    citizen.goto(f"{kanal.origin}/lapor-palsu")
    look(citizen, "kanal-report")
    citizen.get_by_label("Alamat akun").fill("instagram.com/ktp_kilat_demo")
    citizen.get_by_role("button", name="Kirim").click()
    expect(citizen.locator("h1")).to_have_text("Terima kasih, kami periksa")
    look(citizen, "kanal-thanks")


def test_a_visitor_without_scripts_checks_an_address(kanal: Served, visitor: Page) -> None:
    visitor.goto(kanal.origin)
    visitor.get_by_label("Paste the address").fill("https://x.com.evil.example/kominfobontang")
    visitor.get_by_role("button", name="Check").click()
    expect(visitor.get_by_role("heading", name="Not in the list")).to_be_visible()


def test_an_operator_makes_a_report_of_lapor_and_copies_the_answer(kanal: Served, citizen: Page) -> None:
    kanal.sign_in(citizen, "operator")
    citizen.goto(f"{kanal.origin}/kerja")
    look(citizen, "kanal-inbox")
    picture(citizen, "kanal", "kotak")
    citizen.locator(".item h2 a").first.click()
    look(citizen, "kanal-mention")
    citizen.get_by_role("button", name="Kirim ke Lapor").click()
    expect(citizen.get_by_text("Lapor menerimanya.")).to_be_visible()
    expect(citizen.get_by_label("Jawaban untuk warga")).to_have_value(re.compile(r"dengan nomor LP-\d{4}-\d+"))
    citizen.get_by_role("button", name="Tanyakan lagi").click()
    look(citizen, "kanal-reported")
    picture(citizen, "kanal", "sebutan")


def test_an_operator_loads_checks_and_judges(kanal: Served, citizen: Page) -> None:
    kanal.sign_in(citizen, "operator")
    for path, name in (("impor", "import"), ("waktu", "speed"), ("akun", "checks"), ("palsu", "fakes")):
        citizen.goto(f"{kanal.origin}/kerja/{path}")
        look(citizen, f"kanal-{name}")
    citizen.locator(".item a").first.click()
    look(citizen, "kanal-fake")
    citizen.get_by_label("Palsu: peringatkan warga").check()
    citizen.get_by_label("Alasan").fill("Memakai logo kota dan meminta uang (demo).")
    citizen.get_by_role("button", name="Putuskan").click()
    expect(citizen.get_by_text("Sudah diputuskan.")).to_be_visible()


def test_an_administrator_lists_and_verifies_an_account(kanal: Served, citizen: Page) -> None:
    kanal.sign_in(citizen, "administrator")
    citizen.goto(f"{kanal.origin}/admin")
    look(citizen, "kanal-admin")
    citizen.get_by_role("link", name="Dinas Sosial").click()
    look(citizen, "kanal-form")
    citizen.get_by_label("Akun", exact=True).fill("@dinsosbontang")
    citizen.get_by_label("Penanggung jawab (jabatan)").fill("Sekretaris Dinas")
    citizen.get_by_label("Pengganti (jabatan)").fill("Pranata Humas")
    citizen.get_by_role("button", name="Simpan").click()
    look(citizen, "kanal-account")
    citizen.get_by_label("Surat resmi unit").check()
    citizen.get_by_role("button", name="Diverifikasi hari ini").click()
    expect(citizen.get_by_text("Terverifikasi. Warga melihat sejak kapan.")).to_be_visible()
    citizen.get_by_label("Apa masalahnya?").select_option("taken")
    citizen.get_by_role("button", name="Ada masalah").click()
    look(citizen, "kanal-problem")
    citizen.goto(f"{kanal.origin}/?q=@dinsosbontang")
    expect(citizen.get_by_role("heading", name="Hati-hati: @dinsosbontang")).to_be_visible()
    citizen.goto(f"{kanal.origin}/admin/webhook")
    look(citizen, "kanal-webhook")
