"""SPBE in the browser: everybody reads the index, an office claims a level with evidence, an assessor reviews it, an
administrator closes the year."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.pages import look, picture

from .conftest import BONTANG, Serve, Served

YEAR = datetime.now(ZoneInfo(BONTANG["TENANT_TIMEZONE"])).year
PUBLIC = (
    (f"/tahun/{YEAR - 1}", "year"),
    (f"/banding?dari=2020&ke={YEAR - 1}", "instruments"),
    (f"/banding?dari={YEAR - 2}&ke={YEAR - 1}", "compare"),
    ("/tentang", "about"),
)


@pytest.fixture(scope="module")
def spbe(serve: Serve) -> Served:
    return serve("spbe", config={"title": "SPBE Bontang", "place": "Bontang"})


def test_everybody_reads_the_index(spbe: Served, citizen: Page) -> None:
    citizen.goto(f"{spbe.origin}/")
    expect(citizen.locator(".big")).to_be_visible()
    look(citizen, "spbe-home")
    picture(citizen, "spbe", "indeks")
    for path, name in PUBLIC:
        citizen.goto(f"{spbe.origin}{path}")
        look(citizen, f"spbe-{name}")


def test_a_citizen_without_scripts_compares_two_years(spbe: Served, visitor: Page) -> None:
    visitor.goto(f"{spbe.origin}/banding")
    visitor.get_by_label("From").select_option("2019")
    visitor.get_by_role("button", name="Compare").click()
    expect(visitor.get_by_text("Two instruments, two yardsticks.")).to_be_visible()


def test_an_office_claims_with_evidence_and_an_assessor_reviews(spbe: Served, citizen: Page) -> None:
    spbe.sign_in(citizen, "operator", "Dinas Komunikasi dan Informatika")
    citizen.goto(f"{spbe.origin}/kerja")
    look(citizen, "spbe-desk")
    citizen.locator(".indicators tbody a").first.click()
    address = citizen.url
    citizen.locator(".level-choices .choice").nth(3).click()
    citizen.get_by_label("Alasan").fill("Ditetapkan, dipakai semua OPD, dan dievaluasi (demo).")
    citizen.get_by_role("button", name="Simpan isian").click()
    citizen.get_by_text("Tambah bukti").click()
    citizen.get_by_label("Menunjukkan apa").fill("Laporan evaluasi (demo)")
    citizen.get_by_label("Tautan").fill("bukan alamat")
    citizen.get_by_role("button", name="Tambah", exact=True).click()
    expect(citizen.get_by_label("Tautan")).to_have_value("bukan alamat")
    citizen.get_by_label("Tautan").fill("https://bukti.example/laporan")
    citizen.get_by_role("button", name="Tambah", exact=True).click()
    expect(citizen.locator(".evidence")).to_contain_text("Laporan evaluasi (demo)")
    citizen.goto(f"{spbe.origin}/kerja/peningkatan")
    look(citizen, "spbe-improve")
    picture(citizen, "spbe", "peningkatan")
    spbe.sign_in(citizen, "administrator")
    citizen.goto(address)
    look(citizen, "spbe-indicator")
    picture(citizen, "spbe", "indikator")
    citizen.locator("aside .choice").nth(2).click()
    citizen.get_by_label("Temuan").fill("Evaluasi belum berkala (demo).")
    citizen.get_by_role("button", name="Simpan penilaian").click()
    expect(citizen.locator("h1 + .badge")).to_have_text("Diubah asesor")


def test_an_administrator_closes_the_year(spbe: Served, citizen: Page, tmp_path: Path) -> None:
    spbe.sign_in(citizen, "administrator")
    citizen.goto(f"{spbe.origin}/admin")
    look(citizen, "spbe-years")
    citizen.get_by_role("link", name=str(YEAR), exact=True).click()
    look(citizen, "spbe-admin-year")
    citizen.get_by_role("link", name="Nilai kementerian").click()
    look(citizen, "spbe-ministry")
    file = tmp_path / "hasil.csv"
    file.write_text("nomor,tingkat,catatan\n1,5,Hasil wawancara (demo)\n")
    citizen.get_by_label("Berkas CSV").set_input_files(file)
    citizen.get_by_role("button", name="Masukkan", exact=True).click()
    expect(citizen.locator(".rounds")).to_contain_text("Kementerian")
    citizen.goto(f"{spbe.origin}/admin/{YEAR}")
    citizen.get_by_label("Indeks dari kementerian").fill("3.11")
    citizen.get_by_role("button", name="Finalkan dan tayangkan").click()
    citizen.context.clear_cookies(name="as")
    citizen.goto(f"{spbe.origin}/")
    expect(citizen.locator("#headline")).to_contain_text(str(YEAR))
