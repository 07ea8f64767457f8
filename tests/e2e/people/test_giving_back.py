"""What a city improves comes to all: Bontang adapts Lapor, follows the next release and gives back what it changed;
Bandung takes it in and releases it; Tanjungpinang hears of it and upgrades. Each chapter goes on where the one before
it ended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages import look, person

from ..conftest import Git
from ..stack import Stack, until
from .desk import MAINTAINER, press, sign_in

pytestmark = [pytest.mark.sandbox, pytest.mark.usefixtures("in_order")]
ADMIN, NEIGHBOUR = "admin@bontang.example", "admin@tanjungpinang.example"
TESTS, WORK = 240_000, 90_000
"""Milliseconds a bundle's own tests and a job may take on a machine that is shared."""

ABOUT = "lapor/templates/lapor/about.html"
LINE = '<p>{{ _("In an emergency call 112.") }}</p>'
FREE = "Panggilan ke 112 gratis, juga tanpa pulsa (demo)."
MINE = LINE.replace("</p>", f" {FREE}</p>")
THEIRS = LINE.replace("<p>", '<p class="emergency">')
BOTH = THEIRS.replace("</p>", f" {FREE}</p>")
TITLE = "112 gratis (demo)"
FORK, ASKED = "/console/bontang/forks/lapor", "Apakah ini berlaku di semua operator?"


@dataclass(frozen=True)
class Bandung:
    """Where its maintainer works: a browser, and a clone of Lapor whose origin knows the token."""

    page: Page
    clone: Path
    git: Git

    def push(self, version: str, changes: str, line: tuple[str, str] | None = None) -> None:
        """The next version, with its change log, and with one line of a page become another."""
        assert self.git("pull", "-q", "origin", "main", cwd=self.clone).returncode == 0
        if line:
            about = self.clone / ABOUT
            about.write_text(about.read_text().replace(*line))
        described, log = self.clone / "publiccode.yml", self.clone / "CHANGELOG.md"
        described.write_text(re.sub(r"(?m)^softwareVersion: .*", f"softwareVersion: {version}", described.read_text()))
        log.write_text(log.read_text().replace("# Changelog\n", f"# Changelog\n\n## {version}\n\n{changes}\n", 1))
        for command in (("commit", "-qam", f"Lapor {version}"), ("push", "-q", "origin", "HEAD:main")):
            done = self.git(*command, cwd=self.clone)
            assert done.returncode == 0, done.stderr

    def release(self, stack: Stack, version: str) -> None:
        """What was pushed, once its own tests have passed in the sandbox."""
        self.page.goto(f"{stack.origin}/programme/publish")
        form = self.page.locator("form[action$='/publish/pushed']")
        form.locator("[name=app]").select_option("lapor")
        form.locator("button[value=look]").click()
        press(self.page, "Run its tests in the sandbox")
        expect(self.page.get_by_text("Its own tests say:")).to_be_visible(timeout=TESTS)
        self.page.get_by_role("link", name="Go on with the checklist").click()
        press(self.page, f"Release {version}")
        expect(self.page.locator("h1")).to_contain_text("Lapor")


@pytest.fixture(scope="module")
def bandung(maintainer: Page, stack: Stack, git: Git, place: Path) -> Bandung:
    clone, token = place / "work" / "lapor", stack.person(MAINTAINER).token
    done = git("clone", "-q", f"http://token:{token}@localhost:{stack.port}/git/lapor.git", str(clone))
    assert done.returncode == 0, done.stderr
    return Bandung(maintainer, clone, git)


@pytest.fixture(scope="module")
def bontang_page(browser: Browser, stack: Stack) -> Iterator[Page]:
    with person(browser, "id") as page:
        page.goto(f"{stack.origin}/sign-in?lang=id")
        sign_in(page, ADMIN, stack.password)
        yield page


@pytest.fixture(scope="module")
def pinang(browser: Browser, stack: Stack, bandung: Bandung) -> Iterator[Page]:
    """Tanjungpinang's admin, while its PKS is in force; other tests want the city without one."""
    agreement = signed(stack)
    with person(browser, "id") as page:
        page.goto(f"{stack.origin}/sign-in?lang=id")
        sign_in(page, NEIGHBOUR, stack.password)
        yield page
    bandung.page.goto(f"{stack.origin}/programme/cities/tanjungpinang/agreements/{agreement}/terminate")
    bandung.page.fill("[name=reason]", "The story is over (demo)")
    bandung.page.locator("main form button").last.click()


