"""The maintainers' view and a city's own in a real browser: both languages, wide and on a phone."""

import pytest
from playwright.sync_api import Page

from tests.pages import launched, look, person, served
from tests.tenants.conftest import PASSWORD

pytestmark = pytest.mark.xdist_group("browser-tenants")


def enter(page: Page, origin: str, email: str, path: str) -> None:
    page.goto(f"{origin}/sign-in?next={path}")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")


def test_the_programme_is_for_everybody_who_runs_it(app, partners, agreed):
    agreed("memorandum", "partner")
    with served(app) as origin, launched() as browser:
        with person(browser) as page:
            enter(page, origin, "maintainer@bandung.example", "/programme/")
            look(page, "programme")
            page.get_by_role("link", name="Jawa Barat").focus()
            page.keyboard.press("Enter")
            page.wait_for_url("**/programme/cities?province=32")
            look(page, "programme-cities")
            page.goto(f"{origin}/programme/adoption?app=lapor")
            look(page, "programme-adoption")
            page.goto(f"{origin}/programme/audit")
            look(page, "programme-audit")
        with person(browser) as page:
            enter(page, origin, "admin@bontang.example", "/console/bontang/")
            look(page, "console-overview")
            page.goto(f"{origin}/console/bontang/audit")
            look(page, "console-audit")
