"""Notifications and their mail as people see them: in both languages, wide and on a phone, in the dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from registry.accounts.notices.rules import quoted
from tests.accounts.notices.conftest import PASSWORD, html_of, told
from tests.pages import LANGUAGES, PHONE, PICTURES, SHOTS, WIDE, barriers, launched, look, person, served

pytestmark = pytest.mark.xdist_group("browser-accounts")
FACTS = {
    "subject": "Pertanyaan tentang Lapor menunggu jawaban Anda",
    "paragraphs": ["Kota Tegal bertanya:", quoted("Apakah bisa dipakai di telepon?\nKami punya 27 kelurahan."),
                   "http://localhost:8000/apps/lapor#q1"],
    "link": "/account", "action": "Buka pertanyaan",
}  # fmt: skip


@pytest.fixture
def origin(app, folk) -> Iterator[str]:
    with served(app) as place:
        yield place


def sign_in(page: Page, origin: str, email: str) -> None:
    page.goto(f"{origin}/sign-in?next=/notifications")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Pemberitahuan")


def test_notifications_are_read_and_chosen_by_everybody(origin: str, folk) -> None:
    told(folk[0], **FACTS)
    told(folk[0], kind="plugin.alert", subject="Perhatian: lapor.bontang")
    with launched() as browser, person(browser, scripts=False) as page:
        sign_in(page, origin, folk[0].email)
        expect(page.locator(".bell-count")).to_contain_text("2")
        page.locator(".notices .fold > summary").last.click()
        expect(page.locator(".notices blockquote")).to_contain_text("27 kelurahan")
        page.locator(".notices h2 a").last.click()
        page.wait_for_url("**/account")
        expect(page.locator(".bell-count")).to_contain_text("1")
    with launched() as browser, person(browser) as page:
        sign_in(page, origin, folk[0].email)
        look(page, "notifications")
        page.goto(f"{origin}/notifications?group=proposals")
        look(page, "notifications-none")
        page.goto(f"{origin}/account/notifications")
        look(page, "notifications-preferences")


def test_a_mail_is_fit_for_everybody(folk, post, origin: str) -> None:
    told(*folk, **FACTS)
    with launched() as browser:
        for language, message in zip(LANGUAGES, post(), strict=True):
            for shade in ("light", "dark"):
                _opened(browser, html_of(message), f"mail-{language}-{shade}", shade)


def _opened(browser: Browser, html: str, name: str, shade: str) -> None:
    """As a mail program shows it: nothing from elsewhere is asked for."""
    context = browser.new_context(color_scheme=shade)  # type: ignore[arg-type]
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(html)
    for size, screen in (("phone", PHONE), ("wide", WIDE)):
        page.set_viewport_size(screen)  # type: ignore[arg-type]
        if PICTURES:
            page.screenshot(path=SHOTS / f"{name}-{size}.png", full_page=True)
        assert page.locator("html").evaluate("html => html.scrollWidth - innerWidth") <= 0
    found = [one for one in barriers(page) if not one.startswith(("landmark", "region"))]
    assert not found and not asked, f"{name}:\n" + "\n".join(found)
    context.close()
