"""A day in Bontang: its plugins, upgraded from their first release to their second with data and back, work together.

Each release serves demo content, marked so; staff enter by the registry, citizens come as they are.
"""

from __future__ import annotations

import hmac
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from registry.config import REPOSITORY
from registry.operate import releases
from tests.pages import person
from tests.plugins import test_antrian, test_perizinan
from tests.plugins.conftest import Served

from ..stack import Stack, until
from ..web import Client
from .desk import sign_in

pytestmark = pytest.mark.sandbox
APPS = (
    "simtaru", "perizinan", "lapor", "kanal", "antrian", "penilaian", "anggaran", "masdarling", "spbe", "rencana",
    "pusatkendali",
)  # fmt: skip
SECRET = "kunci bersama dengan pemantau media sosial (demo)"
CONFIG = {"kanal": {"webhook_secret": SECRET}, "anggaran": {"open_public": True}}
MENTION = "Lampu jalan di Kanaan mati tiga malam, mohon diperbaiki (demo)"
HEARD = [app for app in APPS if app != "pusatkendali"]
FIRST, SECOND = "v1.0.0", "v1.1.0"
ADMIN, OPERATOR = "admin@bontang.example", "operator@bontang.example"
TITLE = "Pohon tumbang menutup jalan (demo)"
ANSWER = "Pohon sudah dipindahkan dan jalan dibuka kembali (demo)."


@dataclass(frozen=True)
class Bontang:
    """Its plugins by name, and two of its people at their browsers."""

    stack: Stack
    client: Client
    admin: Page
    operator: Page

    def at(self, app: str, path: str = "") -> str:
        return self.stack.url(app) + path

    def done(self, path: str, body: object) -> dict[str, object]:
        asked = self.client.post(path, body)
        assert asked.status == 202, asked.text
        job = self.client.wait_job(asked.json)
        assert job["state"] == "done", job
        return job

    def served(self, app: str) -> Served:
        return Served(self.stack.url(app), self.stack.data)


@pytest.fixture(scope="module", autouse=True)
def _first_releases() -> None:
    """They come from the repository's history, which a shallow clone lacks."""
    if any(len(list(releases.of(REPOSITORY, f"plugins/{app}"))) < 2 for app in APPS):
        pytest.skip("this clone has no history, so each plugin has its newest release only")


@pytest.fixture(scope="module")
def city(browser: Browser, stack: Stack, bontang: Client) -> Iterator[Bontang]:
    with person(browser, "id") as admin, person(browser, "id") as operator:
        for page, email in ((admin, ADMIN), (operator, OPERATOR)):
            page.goto(f"{stack.origin}/sign-in?lang=id")
            sign_in(page, email, stack.password)
        yield Bontang(stack, bontang, admin, operator)


@pytest.fixture
def citizen(browser: Browser) -> Iterator[Page]:
    with person(browser, "id") as page:
        yield page


@pytest.mark.parametrize("app", APPS)
def test_its_second_release_takes_the_data_over_and_gives_it_back(city: Bontang, app: str) -> None:
    until(lambda: len(_releases(city, app)) >= 2, 240, 1)
    forked = city.client.post("/api/v1/forks", {"app": app})
    assert forked.status in (201, 409), forked.text
    city.done("/api/v1/deployments", {"city": "bontang", "app": app, "ref": FIRST, "config": CONFIG.get(app, {})})
    one, plugin = f"/api/v1/deployments/{app}.bontang", city.stack.plugin(app)
    assert _version(city, one) == "1.0.0" and plugin.get("/").status == 200
    city.done(f"{one}/upgrade", {"ref": SECOND})
    assert _version(city, one) == "1.1.0" and plugin.get("/").status == 200
    city.done(f"{one}/rollback", {"revision": 1, "with_data": True})
    assert _version(city, one) == "1.0.0" and plugin.get("/").status == 200
    city.done(f"{one}/upgrade", {"ref": SECOND})
    assert plugin.get("/").status == 200


def _releases(city: Bontang, app: str) -> list[object]:
    told = city.stack.anyone.get(f"/api/v1/apps/{app}/releases")
    return list(told.json["items"]) if told.status == 200 else []


