"""Kota Tegal's story in the browser, each chapter going on where the one before it ended.

The visitors read English and Indonesian by turns, so that both are worked with and not only looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages import barriers, look, person, shot

from ..stack import Stack
from .desk import press, set_up_codes

pytestmark = [pytest.mark.sandbox, pytest.mark.usefixtures("in_order")]
ADMIN, PASSWORD = "admin@tegal.example", "empat kata sandi tegal"
TITLE = "Lampu jalan mati di depan pasar (demo)"
ANSWER = "Lampu sudah diganti pagi ini. Terima kasih atas laporannya."


@pytest.fixture(scope="module")
def tegal(browser: Browser) -> Iterator[Page]:
    """The admin of Kota Tegal at work, in Indonesian."""
    with person(browser, "id") as page:
        yield page


def test_a_visitor_reads_the_catalog(browser: Browser, stack: Stack) -> None:
    with person(browser, "id") as page:
        page.goto(stack.origin)
        expect(page.locator("html")).to_have_attribute("lang", "id")
        look(page, "catalog")
        page.get_by_role("combobox").fill("antrean")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name=re.compile("Lapor"))).to_have_count(0)
        page.goto(f"{stack.origin}/?q=lapor")
        page.get_by_role("link", name=re.compile("Lapor")).first.click()
        expect(page.locator("h1")).to_contain_text("Lapor")
        look(page, "app")
        page.goto(f"{stack.origin}/?lang=en")
        expect(page.locator("html")).to_have_attribute("lang", "en")
    with person(browser, "en", scripts=False) as page:
        page.goto(f"{stack.origin}/apps/lapor")
        expect(page.get_by_role("link", name="How a city joins")).to_be_visible()


def test_tegal_signs_up(tegal: Page, stack: Stack) -> None:
    tegal.goto(f"{stack.origin}/sign-in")
    look(tegal, "sign-in")
    tegal.goto(f"{stack.origin}/join")
    look(tegal, "join")
    tegal.get_by_role("link", name="Mulai").click()
    steps = (
        {"name": "Kota Tegal", "code": "33.76", "slug": "tegal"},
        {"contact_office": "Diskominfo Kota Tegal", "mail": "diskominfo@tegal.example", "phone": "0283 123456"},
        {"contact_name": "Kepala Bidang Aplikasi", "email": ADMIN},
    )
    for number, given in enumerate(steps, start=1):
        for name, value in given.items():
            tegal.fill(f"[name={name}]", value)
        if number == 3:
            tegal.check("[name=proof][value=other]")
        press(tegal, "Lanjut")
        tegal.wait_for_url(f"**/join/{number + 1}")
    look(tegal, "join-send")
    tegal.check("[name=authorised]")
    tegal.fill("[name=password]", PASSWORD)
    press(tegal, "Kirim permohonan")
    tegal.wait_for_url(re.compile(r"/account/security\?next="))
    set_up_codes(tegal)
    tegal.wait_for_url("**/console/tegal/**")


def test_the_maintainer_admits_it(maintainer: Page, stack: Stack) -> None:
    look(maintainer, "programme")
    maintainer.goto(f"{stack.origin}/programme/applications/tegal")
    maintainer.fill("[name=how]", "Called the office (demo)")
    press(maintainer, "Admit")
    expect(maintainer.locator("body")).to_contain_text("The city is admitted")


def test_before_the_pks_a_fork_is_refused_in_words(tegal: Page, stack: Stack) -> None:
    tegal.goto(f"{stack.origin}/apps/lapor")
    expect(tegal.locator(".panel-take")).to_contain_text("PKS")
    expect(tegal.get_by_role("button", name=re.compile("^Fork"))).to_have_count(0)
    csrf = tegal.locator("[name=csrf_token]").first.get_attribute("value") or ""
    answer = tegal.request.post(
        f"{stack.origin}/console/tegal/forks",
        form={"app": "lapor", "csrf_token": csrf},
        headers={"Referer": stack.origin, "Accept": "text/html"},
    )
    assert answer.status == 403
    assert "PKS" in answer.text()


@pytest.mark.parametrize(("kind", "number"), [("memorandum", "DEMO/NK/33.76"), ("pks", "DEMO/PKS/33.76")])
def test_both_sides_propose_and_sign(tegal: Page, maintainer: Page, stack: Stack, kind: str, number: str) -> None:
    tegal.goto(f"{stack.origin}/console/tegal/agreements")
    fold = tegal.locator("details.fold")
    if not fold.evaluate("fold => fold.open"):
        fold.locator("summary").click()
    expect(tegal.locator(f"[name=kind][value={kind}]")).to_be_checked()
    tegal.fill("details.fold [name=number]", number)
    tegal.fill("details.fold [name=starts_on]", "2026-01-01")
    tegal.fill("details.fold [name=ends_on]", "2031-12-31")
    press(tegal, "Simpan dan ajukan")
    for page, where, label in (
        (tegal, "console/tegal/agreements", "Catat tanda tangan kami"),
        (maintainer, "programme/cities/tegal", "Note our signature"),
    ):
        page.goto(f"{stack.origin}/{where}")
        page.locator("form.sign [name=signatory]").last.fill("Kepala Diskominfo (demo)")
        press(page, label)
    tegal.goto(f"{stack.origin}/console/tegal/agreements")
    expect(tegal.locator("article.agreement", has_text=number)).to_contain_text("aktif")
    look(tegal, f"agreements-{kind}")


def test_tegal_forks_with_one_click_and_deploys(tegal: Page, stack: Stack) -> None:
    tegal.goto(f"{stack.origin}/apps/lapor")
    press(tegal, "Fork untuk Kota Tegal")
    tegal.wait_for_url("**/console/tegal/forks/lapor")
    look(tegal, "fork")
    tegal.goto(f"{stack.origin}/console/tegal/plugins/new?app=lapor")
    look(tegal, "new-plugin")
    tegal.get_by_label("Nama aplikasi").fill("Lapor Tegal")
    press(tegal, "Pasang")
    tegal.wait_for_url("**/jobs/*")
    tegal.get_by_role("link", name="Ke plugin").click(timeout=90_000)
    tegal.wait_for_url("**/console/tegal/plugins/lapor")
    look(tegal, "plugin")


def test_a_citizen_reports_without_scripts(browser: Browser, stack: Stack) -> None:
    with person(browser, "id", scripts=False) as page:
        page.goto(stack.url("lapor", "tegal"))
        expect(page.locator("body")).to_contain_text("Lapor Tegal")
        page.goto(f"{stack.url('lapor', 'tegal')}/lapor")
        page.fill("[name=title]", TITLE)
        page.fill("[name=body]", "Sejak Senin lampu di depan pasar mati dan jalan gelap di malam hari.")
        page.fill("[name=address]", "Jalan Pasar Pagi")
        page.select_option("[name=category_id]", index=4)
        press(page, "Kirim laporan")
        page.wait_for_url("**/ikuti/**")
        expect(page.locator(".receipt .number").first).to_have_text(re.compile(r"LP-\d{4}-\d+"))


def test_the_admin_enters_by_a_one_time_code_and_answers(tegal: Page, stack: Stack) -> None:
    tegal.goto(f"{stack.url('lapor', 'tegal')}/kerja")
    expect(tegal).to_have_url(f"{stack.url('lapor', 'tegal')}/kerja")
    look(tegal, "desk")
    tegal.get_by_role("link", name=TITLE).click()
    press(tegal, "Terima dan tampilkan")
    tegal.select_option("[name$=office_id]", index=1)
    press(tegal, "Teruskan")
    tegal.fill("form[action$='/jawab'] textarea", ANSWER)
    tegal.locator("form[action$='/jawab'] [type=checkbox]").check()
    press(tegal, "Tampilkan jawaban")
    expect(tegal.locator("body")).to_contain_text(ANSWER)


def test_everybody_reads_the_answer_and_finds_it_by_the_portal(browser: Browser, stack: Stack) -> None:
    with person(browser, "id") as page:
        page.goto(f"http://tegal.localhost:{stack.port}/")
        look(page, "portal")
        page.get_by_role("link", name=re.compile("Lapor")).first.click()
        look(page, "lapor")
        page.goto(f"{stack.url('lapor', 'tegal')}/laporan")
        page.get_by_role("link", name=TITLE).click()
        expect(page.locator("body")).to_contain_text(ANSWER)


def test_off_shows_the_city_s_own_page_and_on_brings_it_back(tegal: Page, browser: Browser, stack: Stack) -> None:
    tegal.goto(f"{stack.origin}/console/tegal/plugins/lapor")
    tegal.get_by_text("Matikan…", exact=True).click()
    press(tegal, "Matikan lapor")
    with person(browser, "id") as page:
        expect_status(page, stack.url("lapor", "tegal"), 503)
        expect(page.locator("body")).to_contain_text("Kota Tegal")
        assert barriers(page) == []
        shot(page, "off-id-wide")
        press(tegal, "Hidupkan")
        expect_status(page, stack.url("lapor", "tegal"), 200)


def expect_status(page: Page, url: str, status: int) -> None:
    """The host follows a switch within a moment."""
    for _ in range(40):
        answer = page.goto(url)
        if answer and answer.status == status:
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{url} never answered {status}")


def test_settings_make_a_revision_and_a_rollback_takes_it_back(tegal: Page, stack: Stack) -> None:
    tegal.goto(f"{stack.origin}/console/tegal/plugins/lapor/config")
    look(tegal, "settings")
    tegal.get_by_label("Nama aplikasi").fill("Lapor Bahari")
    press(tegal, "Simpan sebagai revisi baru")
    tegal.get_by_role("link", name="Ke plugin").click(timeout=60_000)
    tegal.goto(stack.url("lapor", "tegal"))
    expect(tegal.locator("body")).to_contain_text("Lapor Bahari")
    tegal.goto(f"{stack.origin}/console/tegal/plugins/lapor/history")
    tegal.get_by_text("Kembali ke 1…").click()
    press(tegal, "Kembali ke revisi 1")
    tegal.get_by_role("link", name="Ke plugin").click(timeout=60_000)
    tegal.goto(stack.url("lapor", "tegal"))
    expect(tegal.locator("body")).to_contain_text("Lapor Tegal")
    tegal.goto(f"{stack.url('lapor', 'tegal')}/laporan")
    expect(tegal.locator("body")).to_contain_text(TITLE)


def test_the_console_tells_all_of_it(tegal: Page, stack: Stack) -> None:
    pages = {"console": "", "plugins": "plugins", "plugin": "plugins/lapor", "history": "plugins/lapor/history",
             "difference": "plugins/lapor/history?from=1&to=2", "tasks": "plugins/lapor/tasks",
             "addresses": "plugins/lapor/domains", "people": "people", "audit": "audit"}  # fmt: skip
    for name, path in pages.items():
        tegal.goto(f"{stack.origin}/console/tegal/{path}")
        look(tegal, name)
    expect(tegal.locator("body")).to_contain_text("lapor.tegal")