def signed(stack: Stack) -> int:
    """Tanjungpinang's PKS, with both signatures where it waits for them; its number here."""
    city, maintainer = stack.person(NEIGHBOUR), stack.person(MAINTAINER)
    found = city.get("/api/v1/agreements?city=tanjungpinang").json["items"]
    pks = next(one for one in reversed(found) if one["kind"] == "pks")
    number: int = pks["id"]
    if pks["state"] == "active":
        return number
    for client, side in ((city, "?city=tanjungpinang"), (maintainer, "")):
        noted = client.post(f"/api/v1/agreements/{number}/sign{side}", {"signatory": "Kepala Diskominfo (demo)"})
        assert noted.status == 200, noted.text
    return number


def forked(page: Page, stack: Stack, city: str) -> None:
    """By the app's page, which leads a city that has its fork already there."""
    page.goto(f"{stack.origin}/apps/lapor")
    button = page.get_by_role("button", name=re.compile("^Fork untuk"))
    button.or_(page.get_by_role("link", name=re.compile("^Buka fork"))).click()
    page.wait_for_url(f"**/console/{city}/forks/lapor")


def test_tanjungpinang_runs_lapor_as_it_is(pinang: Page, stack: Stack) -> None:
    forked(pinang, stack, "tanjungpinang")
    city = stack.person(NEIGHBOUR)
    job = city.wait_job(city.post("/api/v1/deployments", {"city": "tanjungpinang", "app": "lapor"}).json)
    assert job["state"] == "done", job
    assert FREE not in stack.plugin("lapor", "tanjungpinang").get("/tentang").text


def test_bontang_adapts_a_page_in_the_browser(bontang_page: Page, stack: Stack) -> None:
    page = bontang_page
    forked(page, stack, "bontang")
    page.goto(f"{stack.origin}{FORK}/source/{ABOUT}")
    look(page, "giving-file")
    page.locator(f"a[href*='/edit/'][href*='{ABOUT}']").first.click()
    text = page.locator("#text")
    assert LINE in text.input_value()
    text.fill(text.input_value().replace(LINE, MINE))
    page.fill("[name=message]", "Sebut bahwa 112 gratis")
    press(page, "Simpan perubahan")
    expect(page.locator("main")).to_contain_text("Sebut bahwa 112 gratis")


def test_bandung_releases_its_own_change_of_the_same_line(bandung: Bandung, stack: Stack) -> None:
    bandung.push("1.2.0", "- The emergency number stands out.", (LINE, THEIRS))
    bandung.release(stack, "1.2.0")


def test_bontang_sees_it_and_decides_the_conflict(bontang_page: Page, stack: Stack) -> None:
    page = bontang_page
    page.goto(f"{stack.origin}{FORK}")
    expect(page.locator("main")).to_contain_text("versi 1.2.0 sudah terbit")
    page.goto(f"{stack.origin}{FORK}/upstream")
    expect(page.locator("main")).to_contain_text("The emergency number stands out")
    look(page, "giving-upstream")
    page.locator("form[action$='/upstream/sync'] button").click()
    page.locator("ul.rows a", has_text=ABOUT).click()
    look(page, "giving-conflict")
    page.locator("details.fold > summary").first.click()
    text = page.locator("textarea[name=content]")
    marked = re.compile(r"<<<<<<< .*?>>>>>>> [^\n]*", re.DOTALL)
    text.fill(marked.sub(BOTH, text.input_value()))
    page.locator("button[value=edited]").click()
    page.locator(f"a[href='{FORK}/upstream/result']").click()
    look(page, "giving-result")
    page.locator("form[action$='/upstream/finish'] button").click()
    page.locator(f"a[href='{FORK}/upstream']").first.click(timeout=WORK)
    expect(page.locator("main")).to_contain_text("1.2.0")


def test_bontang_offers_what_it_changed(bontang_page: Page, stack: Stack) -> None:
    page = bontang_page
    page.goto(f"{stack.origin}{FORK}/propose")
    page.fill("#title", TITLE)
    page.fill("#text", "Warga bertanya di loket apakah panggilan ke 112 **dibayar**.")
    page.locator("form.sheet button[type=submit]").click()
    expect(page.locator(".note-ok").first).to_be_visible()
    look(page, "giving-offered")