def _version(city: Bontang, one: str) -> str:
    return str(city.client.get(one).json["serving"]["version"])


def test_the_admin_lets_them_ask_each_other_and_names_a_second_reviewer(city: Bontang) -> None:
    for app in APPS:
        one = f"/api/v1/deployments/{app}.bontang/connections"
        for ask in city.client.get(one).json["asks"]:
            if ask["kind"] == "sibling":
                given = {"kind": "sibling", "name": ask["name"], "given": True}
                assert city.client.ask("PUT", one, given).status == 200
    for app in ("anggaran", "perizinan", "antrian", "lapor", "kanal"):
        city.admin.goto(f"{city.stack.origin}/console/bontang/people/invite")
        city.admin.fill("[name=email]", OPERATOR)
        city.admin.locator("[name=role]").select_option("administrator")
        city.admin.fill("[name=plugin]", app)
        city.admin.locator("form:has([name=email]) button").click()
        expect(city.admin.locator("main")).to_contain_text(OPERATOR)


def test_a_mention_becomes_a_report(city: Bontang) -> None:
    told = {"id": "demo-1", "platform": "x", "text": MENTION, "url": "https://x.com/warga/status/1"}
    body = json.dumps({"mentions": [{**told, "at": datetime.now(UTC).isoformat(), "author": "@warga_demo"}]}).encode()
    moment = str(int(time.time()))
    signature = hmac.digest(SECRET.encode(), moment.encode() + b"." + body, "sha256").hex()
    headers = [("X-Kanal-Timestamp", moment), ("X-Kanal-Signature", f"sha256={signature}")]
    sent = city.stack.plugin("kanal").ask("POST", "/webhook/sebutan", body, headers)
    assert sent.status == 202 and sent.json["taken"] == 1, sent.text
    city.operator.goto(city.at("kanal", "/kerja"))
    city.operator.locator(".item h2 a", has_text=MENTION[:20]).first.click()
    city.operator.get_by_role("button", name="Kirim ke Lapor").click()
    expect(city.operator.get_by_text("Lapor menerimanya.")).to_be_visible()
    number = re.search(r"LP-\d{4}-\d+", city.operator.get_by_label("Jawaban untuk warga").input_value())
    assert number is not None
    city.operator.goto(city.at("lapor", f"/kerja/{number[0]}"))
    expect(city.operator.locator("main")).to_contain_text(MENTION)


def test_a_report_is_passed_on_answered_and_rated(city: Bontang, citizen: Page) -> None:
    citizen.goto(city.at("lapor", "/lapor"))
    citizen.select_option("#category_id", index=1)
    citizen.fill("#title", TITLE)
    citizen.fill("#body", "Sejak hujan semalam sebatang pohon menutup separuh jalan.")
    citizen.fill("#address", "Jalan Contoh, Kanaan")
    citizen.locator("main form button.button:not(.button-quiet)").last.click()
    expect(citizen.locator(".receipt dd")).to_have_count(2)
    number, code = citizen.locator(".receipt dd").all_inner_texts()
    city.operator.goto(city.at("lapor", f"/kerja?q={number}"))
    city.operator.check(f"[name=number][value='{number}']")
    city.operator.select_option("#act", "assign")
    city.operator.select_option("#office_id", index=1)
    city.operator.locator(".bulk button").click()
    city.operator.goto(city.at("lapor", f"/kerja/{number}"))
    city.operator.fill("form[action$='/jawab'] textarea", ANSWER)
    city.operator.check("form[action$='/jawab'] [type=checkbox]")
    city.operator.locator("form[action$='/jawab'] button").click()
    citizen.goto(city.at("lapor", f"/ikuti/{number}/{code}"))
    expect(citizen.locator("main")).to_contain_text(ANSWER)
    citizen.locator("label.choice").last.click()
    citizen.locator("form[action$='/nilai'] button").click()
    expect(citizen.locator("main")).to_contain_text("5 / 5")


