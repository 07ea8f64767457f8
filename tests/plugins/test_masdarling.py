"""Masdarling in the browser: a citizen's, an operator's and an administrator's errand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.pages import look, picture

from .conftest import Serve, Served


@pytest.fixture(scope="module")
def masdarling(serve: Serve) -> Served:
    return serve("masdarling", config={"least_withdrawal": 5000})


def join(page: Page, served: Served) -> tuple[str, str]:
    """A new passbook at the first post; its number and code."""
    served.sign_in(page, "operator")
    page.goto(f"{served.origin}/kerja")
    page.get_by_role("button", name=re.compile("Bertugas di sini|Work here")).click()
    page.goto(f"{served.origin}/kerja/nasabah/baru")
    page.locator("#name").fill("Warga baru (demo)")
    page.locator("form .button").first.click()
    return page.locator(".code-card h1").inner_text(), page.locator(".code-big").inner_text()


def test_a_citizen_sees_what_the_city_saves(masdarling: Served, citizen: Page) -> None:
    citizen.goto(f"{masdarling.origin}/")
    look(citizen, "masdarling-home")
    picture(citizen, "masdarling", "beranda")
    for path in ("harga", "pos", "kelompok", "kelompok/1", "kegiatan", "kegiatan/1", "angka", "buku"):
        citizen.goto(f"{masdarling.origin}/{path}")
        look(citizen, f"masdarling-{path.replace('/', '-')}")
    citizen.goto(f"{masdarling.origin}/perluasan")
    look(citizen, "masdarling-perluasan")
    picture(citizen, "masdarling", "peluncuran")


def test_waste_is_weighed_put_right_and_paid_out_and_its_owner_reads_it(masdarling: Served, citizen: Page) -> None:
    number, code = join(citizen, masdarling)
    citizen.get_by_role("link", name="Ke buku tabungan").click()
    citizen.get_by_label("Botol plastik bening").fill("25")
    citizen.get_by_role("button", name="Catat setoran").click()
    citizen.locator(".undo summary").click()
    citizen.get_by_label("Alasan").fill("Yang benar 2,5 kg")
    citizen.get_by_role("button", name="Balikkan catatan ini").click()
    citizen.get_by_label("Botol plastik bening").fill("2,5")
    citizen.get_by_role("button", name="Catat setoran").click()
    citizen.locator("#amount").fill("5.000")
    citizen.get_by_role("button", name="Bayarkan").click()
    expect(citizen.locator(".alert-good")).to_contain_text("Rp 5.000")
    look(citizen, "masdarling-saver")
    picture(citizen, "masdarling", "pos")
    citizen.goto(f"{masdarling.origin}/kerja?q={number}")
    look(citizen, "masdarling-desk")
    citizen.context.clear_cookies()
    citizen.goto(f"{masdarling.origin}/buku")
    citizen.get_by_label("Nomor buku").fill(number)
    citizen.get_by_label("Kode").fill(code)
    citizen.get_by_role("button", name="Buka").click()
    expect(citizen.locator("table")).to_contain_text("Yang benar 2,5 kg")
    look(citizen, "masdarling-book")


def test_a_passbook_is_read_without_scripts(masdarling: Served, visitor: Page) -> None:
    number, code = join(visitor, masdarling)
    visitor.goto(f"{masdarling.origin}/buku")
    visitor.locator("#number").fill(number)
    visitor.locator("#code").fill(code)
    visitor.locator("form .button").last.click()
    expect(visitor.locator(".book-head")).to_contain_text(number)


def test_an_operator_tells_of_an_activity_with_a_photo(masdarling: Served, citizen: Page, tmp_path: Path) -> None:
    masdarling.sign_in(citizen, "operator")
    citizen.goto(f"{masdarling.origin}/kerja/kegiatan/baru")
    look(citizen, "masdarling-tell")
    Image.new("RGB", (600, 400), "#4e8f63").save(tmp_path / "foto.jpg")
    citizen.get_by_label("Judul").fill("Menanam pohon (demo)")
    citizen.get_by_label("Yang dilakukan").fill("Dua puluh pohon di tepi jalan.")
    citizen.locator("#photos").set_input_files(tmp_path / "foto.jpg")
    citizen.get_by_role("button", name="Simpan").click()
    expect(citizen.locator(".album img")).to_be_visible()
    citizen.goto(f"{masdarling.origin}/kegiatan")
    expect(citizen.locator(".story").first).to_contain_text("Menanam pohon")


def test_an_administrator_sets_a_price_and_lets_a_kelurahan_start(masdarling: Served, citizen: Page) -> None:
    masdarling.sign_in(citizen, "administrator")
    for path in ("kelompok", "jenis", "pos"):
        citizen.goto(f"{masdarling.origin}/admin/{path}")
        look(citizen, f"masdarling-admin-{path}")
    citizen.goto(f"{masdarling.origin}/admin/jenis/1")
    look(citizen, "masdarling-admin-kind")
    citizen.locator("#price-per_kg").fill("4100")
    citizen.get_by_role("button", name="Tetapkan harga").click()
    expect(citizen.locator("table")).to_contain_text("4.100")
    citizen.goto(f"{masdarling.origin}/admin/perluasan")
    look(citizen, "masdarling-admin-rollout")
    citizen.locator(".tile-prepared a").first.click()
    citizen.get_by_label("Sejauh mana").select_option("running")
    citizen.get_by_role("button", name="Simpan").click()
    expect(citizen.locator(".alert-wrong")).to_contain_text("Tulis hari kelurahan itu mulai")
    citizen.locator("#started").fill("2026-11-01")
    citizen.get_by_role("button", name="Simpan").click()
    expect(citizen.locator(".alert-good")).to_be_visible()
