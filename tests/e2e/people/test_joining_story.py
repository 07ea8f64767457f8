"""A city's whole way to its first handover: Kabupaten Bintan signs up, leaves, goes on elsewhere, proves its office,
answers, makes two agreements on paper and takes its first app. Each chapter goes on where the one before it ended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
import zxingcpp
from playwright.sync_api import Browser, Page, expect

from tests.pages import look, person

from ..post import link
from ..stack import Stack
from . import papers
from .desk import press, set_up_codes

pytestmark = [pytest.mark.sandbox, pytest.mark.usefixtures("in_order")]
ADMIN, PASSWORD = "admin@bintan.example", "lima kata sandi dari bintan"
OFFICE = "diskominfo@bintan-demo.go.id"
QUESTION, ANSWER = "Which unit will run the apps? (demo)", "Bidang Aplikasi Informatika, empat orang (demo)."
YESTERDAY, LAST = date.today() - timedelta(1), date.today() + timedelta(3 * 365)
MORE = "PIHAK KEDUA melaporkan jumlah pengguna setiap triwulan (demo)."
PARTY = {"office": "Bupati Bintan (demo)", "name": "Nama Pejabat (demo)", "address": "Bandar Seri Bentan (demo)"}
HEAD = {"office": "Kepala Dinas Komunikasi dan Informatika (demo)"}


@dataclass(frozen=True)
class Paper:
    """An agreement of the story; ``given`` is what the city fills in besides its number and term."""

    kind: str
    number: str
    words: tuple[str, ...]
    given: dict[str, str] = field(default_factory=dict)


MEMORANDUM = Paper("memorandum", "DEMO/NK/21.01", ("Bupati Bintan (demo)", "dasar hukum", "PARA PIHAK"), PARTY)
PKS = Paper("pks", "DEMO/PKS/21.01", (MORE, "Lapor", MEMORANDUM.number, "sampai dengan aplikasi terpasang"), HEAD)


@pytest.fixture(scope="module")
def bintan(browser: Browser) -> Iterator[Page]:
    """The admin of Kabupaten Bintan at the machine in the office, in Indonesian."""
    with person(browser, "id") as page:
        yield page


def fill(page: Page, given: dict[str, str]) -> None:
    for name, value in given.items():
        page.fill(f"[name={name}]", value)


def test_it_begins_at_one_machine_and_leaves(browser: Browser, stack: Stack) -> None:
    with person(browser, "id") as page:
        page.goto(f"{stack.origin}/join")
        page.get_by_role("link", name="Mulai").click()
        fill(page, {"name": "Kabupaten Bintan", "code": "2101"})
        press(page, "Lanjut")
        expect(page.locator(".field-error")).to_contain_text("BPS")
        fill(page, {"code": "21.01", "slug": "bintan"})
        press(page, "Lanjut")
        page.wait_for_url("**/join/2")
        fill(page, {"contact_office": "Diskominfo Kabupaten Bintan", "head": "Kepala Dinas (demo)"})
        press(page, "Simpan dan lanjutkan nanti")
        page.wait_for_url("**/join/later")
        look(page, "joining-later")
        fill(page, {"address": ADMIN})
        press(page, "Kirimi saya tautan")
        expect(page.locator("main")).to_contain_text(ADMIN)


def test_it_goes_on_at_another_and_sends(bintan: Page, stack: Stack) -> None:
    bintan.goto(link(stack, ADMIN, "/join/continue/"))
    bintan.wait_for_url("**/join/2")
    expect(bintan.locator("[name=contact_office]")).to_have_value("Diskominfo Kabupaten Bintan")
    look(bintan, "joining-office")
    fill(bintan, {"mail": OFFICE, "phone": "0771 123456"})
    press(bintan, "Lanjut")
    fill(bintan, {"contact_name": "Kepala Bidang Aplikasi", "email": ADMIN})
    bintan.check("[name=proof][value=mail]")
    look(bintan, "joining-person")
    fill(bintan, {"contact_name": "Kepala Bidang Aplikasi", "email": ADMIN})
    bintan.check("[name=proof][value=mail]")
    press(bintan, "Lanjut")
    bintan.wait_for_url("**/join/4")
    look(bintan, "joining-send")
    bintan.check("[name=authorised]")
    fill(bintan, {"password": PASSWORD})
    press(bintan, "Kirim permohonan")


def test_its_first_admin_sets_up_a_second_factor_before_anything_else(bintan: Page, stack: Stack) -> None:
    bintan.wait_for_url(re.compile(r"/account/security\?next="))
    look(bintan, "joining-factor")
    set_up_codes(bintan)
    bintan.wait_for_url("**/console/bintan/**")
    look(bintan, "joining-console")
    bintan.goto(f"{stack.origin}/console/bintan/application")
    look(bintan, "joining-application")


def test_the_office_confirms_its_address(browser: Browser, stack: Stack) -> None:
    with person(browser, "id") as page:
        page.goto(link(stack, OFFICE, "/address/"))
        expect(page.locator("main")).to_contain_text("Kabupaten Bintan")
        press(page, "Konfirmasi")
        page.wait_for_url("**/join/proved")
        look(page, "joining-proved")


def test_the_maintainer_asks_back_the_city_answers_and_is_admitted(
    maintainer: Page, bintan: Page, stack: Stack
) -> None:
    review = f"{stack.origin}/programme/applications/bintan"
    maintainer.goto(f"{stack.origin}/programme/applications")
    look(maintainer, "joining-queue")
    maintainer.goto(review)
    maintainer.get_by_text("Ask back…").click()
    maintainer.locator("form[action$='/ask'] textarea").fill(QUESTION)
    press(maintainer, "Ask")
    bintan.goto(link(stack, ADMIN, "/console/bintan/application"))
    expect(bintan.locator("main")).to_contain_text(QUESTION)
    bintan.fill("#text", ANSWER)
    press(bintan, "Kirim")
    maintainer.goto(review)
    expect(maintainer.locator(".talk")).to_contain_text(ANSWER)
    look(maintainer, "joining-review")
    press(maintainer, "Admit")
    expect(maintainer.locator("body")).to_contain_text("The city is admitted")


@pytest.mark.parametrize("paper", [MEMORANDUM, PKS], ids=lambda paper: paper.kind)
def test_an_agreement_is_drafted_signed_by_both_on_paper_and_in_force(
    bintan: Page, maintainer: Page, stack: Stack, tmp_path: Path, paper: Paper
) -> None:
    bintan.goto(f"{stack.origin}/console/bintan/agreements")
    fold = bintan.locator("details.fold")
    if not fold.evaluate("fold => fold.open"):
        fold.locator("summary").click()
    bintan.check(f"details.fold [name=kind][value={paper.kind}]")
    press(bintan, "Simpan dan ajukan")
    bintan.wait_for_url("**/agreements/*")
    completed(bintan, paper)
    text = downloaded(bintan, f"joining-{paper.kind}-draft")
    assert "DRAF" in text and all(one.lower() in text.lower() for one in (*paper.words, paper.number)), text
    look(bintan, f"joining-{paper.kind}")
    for page, side, kind in ((bintan, "console", "PDF"), (maintainer, "programme", "JPEG")):
        signed(page, stack, side, paper, kind, tmp_path)
    bintan.goto(f"{stack.origin}/console/bintan/agreements")
    card = bintan.locator("article.agreement", has_text=paper.number)
    expect(card).to_contain_text("aktif")
    card.get_by_role("link", name=paper.number, exact=True).click()
    expect(bintan.locator("section[aria-labelledby=scans] li")).to_have_count(2)
    assert "DRAF" not in downloaded(bintan, f"joining-{paper.kind}-final")
    look(bintan, f"joining-{paper.kind}-active")


def completed(page: Page, paper: Paper) -> None:
    """All of the draft, saved and put before both sides."""
    page.get_by_role("link", name="Lengkapi dan ajukan").click()
    fill(page, {"number": paper.number, "partner_number": f"{paper.number}/B", "place": "Bandung"})
    days = {"dated_on": YESTERDAY, "starts_on": YESTERDAY, "ends_on": LAST}
    fill(page, {name: day.isoformat() for name, day in days.items()})
    fill(page, {f"partner_{name}": value for name, value in paper.given.items()})
    if paper is PKS:
        page.check("[name=scope][value=named]")
        page.locator("details", has=page.locator("[name=apps]")).evaluate("fold => { fold.open = true }")
        page.check("[name=apps][value=lapor]")
        fill(page, {"more_terms": MORE})
    look_at = page.url
    press(page, "Simpan dan ajukan kepada kedua pihak")
    page.wait_for_url(lambda url: url != look_at)


def downloaded(page: Page, name: str) -> str:
    document = papers.download(page, page.locator("section[aria-labelledby=text] a.btn"))
    papers.drawn(document, name)
    return papers.read(document)


def signed(page: Page, stack: Stack, side: str, paper: Paper, kind: str, folder: Path) -> None:
    """One side notes its signature and adds the scan of what it signed."""
    city = "console/bintan" if side == "console" else "programme/cities/bintan"
    page.goto(f"{stack.origin}/{city}" + ("/agreements" if side == "console" else ""))
    page.locator("article.agreement").get_by_role("link", name=paper.number, exact=True).click()
    scan = folder / f"tanda-tangan-{side}.{'jpg' if kind == 'JPEG' else 'pdf'}"
    document = papers.download(page, page.locator("section[aria-labelledby=text] a.btn"))
    scan.write_bytes(papers.scanned(document, kind))
    here = page.url
    page.locator("form.sign button").click()
    page.wait_for_url(lambda url: url != here)
    page.goto(here)
    page.set_input_files("section[aria-labelledby=scans] [type=file]", scan)
    page.locator("section[aria-labelledby=scans] form button").click()
    expect(page.locator("section[aria-labelledby=scans] li", has_text=scan.name)).to_be_visible()


def test_its_first_fork_makes_a_handover_that_anybody_verifies(bintan: Page, browser: Browser, stack: Stack) -> None:
    bintan.goto(f"{stack.origin}/apps/antrian")
    expect(bintan.get_by_role("button", name=re.compile("^Fork untuk"))).to_have_count(0)
    bintan.goto(f"{stack.origin}/apps/lapor")
    press(bintan, "Fork untuk Kabupaten Bintan")
    bintan.wait_for_url("**/console/bintan/forks/lapor")
    bintan.goto(f"{stack.origin}/console/bintan/handovers")
    look(bintan, "joining-handovers")
    number = bintan.locator("ul.rows strong").inner_text()
    bintan.get_by_role("link", name=number, exact=True).click()
    look(bintan, "joining-handover")
    document = papers.download(bintan, bintan.locator("main a.btn-primary").first)
    words = papers.read(document)
    assert number in words and PKS.number in words and "Kabupaten Bintan" in words, words
    (code,) = [one.text for page in papers.drawn(document, "joining-bast") for one in zxingcpp.read_barcodes(page)]
    with person(browser, "id") as citizen:
        citizen.goto(code)
        expect(citizen.locator("h1")).to_contain_text(number)
        expect(citizen.locator("main")).to_contain_text("asli")
        look(citizen, "joining-verify")


def test_the_programme_shows_the_city_and_the_log_holds_every_act(bintan: Page, maintainer: Page, stack: Stack) -> None:
    maintainer.goto(f"{stack.origin}/programme/")
    look(maintainer, "joining-programme")
    maintainer.goto(f"{stack.origin}/programme/cities?q=Bintan")
    expect(maintainer.locator("tbody tr", has_text="Kabupaten Bintan")).to_contain_text("active")
    look(maintainer, "joining-cities")
    bintan.goto(f"{stack.origin}/console/bintan/audit")
    look(bintan, "joining-audit")
    told = " ".join(bintan.locator("ul.acts").all_inner_texts())
    assert all(one in told for one in (OFFICE, MEMORANDUM.number, PKS.number, "bintan/lapor", "BAST/")), told
    checked = stack.run("audit", "verify")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert re.search(r"^bintan +\d+ lines", checked.stdout, re.M) and "lines hold" in checked.stdout, checked.stdout