def test_a_permit_is_asked_of_the_spatial_plan_issued_and_verified(
    city: Bontang, citizen: Page, tmp_path: Path
) -> None:
    origin = city.at("perizinan")
    number = test_perizinan.apply(citizen, origin, {"apply": "Ajukan", "wrong": "NIK terdiri"})
    citizen.goto(f"{origin}/permohonan/{number}/tempat")
    citizen.get_by_label("Alamat lokasi").fill("Jalan Contoh 1, Kanaan")
    citizen.get_by_label("Lintang").fill(str(test_perizinan.PLACE[0]))
    citizen.get_by_label("Bujur").fill(str(test_perizinan.PLACE[1]))
    citizen.get_by_role("button", name="Tanya rencana tata ruang").click()
    citizen.goto(f"{origin}/permohonan/{number}/tempat")
    expect(citizen.locator(".zone")).to_be_visible()
    citizen.goto(f"{origin}/permohonan/{number}/berkas")
    test_perizinan.send_papers(citizen, tmp_path / "berkas.pdf")
    citizen.goto(f"{origin}/permohonan/{number}")
    citizen.get_by_role("button", name="Kirim permohonan").click()
    for page, steps in ((city.operator, _verify), (city.admin, _issue)):
        page.goto(f"{origin}/kerja/{number}")
        steps(page)
    citizen.goto(f"{origin}/permohonan/{number}")
    with citizen.expect_download() as download:
        citizen.get_by_role("link", name="Unduh surat izin").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    citizen.goto(f"{origin}/daftar?status=valid")
    citizen.locator("tbody a").first.click()
    expect(citizen.locator(".verdict")).to_be_visible()


def _verify(page: Page) -> None:
    page.get_by_label("Lengkap dan benar").check()
    page.get_by_label("Catatan bagi pengambil keputusan").fill("Berkas lengkap dan benar.")
    page.get_by_role("button", name="Teruskan untuk diputuskan").click()
    expect(page.get_by_text("Terverifikasi.")).to_be_visible()


def _issue(page: Page) -> None:
    page.get_by_role("button", name="Terbitkan izin").click()
    expect(page.get_by_text("Izin terbit. Pemohon dapat")).to_be_visible()


def test_a_number_is_taken_and_called(city: Bontang, citizen: Page) -> None:
    assert re.fullmatch(r"[A-Z]-\d{3}", test_antrian.take(citizen, city.served("antrian")))
    city.operator.goto(city.at("antrian", "/kerja/"))
    city.operator.locator("li.card form .button").last.click()
    expect(city.operator.locator(".work-call, .work-number").first).to_be_visible()


def test_what_is_struck_out_by_two_shows_in_the_savings(city: Bontang, citizen: Page) -> None:
    citizen.goto(city.at("anggaran", "/dihemat"))
    before = citizen.locator(".figures").first.inner_text()
    city.operator.goto(city.at("anggaran", "/kerja?status=submitted"))
    city.operator.locator(".budget-item a").first.click()
    city.operator.get_by_text("Coret, kurangi, atau pulihkan").click()
    city.operator.get_by_label("Coret", exact=True).check()
    city.operator.get_by_label("Jenis alasan").select_option(index=1)
    city.operator.get_by_label("Alasan", exact=True).fill("Sudah ada di kegiatan lain dengan sasaran yang sama.")
    city.operator.get_by_role("button", name="Usulkan putusan").click()
    expect(city.operator.get_by_text("Menunggu penelaah lain")).to_be_visible()
    city.admin.goto(city.operator.url)
    city.admin.get_by_role("button", name="Setujui sebagai orang kedua").click()
    expect(city.admin.get_by_text("putusan berlaku")).to_be_visible()
    citizen.reload()
    assert citizen.locator(".figures").first.inner_text() != before


def test_the_command_centre_hears_them_all(city: Bontang) -> None:
    city.admin.goto(city.at("pusatkendali", "/admin"))
    city.admin.get_by_role("button", name=re.compile("Tanya")).first.click()
    city.admin.goto(city.at("pusatkendali", "/kerja"))
    sources = city.admin.locator(".hearing li")
    expect(sources).to_have_count(10)
    expect(sources.filter(has_text="Belum dipasang")).to_have_count(10 - len(HEARD))
    expect(sources.filter(has=city.admin.locator(".badge-good"))).to_have_count(len(HEARD))
