"""Agreements in a real browser: both doors, both languages, wide and on a phone, by keyboard, with axe."""

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
def origin(app, world) -> Iterator[str]:
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
    page.wait_for_url(lambda url: "/sign-in" not in url)


def by_keyboard(page: Page, label: str) -> None:
    """Tab to the control of this name and press it."""
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText.trim()") == label:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keyboard never reaches {label}")


def test_both_sides_work_on_an_agreement(origin: str) -> None:
    with launched() as browser, person(browser) as city, person(browser) as bandung:
        sign_in(city, origin, "admin@bontang.example")
        _drafts(city, origin)
        _signs(city)
        sign_in(bandung, origin, "maintainer@bandung.example")
        _decides(bandung, origin)
        city.reload()
        by_keyboard(city, "Susun adendum")
        city.wait_for_url("**/edit")
        look(city, "agreement-addendum")


def _drafts(page: Page, origin: str) -> None:
    page.goto(f"{origin}/console/bontang/agreements")
    look(page, "agreements-empty")
    page.locator("details.fold").first.evaluate("fold => fold.open = true")
    by_keyboard(page, "Simpan dan ajukan")
    page.wait_for_url("**/agreements/1")
    page.goto(f"{origin}/console/bontang/agreements/1/edit")
    look(page, "agreement-edit")
    page.fill("[name=number]", "421/NK-3/2026")
    page.fill("[name=starts_on]", "2026-01-01")
    page.fill("[name=ends_on]", "2031-12-31")
    by_keyboard(page, "Simpan dan ajukan kepada kedua pihak")
    page.wait_for_url("**/agreements/1")


def _signs(page: Page) -> None:
    look(page, "agreement-proposed")
    by_keyboard(page, "Catat tanda tangan kami")
    page.wait_for_url("**/console/bontang/agreements")
    expect(page.locator("article.agreement")).to_contain_text("421/NK-3/2026")
    look(page, "agreements")
    page.locator("article.agreement a").first.click()


def _decides(page: Page, origin: str) -> None:
    page.goto(f"{origin}/programme/cities/bontang/agreements/1")
    page.locator("form.sign button").click()
    page.goto(f"{origin}/programme/cities/bontang/agreements/1")
    look(page, "agreement-publisher")
    for path, name in (
        ("agreements", "programme-agreements"), ("settings", "programme-settings"),
        ("cities/bontang/agreements/1/terminate", "agreement-end"), ("cities/bontang/suspension", "agreement-suspend"),
        ("cities/bontang", "programme-city"),
    ):  # fmt: skip
        page.goto(f"{origin}/programme/{path}")
        look(page, name)
