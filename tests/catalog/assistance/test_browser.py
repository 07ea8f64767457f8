"""Assistance in a real browser: both sides, both languages, wide and on a phone, with axe; once without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from registry.accounts.models import User
from registry.core.uow import unit_of_work
from tests.catalog.assistance.conftest import PASSWORD
from tests.pages import launched, look, person, served

pytestmark = pytest.mark.xdist_group("browser-catalog")
QUESTION = "Mengapa foto aduan tidak sampai? (contoh)"
ANSWER = "Batas ukuran foto terlalu kecil: naikkan menjadi 8 MB di Pengaturan (contoh)."


@pytest.fixture
def origin(app, world) -> Iterator[str]:
    with app.app_context(), unit_of_work() as session:
        session.execute(update(User).values(language="id"))
    with served(app) as found:
        yield found


def sign_in(page: Page, origin: str, email: str) -> None:
    page.goto(f"{origin}/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def test_a_city_asks_is_helped_and_both_keep_the_answer(origin: str) -> None:
    with launched() as browser, person(browser) as city, person(browser) as bandung:
        sign_in(city, origin, "admin@bontang.example")
        _asks(city, origin)
        sign_in(bandung, origin, "maintainer@bandung.example")
        _answers(bandung, origin)
        _proposes(city, origin)
        _agrees(bandung, origin)
        city.goto(f"{origin}/apps/lapor/answers")
        expect(city.locator(".voice")).to_contain_text(ANSWER)
        look(city, "assistance-answers")
        city.goto(f"{origin}/apps/lapor")
        expect(city.locator("section[aria-labelledby=answers]")).to_contain_text(QUESTION)
        look(city, "assistance-app")


def test_without_scripts_a_city_asks_with_a_file(origin: str) -> None:
    with launched() as browser, person(browser, scripts=False) as page:
        sign_in(page, origin, "operator@bontang.example")
        page.goto(f"{origin}/console/bontang/assistance/new?app=lapor")
        _fill(page)
        page.locator("[name=files]").set_input_files(
            {"name": "log.txt", "mimeType": "text/plain", "buffer": b"12:00 ERROR"}
        )
        page.locator("form.sheet [type=submit]").click()
        expect(page.locator(".files")).to_contain_text("log.txt")


def _asks(page: Page, origin: str) -> None:
    page.goto(f"{origin}/console/bontang/assistance")
    look(page, "assistance-empty")
    page.goto(f"{origin}/apps/lapor")
    page.get_by_role("link", name="Minta pendampingan").click()
    look(page, "assistance-new")
    page.locator("form.sheet [type=submit]").click()
    expect(page.locator(".field-error").first).to_be_visible()
    _fill(page)
    page.locator("form.sheet [type=submit]").click()
    page.wait_for_url("**/assistance/1")
    look(page, "assistance-asked")


def _fill(page: Page) -> None:
    page.fill("[name=title]", "Foto aduan tidak sampai (contoh)")
    page.fill("[name=text]", "Warga mengirim foto, petugas hanya melihat kotak kosong (contoh).")
    page.fill("[name=tried]", "Memuat ulang halaman (contoh).")


def _answers(page: Page, origin: str) -> None:
    page.goto(f"{origin}/programme/assistance")
    look(page, "assistance-queue")
    page.locator(".ask-row a").first.click()
    page.fill("[name=note]", "Masukkan ke panduan (contoh).")
    page.get_by_role("button", name="Simpan catatan").click()
    expect(page.locator(".inner-notes")).to_contain_text("Masukkan ke panduan")
    page.fill("[name=text]", "Naikkan batas foto di Pengaturan (contoh).")
    page.locator("[name=files]").set_input_files(
        {"name": "panduan.log", "mimeType": "text/plain", "buffer": b"Pengaturan > Foto"}
    )
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.locator(".thread")).to_contain_text("Naikkan batas")
    look(page, "assistance-thread-helper")


def _proposes(page: Page, origin: str) -> None:
    page.goto(f"{origin}/console/bontang/assistance/1")
    expect(page.locator("main")).not_to_contain_text("Masukkan ke panduan")
    page.get_by_role("button", name="Sudah selesai").click()
    look(page, "assistance-thread-city")
    page.get_by_role("link", name="Usulkan rumusan").click()
    look(page, "assistance-words-new")
    page.fill("[name=question]", QUESTION)
    page.fill("[name=answer]", ANSWER)
    page.get_by_role("button", name="Usulkan rumusan ini").click()
    expect(page.locator("#now")).to_be_visible()


def _agrees(page: Page, origin: str) -> None:
    page.goto(f"{origin}/programme/assistance/1/answer")
    look(page, "assistance-words")
    page.get_by_role("button", name="Setujui rumusan ini").click()
    expect(page.locator("main")).to_contain_text("Tarik dari halaman aplikasi")
