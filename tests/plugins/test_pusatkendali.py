"""Pusat Kendali in the browser: what everybody sees, an office's answer, the leader's day, the wall."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.pages import look, picture, shot

from .conftest import Serve, Served

OFFICE = "Dinas Penanaman Modal dan PTSP"
WALL = {"width": 1920, "height": 1080}
LEGIBLE = 24
"""Pixels on a 1080p screen of 55 inches: 15 mm high, read from five metres."""


@pytest.fixture(scope="module")
def centre(serve: Serve) -> Served:
    return serve("pusatkendali", config={"title": "Bessai Berinta"})


def test_everybody_sees_what_was_released(centre: Served, citizen: Page) -> None:
    citizen.goto(f"{centre.origin}/")
    expect(citizen.get_by_role("heading", name="Indeks kepuasan masyarakat")).to_be_visible()
    expect(citizen.get_by_text("Lewat tenggat")).to_have_count(0)
    look(citizen, "pusatkendali-home")
    citizen.goto(f"{centre.origin}/tentang")
    look(citizen, "pusatkendali-about")


def test_the_board_shows_alerts_first_and_leads_to_a_figure(centre: Served, citizen: Page) -> None:
    centre.sign_in(citizen, "administrator")
    citizen.goto(f"{centre.origin}/kerja")
    expect(citizen.get_by_role("heading", name="Perlu perhatian")).to_be_visible()
    look(citizen, "pusatkendali-board")
    picture(citizen, "pusatkendali", "papan")
    citizen.locator(".hearing summary").click()
    expect(citizen.get_by_text("Belum dipasang di kota ini").first).to_be_visible()
    citizen.get_by_role("link", name="Lewat tenggat").last.click()
    look(citizen, "pusatkendali-figure")


def test_from_an_alert_to_a_disposition_that_an_office_answers(centre: Served, citizen: Page, tmp_path: Path) -> None:
    centre.sign_in(citizen, "administrator")
    citizen.goto(f"{centre.origin}/kerja/peringatan")
    look(citizen, "pusatkendali-alerts")
    citizen.get_by_placeholder("Catatan (boleh kosong)").first.fill("Dibahas pagi ini")
    citizen.get_by_role("button", name="Tandai diketahui").first.click()
    expect(citizen.get_by_text("Dibahas pagi ini")).to_be_visible()
    citizen.get_by_role("link", name="Beri disposisi").first.click()
    look(citizen, "pusatkendali-give")
    citizen.get_by_label("Perihal").fill("Loket cadangan besok pagi")
    citizen.get_by_label("Kepada OPD").select_option(label=OFFICE)
    citizen.get_by_text("Tambah OPD mitra").click()
    citizen.get_by_label("Dinas Kesehatan").check()
    citizen.get_by_label("Instruksi").fill("Buka dua loket cadangan besok pukul delapan.")
    citizen.get_by_role("button", name="Berikan").click()
    number = citizen.locator(".number").first.inner_text()
    answered(centre, citizen, number, tmp_path)
    centre.sign_in(citizen, "operator", "Dinas Kesehatan")
    citizen.goto(f"{centre.origin}/kerja/disposisi/{number}")
    expect(citizen.get_by_text("penanggung jawab, melapor")).to_be_visible()
    centre.sign_in(citizen, "administrator")
    citizen.goto(f"{centre.origin}/kerja/disposisi/{number}")
    citizen.get_by_role("button", name="Terima tindak lanjut").click()
    expect(citizen.get_by_text("Disposisi ini sudah ditutup")).to_be_visible()


def answered(centre: Served, page: Page, number: str, folder: Path) -> None:
    """The office begins, reports too little, is told so, and reports with a file."""
    proof = folder / "jadwal.pdf"
    proof.write_bytes(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF")
    centre.sign_in(page, "operator", OFFICE)
    page.goto(f"{centre.origin}/kerja/disposisi")
    look(page, "pusatkendali-own")
    page.get_by_role("link", name="Loket cadangan besok pagi").click()
    page.get_by_role("button", name="Mulai kerjakan").click()
    expect(page.get_by_text("1 OPD mitra belum menyelesaikan bagiannya")).to_be_visible()
    look(page, "pusatkendali-answer")
    page.get_by_label("Apa yang dikerjakan").fill("Sudah")
    page.get_by_role("button", name="Laporkan tindak lanjut").click()
    expect(page.get_by_label("Apa yang dikerjakan")).to_have_value("Sudah")
    page.get_by_label("Apa yang dikerjakan").fill("Dua loket cadangan dibuka pukul 08.00, jadwal terlampir.")
    page.get_by_label("Bukti").set_input_files(proof)
    page.get_by_role("button", name="Laporkan tindak lanjut").click()
    expect(page.get_by_role("link", name="jadwal.pdf")).to_be_visible()
    expect(page.get_by_text("Menunggu penilaian")).to_be_visible()


def test_the_register_and_a_late_disposition(centre: Served, citizen: Page) -> None:
    centre.sign_in(citizen, "administrator")
    citizen.goto(f"{centre.origin}/kerja/disposisi?tab=late")
    expect(citizen.get_by_text("terlambat sejak").first).to_be_visible()
    look(citizen, "pusatkendali-late")
    citizen.get_by_role("link", name="Lampu lalu lintas simpang padam").click()
    look(citizen, "pusatkendali-disposition")
    picture(citizen, "pusatkendali", "disposisi")


def test_the_wall_is_legible_from_five_metres_and_fits(centre: Served, citizen: Page) -> None:
    centre.sign_in(citizen, "operator")
    citizen.goto(f"{centre.origin}/kerja/dinding?hal=1")
    look(citizen, "pusatkendali-wall")
    pages = citizen.locator(".wall-dots a").count()
    citizen.set_viewport_size(WALL)  # type: ignore[arg-type]
    for number in range(1, pages + 1):
        citizen.goto(f"{centre.origin}/kerja/dinding?hal={number}")
        smallest = citizen.evaluate(
            "Math.min(...[...document.querySelectorAll('main *')].filter(one => one.offsetParent && "
            "!one.closest('.sr') && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))"
            ".map(one => parseFloat(getComputedStyle(one).fontSize)))"
        )
        assert smallest >= LEGIBLE, f"page {number}: {smallest}px"
        cut = citizen.evaluate(
            "[...document.querySelectorAll('html, main, .wall-kpi')]"
            ".filter(one => one.scrollHeight > one.clientHeight + 1)"
            ".map(one => `${one.tagName} ${one.scrollHeight} > ${one.clientHeight}`)"
        )
        assert not cut, f"page {number}: {cut}"
        shot(citizen, f"pusatkendali-wall-{number}-1080")
    citizen.goto(f"{centre.origin}/kerja/dinding?hal=1")
    picture(citizen, "pusatkendali", "dinding")


def test_the_wall_renews_itself_without_scripts(centre: Served, visitor: Page) -> None:
    centre.sign_in(visitor, "operator")
    visitor.goto(f"{centre.origin}/kerja/dinding")
    expect(visitor.locator("noscript meta, meta[http-equiv=refresh]")).to_have_count(1)


def test_the_daily_summary_on_screen_and_paper(centre: Served, citizen: Page) -> None:
    centre.sign_in(citizen, "administrator")
    citizen.goto(f"{centre.origin}/kerja/ringkasan")
    look(citizen, "pusatkendali-summary")
    citizen.emulate_media(media="print")
    shot(citizen, "pusatkendali-summary-print", full_page=True)
    expect(citizen.locator(".no-print").first).to_be_hidden()
    assert citizen.request.get(f"{centre.origin}/kerja/ringkasan/harian.pdf").body().startswith(b"%PDF-")


def test_the_administrator_sets_a_threshold_and_releases_a_figure(centre: Served, citizen: Page) -> None:
    centre.sign_in(citizen, "administrator")
    for address in ("/admin", "/admin/angka", "/admin/ambang", "/admin/kontak", "/admin/ambang/baru"):
        citizen.goto(f"{centre.origin}{address}")
        look(citizen, "pusatkendali" + address.replace("/", "-"))
    citizen.get_by_role("link", name="Permohonan menunggu").click()
    look(citizen, "pusatkendali-threshold")
    citizen.get_by_label("nilai ini").fill("8")
    citizen.get_by_label("Berakhir bila kembali ke").fill("9")
    citizen.get_by_role("button", name="Simpan").click()
    expect(citizen.locator("p.error")).to_have_text(re.compile("sisi aman"))
    citizen.get_by_label("Berakhir bila kembali ke").fill("5")
    citizen.get_by_role("button", name="Simpan").click()
    expect(citizen.get_by_text("di atas 8 permohonan")).to_be_visible()
    citizen.goto(f"{centre.origin}/admin/angka")
    citizen.get_by_role("link", name="Permohonan menunggu").click()
    look(citizen, "pusatkendali-place")
    citizen.get_by_label("Dirilis ke publik").check()
    citizen.get_by_role("button", name="Simpan").click()
    citizen.goto(f"{centre.origin}/")
    expect(citizen.get_by_role("heading", name="Permohonan menunggu")).to_be_visible()


def test_real_siblings_are_heard_and_the_others_told_as_they_are(serve: Serve, citizen: Page) -> None:
    centre = serve("pusatkendali", siblings=("lapor", "antrian"))
    centre.sign_in(citizen, "administrator")
    citizen.goto(f"{centre.origin}/kerja")
    expect(citizen.locator(".hearing summary")).to_contain_text("2 dari 10 aplikasi terhubung")
    citizen.goto(f"{centre.origin}/admin")
    expect(citizen.get_by_text("Terhubung", exact=True)).to_have_count(2)
    expect(citizen.get_by_text("Belum dipasang di kota ini", exact=True)).to_have_count(8)
