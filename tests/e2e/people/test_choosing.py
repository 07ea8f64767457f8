"""A newcomer chooses: finds an app for complaints, compares it, and Bontang puts another on its plan."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.pages import PHONE, WIDE, barriers, look, person, shot

from ..stack import Stack
from .desk import sign_in

pytestmark = pytest.mark.sandbox
WISHES = {
    "id": ("aduan", "dipakai sedikitnya satu kota", "punya rilis yang teruji", "berjalan tanpa PostgreSQL"),
    "en": ("complaints", "used by at least one city", "has a tested release", "runs without PostgreSQL"),
}
MANY_STOPS = 25
WHY = "Sebutan warga di media sosial belum dicatat (contoh)."


@pytest.mark.parametrize(("language", "screen"), [("id", WIDE), ("en", PHONE)])
def test_an_app_for_complaints_is_found_in_three_clicks(
    browser: Browser, stack: Stack, language: str, screen: ViewportSize
) -> None:
    words, *wishes = WISHES[language]
    with person(browser, language) as page:
        page.set_viewport_size(screen)
        page.goto(stack.origin)
        search_by_keyboard(page, words)
        expect(cards(page).nth(1)).to_be_visible()
        for wish in wishes:
            page.locator(".shelf-quick").get_by_role("link", name=re.compile(f"^{wish}")).click()
            expect(page.locator(".shelf-chips")).to_contain_text(wish)
        expect(cards(page)).to_have_count(1)
        expect(cards(page)).to_contain_text("Lapor")
        shot(page, f"found-{language}", full_page=True)
        assert barriers(page) == []
        cards(page).get_by_role("link").click()
        expect(page.locator("h1")).to_contain_text("Lapor")


def search_by_keyboard(page: Page, words: str) -> None:
    """Nothing but keys: to the box, the words, its suggestions away, and off."""
    box = page.get_by_role("combobox")
    for _ in range(MANY_STOPS):
        if box.evaluate("box => box === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type(words)
    expect(page.get_by_role("listbox")).to_be_visible()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=*")


def cards(page: Page) -> Locator:
    return page.locator(".app-card")


def test_two_apps_are_ticked_and_stand_side_by_side(browser: Browser, stack: Stack) -> None:
    with person(browser, "id") as page:
        page.goto(f"{stack.origin}/?q=aduan")
        for name in ("Lapor", "Kanal Resmi"):
            page.get_by_role("checkbox", name=re.compile(f"Bandingkan {name}")).check()
        page.get_by_role("button", name="Bandingkan yang dicentang").click()
        expect(page.locator(".compare-name")).to_have_text([re.compile("Lapor"), re.compile("Kanal")])
        expect(row(page, "Berjalan di").get_by_role("cell").first).to_contain_text("Kota Bandung")
        same = page.locator(".compare-same", has_text="Data disimpan di")
        expect(same.get_by_text("SQLite")).to_be_hidden()
        look(page, "compare")
        page.get_by_role("link", name="Semuanya").click()
        expect(same.get_by_text("SQLite")).to_be_visible()
        page.get_by_role("link", name="Hanya perbedaan").click()
        expect(same).to_have_count(0)


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))


def test_bontang_wishes_votes_decides_and_reads_its_plan(browser: Browser, stack: Stack) -> None:
    with person(browser, "id") as page:
        page.goto(f"{stack.origin}/sign-in?next=/compare?apps=lapor,kanal")
        sign_in(page, "admin@bontang.example", stack.password)
        page.get_by_role("link", name="Masukkan ke daftar pilihan Kota Bontang").last.click()
        look(page, "shortlist-new")
        page.get_by_label("Mengapa diinginkan?").fill(WHY)
        page.get_by_role("button", name="Masukkan ke daftar pilihan").click()
        vote(page)
        look(page, "shortlist-item")
        quarter = decide(page)
        look(page, "decided")
        page.goto(f"{stack.origin}/console/bontang/plan")
        unit = page.get_by_role("columnheader").all_inner_texts().index("Dinas PUPR")
        planned = row(page, re.sub("^t", "T", quarter)).get_by_role("cell").nth(unit - 1)
        expect(planned).to_contain_text("Kanal Resmi")
        look(page, "plan")


def vote(page: Page) -> None:
    page.get_by_label("Atas nama").select_option("Dinas PUPR")
    page.get_by_role("group", name="Apakah OPD ini").get_by_label("Ya", exact=True).check()
    page.get_by_label("Karena").fill("Jalan rusak sering disebut (contoh)")
    page.get_by_role("button", name="Kirim suara", exact=True).click()
    expect(page.locator("[aria-labelledby=votes] .rows")).to_contain_text("Dinas PUPR")


def decide(page: Page) -> str:
    """To adopt it in the third quarter that is offered; its name."""
    page.get_by_role("group", name="Keputusan").get_by_label("Ambil", exact=True).check()
    page.get_by_label("OPD yang akan memegangnya").select_option("Dinas PUPR")
    page.get_by_label("Pada triwulan").select_option(index=3)
    page.get_by_label("Alasan").fill("Melengkapi aduan lewat Lapor (contoh).")
    page.get_by_role("button", name="Putuskan", exact=True).click()
    expect(page.locator(".choosing-decided")).to_contain_text("Dinas PUPR")
    name: str = page.locator(".choosing-decided dd").last.inner_text()
    return name.strip()
