"""Lapor in the browser: a citizen's, an operator's and an administrator's whole errand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.pages import look, picture

from .conftest import Serve, Served

TITLE = "Lampu jalan mati di depan pasar"
BODY = "Tiga lampu di depan pasar mati sejak Senin, malam hari gelap sekali."


@pytest.fixture(scope="module")
def lapor(serve: Serve) -> Served:
    return serve("lapor", config={"title": "Kesah Etam"})


def sent(page: Page) -> tuple[str, str]:
    """Send the form and return number and code from the receipt."""
    page.locator("main form button.button:not(.button-quiet)").last.click()
    expect(page.locator(".receipt dd")).to_have_count(2)
    number, code = page.locator(".receipt dd").all_inner_texts()
    return number, code


def write(page: Page, lapor: Served, title: str = TITLE) -> None:
    page.goto(f"{lapor.origin}/lapor")
    page.select_option("#category_id", index=4)
    page.fill("#title", title)
    page.fill("#body", BODY)
    page.select_option("#kelurahan", "Api-Api")


def test_a_citizen_reads_on_any_screen(lapor: Served, citizen: Page) -> None:
    citizen.goto(f"{lapor.origin}/")
    picture(citizen, "lapor", "beranda")
    for path, name in (
        ("/", "home"),
        ("/laporan?q=lampu", "list"),
        ("/peta?hari=365", "map"),
        ("/angka?hari=365", "figures"),
        ("/tentang", "about"),
        ("/ikuti", "find"),
        ("/lapor", "form"),
    ):
        citizen.goto(lapor.origin + path)
        look(citizen, f"lapor-{name}")
    citizen.goto(f"{lapor.origin}/laporan?status=answered")
    citizen.locator("main h2 a").first.click()
    look(citizen, "lapor-report")
    citizen.goto(f"{lapor.origin}/peta?hari=365")
    expect(citizen.locator(".map-live .map-point").first).to_be_visible()
    picture(citizen, "lapor", "peta")


def test_a_citizen_taps_the_place_follows_rates_and_withdraws(lapor: Served, citizen: Page) -> None:
    write(citizen, lapor)
    citizen.fill("#title", "x")
    citizen.locator("main form button.button").last.click()
    expect(citizen.locator(".alert-wrong")).to_be_visible()
    expect(citizen.locator("#body")).to_have_value(BODY)
    citizen.fill("#title", TITLE)
    citizen.locator(".map-live").click(position={"x": 200, "y": 120})
    expect(citizen.locator("#latitude")).to_have_value(re.compile(r"^0\.\d{6}$"))
    citizen.fill("#reporter_name", "Warga (demo)")
    citizen.fill("#reporter_phone", "0812 3456 7890")
    number, _code = sent(citizen)
    assert number.startswith("LP-20")
    citizen.goto(citizen.url.split("?")[0])
    look(citizen, "lapor-follow")
    citizen.get_by_text("Hapus kontak saya").first.click()
    citizen.locator("form[action$='hapus-kontak'] button").click()
    expect(citizen.locator(".alert-good")).to_contain_text("sudah dihapus")
    citizen.get_by_text("Tarik laporan").first.click()
    citizen.locator("form[action$='tarik'] button").click()
    expect(citizen.locator(".alert-good")).to_contain_text("sudah ditarik")


def test_a_visitor_without_scripts_reports_in_english(lapor: Served, visitor: Page) -> None:
    write(visitor, lapor, "Street lamp out by the market")
    expect(visitor.locator("#latitude")).to_be_visible()
    visitor.check("#anonymous")
    number, code = sent(visitor)
    visitor.goto(f"{lapor.origin}/ikuti")
    visitor.fill("#number", number)
    visitor.fill("#code", code)
    visitor.locator("main form button").click()
    expect(visitor.locator("main")).to_contain_text("Waiting for a check")
    visitor.goto(f"{lapor.origin}/peta?hari=365")
    expect(visitor.locator("svg.map-drawing .map-dot").first).to_be_attached()


def test_an_operator_finds_the_duplicate_passes_on_and_answers(lapor: Served, citizen: Page) -> None:
    for _ in range(2):
        write(citizen, lapor)
        citizen.fill("#latitude", "0.134500")
        citizen.fill("#longitude", "117.493500")
        number, code = sent(citizen)
    follow = f"{lapor.origin}/ikuti/{number}/{code}"
    lapor.sign_in(citizen, "operator")
    citizen.goto(f"{lapor.origin}/kerja/{number}")
    expect(citizen.locator(".likely li").first).to_contain_text("berjarak 0 m")
    picture(citizen, "lapor", "kerja")
    look(citizen, "lapor-work")
    earlier = citizen.locator(".likely li .number").first.inner_text()
    citizen.goto(f"{lapor.origin}/kerja/{earlier}")
    citizen.locator(".likely li", has_text=number).get_by_role("button").click()
    expect(citizen.locator("main .badge").first).to_contain_text("Sudah dilaporkan")
    citizen.goto(f"{lapor.origin}/kerja?status=new&q={number}")
    citizen.check(f"[name=number][value='{number}']")
    citizen.select_option("#act", "assign")
    citizen.select_option("#office_id", index=1)
    citizen.locator(".bulk button").click()
    expect(citizen.locator(".alert-good")).to_contain_text("1 laporan")
    citizen.goto(f"{lapor.origin}/kerja/{number}")
    citizen.fill("form[action$='/jawab'] textarea", "Ketiga lampu sudah diganti pagi ini.")
    citizen.check("form[action$='/jawab'] [type=checkbox]")
    citizen.locator("form[action$='/jawab'] button").click()
    citizen.goto(follow)
    expect(citizen.locator("main")).to_contain_text("Ketiga lampu sudah diganti pagi ini.")
    citizen.locator("label.choice").last.click()
    citizen.locator("form[action$='/nilai'] button").click()
    expect(citizen.locator("main")).to_contain_text("5 / 5")


def test_an_operator_sees_what_waits(lapor: Served, citizen: Page) -> None:
    lapor.sign_in(citizen, "operator")
    for status in ("new", "late", "soon"):
        citizen.goto(f"{lapor.origin}/kerja?status={status}")
        look(citizen, f"lapor-queue-{status}")


def test_an_administrator_keeps_lists_map_and_reminders(lapor: Served, citizen: Page, tmp_path: Path) -> None:
    lapor.sign_in(citizen, "administrator")
    for path in ("/admin", "/admin/kategori/1", "/admin/opd", "/admin/pengingat", "/admin/peta", "/admin/ekspor"):
        citizen.goto(lapor.origin + path)
        look(citizen, f"lapor{path.replace('/', '-')}")
    citizen.goto(f"{lapor.origin}/admin/pengingat")
    citizen.locator(".reminder input[type=email]").first.fill("opd@bontang.example")
    citizen.locator(".reminder button").first.click()
    expect(citizen.locator(".reminder input[type=email]").first).to_have_value("opd@bontang.example")
    ring = [[117.4, 0.0], [117.6, 0.0], [117.6, 0.2], [117.4, 0.2], [117.4, 0.0]]
    area = {"type": "Feature", "properties": {"nama": "Kanaan"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    own = tmp_path / "peta.geojson"
    own.write_text(json.dumps({"type": "FeatureCollection", "features": [area]}))
    citizen.goto(f"{lapor.origin}/admin/peta")
    citizen.set_input_files("#file", own)
    citizen.locator("form[enctype] button").click()
    expect(citizen.locator(".alert-good")).to_contain_text("Jumlah area: 1")
    citizen.locator(".confirm summary").click()
    citizen.locator(".confirm button").click()
    expect(citizen.locator(".alert-good")).to_contain_text("sudah dihapus")
    citizen.goto(f"{lapor.origin}/admin/ekspor")
    with citizen.expect_download() as download:
        citizen.locator("main form button").click()
    assert download.value.suggested_filename.startswith("lapor-")
