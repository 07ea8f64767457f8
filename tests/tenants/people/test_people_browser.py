"""People in a real browser: both languages, wide and on a phone, by keyboard alone and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from registry.tenants.people import appointed, units
from registry.tenants.people.appointed import Plugin
from tests.pages import launched, look, person, served
from tests.tenants.conftest import PASSWORD
from tests.tenants.people.conftest import ADMIN, AUDITOR, MAINTAINER, NEW, OPERATOR, SECRET, STRANGER, invited

PLACES = ((MAINTAINER, "programme/people"), (OPERATOR, "console/bontang/leave"), (OPERATOR, "console/"))
pytestmark = pytest.mark.xdist_group("browser-tenants")


@pytest.fixture
def origin(app: Flask, within, monkeypatch):
    with within() as city:
        top = units.add_opd(city, "Dinas Pekerjaan Umum dan Penataan Ruang")
        below = units.add_opd(city, "Bidang Bina Marga", top.id)
        units.add_opd(city, "Seksi Jembatan", below.id)
        invited(city, STRANGER, "admin", name="Kepala Bidang Aplikasi")
        invited(city, AUDITOR, "administrator", plugin="antrian", opd_id=below.id)
        unit = below.id
    listed = [Plugin("antrian", unit, "/console/bontang/plugins/antrian"), Plugin("lapor")]
    monkeypatch.setitem(app.extensions, appointed.PLUGINS, lambda city: listed if city.slug == "bontang" else [])
    with served(app) as found:
        yield found.replace("127.0.0.1", "localhost")


def sign_in(page: Page, origin: str, email: str) -> None:
    page.goto(f"{origin}/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/**")


def by_keyboard(page: Page, label: str) -> None:
    """Tab to the control of this name and press it."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText.trim()").startswith(label):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keyboard never reaches {label}")


def test_somebody_is_invited_by_keyboard_and_comes_in(origin: str, link: Callable[[str], str]) -> None:
    with launched() as browser, person(browser) as admin, person(browser, "en") as guest:
        sign_in(admin, origin, ADMIN)
        admin.goto(f"{origin}/console/bontang/people")
        by_keyboard(admin, "Undang atau beri peran")
        admin.wait_for_url("**/people/invite")
        look(admin, "people-invite")
        admin.focus("[name=email]")
        admin.keyboard.type(NEW)
        admin.keyboard.press("Tab")
        admin.keyboard.type("Operator Disdukcapil")
        admin.keyboard.press("Tab")
        admin.keyboard.press("End")
        admin.keyboard.press("Tab")
        admin.keyboard.type("antrian")
        admin.keyboard.press("Enter")
        admin.wait_for_url("**/people/invitations")
        expect(admin.locator("main")).to_contain_text(NEW)
        look(admin, "people-invitations")
        _comes_in(guest, f"{origin}{link(NEW)}")


def _comes_in(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("main")).to_contain_text("Kota Bontang")
    look(page, "people-accept")
    page.fill("[name=name]", "Operator Disdukcapil")
    for name, value in SECRET.items():
        page.fill(f"[name={name}]", value)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/")
    expect(page.locator("main")).to_contain_text("antrian")


@pytest.mark.parametrize(
    "place", ["people", "people?role=auditor&unit=1", "people/plugins", "units", "units/1", "leave"]
)
def test_pages_of_an_admin_fit(origin: str, within, place: str) -> None:
    with within() as city:
        first = units.tree(city)[0].unit.id
    place = place.replace("units/1", f"units/{first}").replace("unit=1", f"unit={first}")
    with launched() as browser, person(browser) as page:
        sign_in(page, origin, ADMIN)
        page.goto(f"{origin}/console/bontang/{place}")
        for more in page.locator("details").all():
            more.locator("summary").click()
        look(page, f"people-{place.partition('?')[0].replace('/', '-').rstrip('0123456789')}")


def test_maintainers_and_somebody_without_a_console_have_pages_that_fit(origin: str) -> None:
    with launched() as browser:
        for email, place in PLACES:
            with person(browser) as page:
                sign_in(page, origin, email)
                page.goto(f"{origin}/{place}")
                look(page, f"people-{place.replace('/', '-')}")


def test_the_last_admin_reads_beside_the_field_what_is_missing(origin: str) -> None:
    with launched() as browser, person(browser, scripts=False) as page:
        sign_in(page, origin, ADMIN)
        page.goto(f"{origin}/console/bontang/leave")
        page.get_by_role("button", name="Keluar sekarang").click()
        expect(page.locator("select[aria-invalid=true]")).to_have_count(1)
        expect(page.locator(".field-error")).to_contain_text("admin")
