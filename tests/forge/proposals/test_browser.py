"""Bontang gives back, Bandung talks and takes it in: in a real browser, both languages, on a phone, without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from registry.accounts import service as accounts
from registry.core.uow import unit_of_work
from tests.forge import conftest as forge
from tests.forge.proposals.conftest import Table
from tests.forge.proposals.test_variants import work
from tests.pages import launched, look, person

pytestmark = pytest.mark.xdist_group("browser-forge")

PASSWORD = "kata-sandi-panjang"
FORK = "/console/bontang/forks/lapor"


def sign_in(page: Page, table: Table, origin: str, email: str, to: str) -> None:
    with table.house.app.app_context(), unit_of_work():
        accounts.set_password(forge.user(email), PASSWORD)
    page.goto(f"{origin}/sign-in?next={to}")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()


def test_a_city_gives_back_and_is_named(table: Table, origin: str) -> None:
    with launched() as browser:
        with person(browser) as page:
            sign_in(page, table, origin, "b@example.id", FORK)
            page.locator(f"nav.tabs a[href='{FORK}/propose']").click()
            look(page, "proposals-form")
            page.locator("#title").fill("README yang lebih jelas")
            page.locator("#text").fill("Warga **bertanya** hal yang sama:\n\n- untuk siapa\n- bagaimana")
            page.locator("form.sheet button[type=submit]").click()
            expect(page.locator(".note-ok").first).to_be_visible()
            place = page.url
            look(page, "proposals-city-side")
        with person(browser, scripts=False) as page:
            sign_in(page, table, origin, "a@example.id", "/programme/proposals")
            page.locator("ul.rows a").first.click()
            page.locator("nav.tabs a[href$='/changes']").click()
            page.locator(".diff-added .row-no a").first.click()
            page.locator("#say textarea").fill("Judulnya dapat lebih pendek.")
            page.locator("#say button[value=comment]").click()
            expect(page.locator(".remark")).to_contain_text("lebih pendek")
        with person(browser) as page:
            sign_in(page, table, origin, "a@example.id", "/programme/proposals")
            look(page, "proposals-queue")
            page.goto(f"{place}/changes")
            look(page, "proposals-changes")
            page.goto(f"{place}/commits")
            look(page, "proposals-commits")
            page.goto(f"{place}/checks")
            look(page, "proposals-checks")
            page.goto(place)
            page.locator("button[value=approve]").click()
            look(page, "proposals-conversation")
            page.locator("button[value=merge]").click()
            expect(page.locator("main")).to_contain_text("Digabungkan")
            look(page, "proposals-merged")
        with person(browser) as page:
            page.goto(f"{origin}/apps/lapor/proposals?state=merged")
            look(page, "proposals-list")
            page.goto(f"{origin}/apps/lapor")
            expect(page.locator("#improved")).to_be_visible()
            look(page, "proposals-credit")
    assert table.text("README.md").startswith("# Lapor, told better")


def test_conflicts_lead_to_the_fork(offered: tuple[Table, int], origin: str) -> None:
    table, number = offered
    table.upstream_changes({"README.md": "# Other\n"})
    with launched() as browser, person(browser) as page:
        sign_in(page, table, origin, "b@example.id", f"/apps/lapor/proposals/{number}")
        expect(page.locator(f"a[href='{FORK}/upstream']")).to_be_visible()
        look(page, "proposals-conflict")
        page.goto(f"{origin}/console/bontang/proposals")
        look(page, "proposals-of-a-city")


def test_a_fork_becomes_a_variant(table: Table, origin: str) -> None:
    with launched() as browser:
        with person(browser) as page:
            sign_in(page, table, origin, "b@example.id", f"{FORK}/variant")
            page.locator("#name").fill("Lapor Pesisir")
            page.locator("#slug").fill("lapor-pesisir")
            page.locator("#why").fill("Untuk kota **kepulauan**: laporan tanpa sinyal.")
            page.locator("form.sheet button[type=submit]").click()
            expect(page.locator("ul.rows")).to_contain_text("Lapor Pesisir")
            look(page, "proposals-variant")
        with person(browser) as page:
            sign_in(page, table, origin, "a@example.id", "/programme/variants")
            look(page, "proposals-variants")
            page.locator("button[value=approve]").click()
            page.wait_for_url("**/jobs/**")
            assert work(table) == ["done"]
            page.goto(f"{origin}/programme/variants")
            page.locator("ul.rows .remark > p > a").click()
            expect(page.locator("h1")).to_contain_text("Lapor Pesisir")
