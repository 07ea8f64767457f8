"""Signing up in a real browser: both languages, wide and on a phone, by keyboard alone and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from tests.pages import launched, look, person
from tests.tenants.conftest import PASSWORD

pytestmark = pytest.mark.xdist_group("browser-tenants")


@pytest.fixture
def origin(app, listed) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    thread.join()


def sign_in(page: Page, origin: str, email: str) -> None:
    page.goto(f"{origin}/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/**")


def by_keyboard(page: Page, label: str) -> None:
    """Tab to the control of this name and press it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText.trim()") == label:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keyboard never reaches {label}")


def test_a_city_signs_up_by_keyboard_and_is_asked_answers_and_admitted(origin: str) -> None:
    with launched() as browser, person(browser) as city, person(browser) as bandung:
        _signs_up(city, origin)
        _is_admitted(city, bandung, origin)


def _signs_up(page: Page, origin: str) -> None:
    page.goto(f"{origin}/join")
    look(page, "join-start")
    by_keyboard(page, "Mulai")
    page.wait_for_url("**/join/1")
    page.focus("[name=region]")
    page.keyboard.type("bogor")
    expect(page.locator("#regions option")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(page.locator("button[name=choice]")).to_have_count(2)
    page.fill("[name=region]", "Kota Manado")
    page.keyboard.press("Enter")
    page.wait_for_url("**/join/2")
    expect(page.locator(".join-region")).to_contain_text("Kota Manado")
    look(page, "join-2")
    page.fill("[name=mail]", "kominfo@manadokota.go.id")
    page.fill("[name=phone]", "0431 123456")
    by_keyboard(page, "Lanjut")
    page.wait_for_url("**/join/3")
    look(page, "join-3")
    page.fill("[name=contact_name]", "Kepala Bidang Aplikasi")
    page.fill("[name=email]", "admin@manado.example")
    page.check("[name=proof][value=mail]")
    by_keyboard(page, "Lanjut")
    page.wait_for_url("**/join/4")
    look(page, "join-4")
    page.goto(f"{origin}/join/1")
    look(page, "join-1")
    page.goto(f"{origin}/join/later")
    look(page, "join-later")
    page.goto(f"{origin}/join/4")
    page.fill("[name=password]", PASSWORD)
    page.check("[name=authorised]")
    by_keyboard(page, "Kirim permohonan")
    page.wait_for_url("**/console/manado/?welcome=1")
    look(page, "join-console")


def _is_admitted(city: Page, bandung: Page, origin: str) -> None:
    sign_in(bandung, origin, "maintainer@bandung.example")
    bandung.goto(f"{origin}/programme/applications")
    look(bandung, "applications")
    bandung.get_by_role("link", name="Kota Manado").click()
    look(bandung, "application-review")
    bandung.get_by_text("Tanyakan…").click()
    bandung.fill("[name=text]", "Siapa kepala dinasnya?")
    bandung.get_by_role("button", name="Tanyakan").click()
    city.goto(f"{origin}/console/manado/application")
    expect(city.locator("body")).to_contain_text("Siapa kepala dinasnya?")
    look(city, "application-asked")
    city.fill("#text", "Namanya menyusul.")
    by_keyboard(city, "Kirim")
    expect(city.locator("body")).to_contain_text("Namanya menyusul.")
    bandung.goto(f"{origin}/programme/applications/manado")
    expect(bandung.locator("body")).to_contain_text("Namanya menyusul.")
    bandung.locator("#how").fill("Kantor ditelepon")
    bandung.get_by_role("button", name="Terima", exact=True).click()
    expect(bandung.locator("body")).to_contain_text("Kantor ditelepon")
    look(bandung, "application-admitted")
    bandung.goto(f"{origin}/programme/regions?q=kutai")
    look(bandung, "regions")


def test_the_form_works_without_scripts(origin: str) -> None:
    with launched() as browser, person(browser, scripts=False) as page:
        page.goto(f"{origin}/join/1")
        page.fill("[name=region]", "bogor")
        page.get_by_role("button", name="Lanjut", exact=True).click()
        page.get_by_role("button", name="Kabupaten Bogor").click()
        page.wait_for_url("**/join/2")
        page.fill("[name=phone]", "belum tahu")
        page.get_by_role("button", name="Kembali").click()
        page.wait_for_url("**/join/1")
        expect(page.locator("[name=region]")).to_have_value("Kabupaten Bogor (32.01)")
        page.goto(f"{origin}/join/2")
        expect(page.locator("[name=phone]")).to_have_value("belum tahu")
