"""Simtaru in the browser: a citizen looks a place up and asks for a statement, an operator issues it, an
administrator brings a new version of the plan."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.pages import look, picture

from .conftest import Serve, Served

PUBLIC = (
    ("/zona", "zones"),
    ("/zona/R-2", "class"),
    ("/kegiatan", "uses"),
    ("/kegiatan/RUKO", "use"),
    ("/rencana", "plans"),
    ("/rencana/banding?dari=1&ke=2", "compare"),
    ("/tentang", "about"),
)
ADMIN = (
    ("/admin", "figures"),
    ("/admin/rencana/3", "draft"),
    ("/admin/matriks", "matrix"),
    ("/admin/matriks/R-2", "matrix-class"),
    ("/admin/kegiatan", "admin-uses"),
    ("/admin/tempat", "places"),
    ("/admin/rencana", "versions"),
)


@pytest.fixture(scope="module")
def simtaru(serve: Serve) -> Served:
    return serve("simtaru", config={"title": "Simtaru", "place": "Bontang"})


def test_everybody_reads_the_plan(simtaru: Served, citizen: Page) -> None:
    citizen.goto(f"{simtaru.origin}/")
    expect(citizen.locator(".leaflet-interactive").first).to_be_visible()
    look(citizen, "simtaru-home")
    picture(citizen, "simtaru", "peta")
    for path, name in PUBLIC:
        citizen.goto(f"{simtaru.origin}{path}")
        look(citizen, f"simtaru-{name}")


def test_a_citizen_without_scripts_looks_up_a_landmark(simtaru: Served, visitor: Page) -> None:
    visitor.goto(f"{simtaru.origin}/")
    visitor.get_by_role("searchbox").fill("pasar kanaan")
    visitor.get_by_role("button", name="Search").click()
    visitor.get_by_label("What do you want to do there?").select_option("RUKO")
    visitor.get_by_role("button", name="Show what is allowed").click()
    expect(visitor.locator(".answer-verdict")).to_contain_text("Shop-house")
    visitor.get_by_role("link", name="Choose").or_(visitor.get_by_role("link", name="Another place")).first.click()
    visitor.get_by_label("Latitude").fill("utara")
    visitor.get_by_label("Longitude").fill("117,48")
    visitor.get_by_role("button", name="Show what is allowed").click()
    expect(visitor.get_by_label("Latitude")).to_have_value("utara")


def test_a_statement_from_the_wish_to_the_check(simtaru: Served, citizen: Page) -> None:
    citizen.goto(f"{simtaru.origin}/cek?lat=0.12&lon=117.48&use=RUKO")
    look(citizen, "simtaru-answer")
    picture(citizen, "simtaru", "lokasi")
    citizen.locator("main").get_by_role("link", name="Minta surat keterangan").click()
    expect(citizen.locator(".map-pin")).to_be_visible()
    look(citizen, "simtaru-ask")
    citizen.get_by_label("Alamat tanah").fill("Jalan Contoh 12")
    citizen.get_by_label("Nama pemohon").fill("Warga (demo)")
    citizen.get_by_role("button", name="Kirim permohonan").click()
    number = citizen.locator("h1").inner_text()
    expect(citizen.locator(".big-code")).to_contain_text(number)
    look(citizen, "simtaru-request")
    simtaru.sign_in(citizen, "operator")
    citizen.goto(f"{simtaru.origin}/kerja")
    look(citizen, "simtaru-queue")
    citizen.get_by_role("link", name=number).click()
    look(citizen, "simtaru-work")
    citizen.get_by_role("button", name="Terbitkan surat").click()
    address = citizen.get_by_role("link", name="Ambil surat (PDF)").get_attribute("href")
    letter = citizen.request.get(f"{simtaru.origin}{address}")
    assert letter.body().startswith(b"%PDF-") and "KRK-" in letter.headers["content-disposition"]
    citizen.context.clear_cookies(name="as")
    citizen.goto(f"{simtaru.origin}/ikuti/{number}")
    citizen.get_by_role("link", name="Halaman di balik kodenya").click()
    expect(citizen.locator("h1")).to_have_text("Asli")
    look(citizen, "simtaru-check")


def plan(closed: bool) -> bytes:
    ring = [[117.46, 0.1], [117.48, 0.1], [117.48, 0.12], [117.46, 0.12]]
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]] if closed else ring]}
    zone = {"type": "Feature", "properties": {"KODSZN": "R-3", "NAMOBJ": "Kampung uji"}, "geometry": shape}
    return json.dumps({"type": "FeatureCollection", "features": [zone]}).encode()


def test_an_administrator_brings_a_new_version(simtaru: Served, citizen: Page, tmp_path: Path) -> None:
    simtaru.sign_in(citizen, "administrator")
    for path, name in ADMIN:
        citizen.goto(f"{simtaru.origin}{path}")
        look(citizen, f"simtaru-{name}")
        if name == "matrix":
            picture(citizen, "simtaru", "matriks")
    for closed in (False, True):
        file = tmp_path / f"zona-{closed}.geojson"
        file.write_bytes(plan(closed))
        citizen.get_by_label("Judul rencana").fill("RDTR uji 2027")
        citizen.get_by_label("Berkas GeoJSON").set_input_files(file)
        citizen.get_by_role("button", name="Periksa dan simpan").click()
        if not closed:
            expect(citizen.locator("#problems")).to_contain_text("#1 Kampung uji")
    citizen.get_by_label("Nomor peraturan").fill("Peraturan Wali Kota Nomor 1 Tahun 2026")
    citizen.get_by_label("Tanggal peraturan").fill("2026-02-02")
    citizen.get_by_label("Saya sudah melihat").check()
    citizen.get_by_role("button", name="Berlakukan").click()
    citizen.goto(f"{simtaru.origin}/rencana")
    expect(citizen.locator(".item").first).to_contain_text(re.compile("RDTR uji 2027.*Berlaku", re.DOTALL))
