"""Antrian in the browser: a citizen's, an operator's and an administrator's errand."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.pages import look, picture

from .conftest import Serve, Served

TICKET = re.compile(r"/tiket/[A-Z0-9-]{14}")


@pytest.fixture(scope="module")
def antrian(serve: Serve) -> Served:
    config = {"place": "Mal Pelayanan Publik (demo)", "announcement": "Datanglah lima belas menit sebelum jam Anda."}
    return serve("antrian", config=config)


def take(page: Page, served: Served) -> str:
    """A number of the first service for the next day that has places; returns its label."""
    page.goto(f"{served.origin}/")
    page.locator(".service h4 a").first.click()
    page.locator("a.day").last.click()
    page.locator("input[name=slot]:not([disabled])").last.check()
    page.locator("select[name=need]").select_option("elderly")
    page.locator("form .button").last.click()
    expect(page).to_have_url(TICKET)
    return page.locator(".ticket-number").inner_text().split()[-1]


def test_a_citizen_takes_a_number_finds_it_again_and_gives_it_back(antrian: Served, citizen: Page) -> None:
    citizen.goto(f"{antrian.origin}/")
    look(citizen, "antrian-home")
    picture(citizen, "antrian", "beranda")
    citizen.locator(".service h4 a").first.click()
    look(citizen, "antrian-take")
    label = take(citizen, antrian)
    look(citizen, "antrian-ticket")
    code = citizen.url.rpartition("/")[2].partition("?")[0]
    citizen.goto(f"{antrian.origin}/cari")
    citizen.get_by_label("Kode pada karcis").fill(code.replace("-", " ").lower())
    citizen.get_by_role("button", name="Tampilkan nomor saya").click()
    expect(citizen.locator(".ticket-number")).to_contain_text(label)
    citizen.get_by_role("link", name="Batalkan nomor").click()
    citizen.locator(".button-wrong").click()
    expect(citizen.locator(".ticket")).to_contain_text("tidak berlaku")


def test_without_scripts_a_number_is_taken_all_the_same(antrian: Served, visitor: Page) -> None:
    assert re.fullmatch(r"[A-Z]-\d{3}", take(visitor, antrian))
    expect(visitor.locator("svg.qr")).to_be_visible()


def test_an_operator_calls_transfers_and_gives_a_slip_at_the_door(antrian: Served, citizen: Page) -> None:
    antrian.sign_in(citizen, "operator")
    citizen.goto(f"{antrian.origin}/kerja/")
    look(citizen, "antrian-counters")
    citizen.locator("li.card form .button").last.click()
    citizen.locator(".work-call").click()
    look(citizen, "antrian-work")
    picture(citizen, "antrian", "loket")
    label = citizen.locator(".work-number").inner_text()
    citizen.locator("#target").select_option("c1")
    citizen.get_by_role("button", name="Alihkan").click()
    expect(citizen.locator(".alert-good")).to_contain_text(label)
    citizen.goto(f"{antrian.origin}/kerja/pintu")
    look(citizen, "antrian-door")
    citizen.get_by_label("Ibu hamil").check()
    if citizen.locator(".door-service:not([disabled])").count():
        citizen.locator(".door-service:not([disabled])").first.click()
        expect(citizen.locator(".slip-need")).to_contain_text("Ibu hamil")
        look(citizen, "antrian-slip")


def test_the_waiting_room_shows_whom_to_go_where(antrian: Served, citizen: Page) -> None:
    citizen.goto(f"{antrian.origin}/layar")
    expect(citizen.locator(".queue-said")).to_contain_text("silakan menuju Loket")
    look(citizen, "antrian-wall")
    picture(citizen, "antrian", "layar")


def test_an_administrator_reads_the_figures_and_opens_a_holiday(antrian: Served, citizen: Page) -> None:
    antrian.sign_in(citizen, "administrator")
    citizen.goto(f"{antrian.origin}/admin/")
    look(citizen, "antrian-figures")
    with citizen.expect_download() as download:
        citizen.get_by_role("link", name="Unduh CSV").click()
    assert "A," in download.value.path().read_text("utf-8-sig")
    for path, name in (
        ("layanan", "services"),
        ("layanan/1", "service"),
        ("loket", "admin-counters"),
        ("opd", "offices"),
    ):
        citizen.goto(f"{antrian.origin}/admin/{path}")
        look(citizen, f"antrian-{name}")
    citizen.goto(f"{antrian.origin}/admin/libur")
    look(citizen, "antrian-days")
    citizen.get_by_label("Buka, meskipun hari libur").check()
    citizen.get_by_label("Hari", exact=True).fill("2027-01-01")
    citizen.get_by_label("Alasan").fill("Piket tahun baru")
    citizen.get_by_role("button", name="Simpan hari ini").click()
    expect(citizen.locator(".item").filter(has_text="Piket tahun baru")).to_contain_text("Buka")
