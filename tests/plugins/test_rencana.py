"""Rencana in the browser: a citizen reads the plan, an office shows what it reached, leaders see who is waited for."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.pages import look, picture

from .conftest import Serve, Served

OWNER = "Dinas Komunikasi dan Informatika"


@pytest.fixture(scope="module")
def rencana(serve: Serve) -> Served:
    return serve("rencana", config={"title": "Bontang Kota Cerdas"})


def test_a_citizen_reads_how_far_the_city_has_come(rencana: Served, citizen: Page) -> None:
    citizen.goto(f"{rencana.origin}/")
    expect(citizen.locator("h1")).to_contain_text("% perjalanan")
    look(citizen, "rencana-depan")
    picture(citizen, "rencana", "depan")
    citizen.get_by_role("link", name="Masdarling di semua kelurahan").first.click()
    look(citizen, "rencana-program")
    citizen.goto(f"{rencana.origin}/program")
    look(citizen, "rencana-daftar")
    citizen.goto(f"{rencana.origin}/tahap")
    look(citizen, "rencana-tahap")
    citizen.goto(f"{rencana.origin}/jadwal")
    look(citizen, "rencana-jadwal")
    picture(citizen, "rencana", "jadwal")


def test_without_scripts_one_finds_a_programme(rencana: Served, visitor: Page) -> None:
    visitor.goto(f"{rencana.origin}/program")
    visitor.get_by_label("Aim", exact=True).select_option(label="Environment")
    visitor.get_by_role("button", name="Search").click()
    expect(visitor.locator(".item")).to_have_count(2)


def test_an_office_shows_what_it_reached_and_who_is_waited_for_settles(rencana: Served, citizen: Page) -> None:
    rencana.sign_in(citizen, "operator", OWNER)
    citizen.goto(f"{rencana.origin}/kerja")
    look(citizen, "rencana-kerja")
    citizen.get_by_role("link", name="Pusat kendali kota").click()
    look(citizen, "rencana-program-kerja")
    citizen.get_by_text("Sebutkan yang ditunggu").click()
    citizen.get_by_label("Menunggu (OPD)").select_option(label="Sekretariat Daerah")
    citizen.get_by_label("Yang diperlukan").fill("Surat keputusan wali kota perlu ditandatangani.")
    citizen.get_by_role("button", name="Beri tahu OPD").click()
    expect(citizen.get_by_text("Surat keputusan wali kota").first).to_be_visible()
    citizen.get_by_role("link", name="Bukti atau ubah Dua puluh OPD terhubung").click()
    look(citizen, "rencana-tonggak")
    citizen.get_by_label("Yang tercapai", exact=True).fill("Dua puluh OPD mengirim angkanya setiap jam.")
    citizen.get_by_label("Tonggak ini tercapai").check()
    citizen.get_by_role("button", name="Umumkan bukti").click()
    expect(citizen.get_by_text("Bukti diumumkan.")).to_be_visible()
    rencana.sign_in(citizen, "operator", "Sekretariat Daerah")
    citizen.goto(f"{rencana.origin}/kerja")
    citizen.get_by_role("link", name="Selesaikan Surat keputusan wali kota").click()
    citizen.locator("li", has_text="Surat keputusan wali kota").get_by_text("Selesaikan", exact=True).click()
    box = citizen.locator("details[open]")
    box.get_by_label("Bagaimana diselesaikan").fill("Sudah ditandatangani hari ini.")
    box.get_by_role("button", name="Sudah selesai").click()
    expect(citizen.get_by_text("Sudah ditandatangani hari ini.").first).to_be_visible()


def test_leaders_see_what_is_blocked_on_whom_and_administrators_keep_the_plan(rencana: Served, citizen: Page) -> None:
    rencana.sign_in(citizen, "administrator")
    citizen.goto(f"{rencana.origin}/kerja/hambatan")
    look(citizen, "rencana-hambatan")
    picture(citizen, "rencana", "hambatan")
    for path in ("admin", "admin/program", "admin/tujuan"):
        citizen.goto(f"{rencana.origin}/{path}")
        look(citizen, f"rencana-{path.replace('/', '-')}")
    citizen.goto(f"{rencana.origin}/admin/program")
    citizen.get_by_label("Nama", exact=True).fill("Taman pintar di tiap kecamatan")
    citizen.get_by_label("Tujuan", exact=True).select_option(label="Lingkungan")
    citizen.get_by_label("Manfaatnya bagi warga").fill("Taman dengan internet, air minum, dan lampu hemat.")
    citizen.get_by_label("Pemilik (OPD)").select_option(label="Dinas Lingkungan Hidup")
    citizen.get_by_label("Mulai").fill("2027-01-01")
    citizen.get_by_label("Selesai").fill("2028-12-31")
    citizen.get_by_role("button", name="Simpan").click()
    expect(citizen.get_by_role("heading", level=1)).to_contain_text("Taman pintar")