def test_a_maintainer_asks_and_bontang_answers(bandung: Bandung, bontang_page: Page, stack: Stack) -> None:
    page = bandung.page
    page.goto(f"{stack.origin}/programme/proposals")
    page.get_by_role("link", name=TITLE).click()
    page.locator("nav.tabs a[href$='/changes']").click()
    expect(page.locator(".diff-added")).to_have_count(1)
    page.locator(".diff-added .row-no a").first.click()
    page.fill("#say textarea", ASKED)
    page.locator("#say button[value=comment]").click()
    bontang_page.reload()
    expect(bontang_page.locator("main")).to_contain_text(ASKED)
    bontang_page.fill("textarea[name=text] >> nth=-1", "Ya, menurut Kominfo (demo).")
    bontang_page.locator("button[value=comment]").click()
    expect(bontang_page.locator("main")).to_contain_text("menurut Kominfo")


def test_its_tests_pass_in_the_sandbox_and_it_is_merged(bandung: Bandung) -> None:
    page = bandung.page
    page.locator("nav.tabs a[href$='/checks']").click()
    press(page, "Run its tests in the sandbox")
    expect(page.get_by_text("Its own tests say:")).to_be_visible(timeout=TESTS)
    look(page, "giving-checks")
    page.locator("nav.tabs a").first.click()
    page.locator("button[value=approve]").click()
    look(page, "giving-approved")
    page.locator("button[value=merge]").click()
    expect(page.locator("main")).to_contain_text("Merged on")
    look(page, "giving-merged")


def test_the_next_release_has_it_and_names_the_city(bandung: Bandung, browser: Browser, stack: Stack) -> None:
    bandung.push("1.3.0", "- Small things.")
    assert FREE in (bandung.clone / ABOUT).read_text()
    bandung.release(stack, "1.3.0")
    with person(browser, "id") as page:
        page.goto(f"{stack.origin}/apps/lapor")
        credit = page.locator("section[aria-labelledby=improved]")
        expect(credit).to_contain_text("Kota Bontang")
        expect(credit).to_contain_text(TITLE)
        look(page, "giving-app")


def test_tanjungpinang_is_told_and_upgrades(pinang: Page, stack: Stack) -> None:
    page = pinang
    page.goto(f"{stack.origin}/console/tanjungpinang/")
    look(page, "giving-told")
    page.locator("a[href$='/console/tanjungpinang/forks/lapor/upstream']").first.click()
    expect(page.locator("main")).to_contain_text("1.3.0")
    expect(page.locator("section[aria-labelledby=releases]")).to_contain_text(f"{TITLE} (Kota Bontang")
    look(page, "giving-news")
    page.locator("form[action$='/upstream/sync'] button").click()
    page.locator("a[href$='/console/tanjungpinang/forks/lapor/upstream']").first.click(timeout=WORK)
    page.locator("a[href$='/console/tanjungpinang/plugins/lapor']").first.click()
    page.locator("details.act > summary").first.click()
    page.locator("form[action$='/upgrade'] button").click()
    page.get_by_role("link", name="Ke plugin").click(timeout=WORK)
    expect(page.locator("main")).to_contain_text("1.3.0")
    until(lambda: FREE in stack.plugin("lapor", "tanjungpinang").get("/tentang").text, 60)


def test_bontang_is_told_that_it_was_taken_and_stays_itself(bontang_page: Page, stack: Stack) -> None:
    page = bontang_page
    written = [path.read_text() for path in (stack.data / "mail").glob("*.eml")]
    assert any(TITLE in one and ADMIN in one and "menggabungkannya" in one for one in written)
    page.goto(f"{stack.origin}/console/bontang/proposals?state=merged")
    expect(page.locator("ul.rows")).to_contain_text(TITLE)
    page.goto(f"{stack.origin}{FORK}/upstream")
    look(page, "giving-after")
    page.locator("form[action$='/upstream/sync'] button").click()
    page.locator(f"a[href='{FORK}/upstream']").first.click(timeout=WORK)
    page.goto(f"{stack.origin}{FORK}/source/publiccode.yml")
    expect(page.locator(".source")).to_contain_text("softwareVersion: 1.3.0")
    expect(page.locator(".source")).to_contain_text("git/bontang/lapor.git")
