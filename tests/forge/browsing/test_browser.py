"""The pages of a repository in a real browser: both languages, wide and on a phone; edited without JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from registry.accounts import service as accounts
from registry.core.uow import unit_of_work
from registry.forge import git
from tests.forge.browsing.conftest import blob, put, put_tree
from tests.forge.conftest import World, user
from tests.pages import PHONE, barriers, launched, look, person, shot

pytestmark = pytest.mark.xdist_group("browser-forge")
PASSWORD = "sandi untuk mencoba halaman"
BASE = "/console/bontang/forks/lapor"
DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="320" height="160"><rect width="320" height="160" fill="#0c4237"/>'
    b'<circle cx="160" cy="80" r="50" fill="#e7b449"/></svg>'
)
CODE = '''"""Laporan warga: menerima, menggolongkan, menjawab."""

from __future__ import annotations

CATEGORIES = ("jalan", "lampu", "sampah")


def classify(text: str) -> str:
    """Golongan pertama yang disebut dalam teks, "lain" bila tidak ada."""
    lowered = text.casefold()
    return next((name for name in CATEGORIES if name in lowered), "lain")
'''


@pytest.fixture
def furnished(world: World) -> World:
    """A fork with a history, a picture, hidden characters, a link, a submodule and odd names; its admin's password."""
    repository = world.storage.fork("bontang", "lapor")
    with world.app.app_context(), unit_of_work():
        accounts.set_password(user("b@example.id"), PASSWORD)
    main = git.line(repository, "rev-parse", "refs/heads/main")
    made = put(repository, {"lapor/golongan.py": CODE, "docs/peta.svg": DRAWING}, "Golongkan laporan", parent=main)
    changed = CODE.replace('"sampah")', '"sampah", "banjir")').replace('"lain" bila', '"lainnya" bila')
    made = put(repository, {
        "lapor/golongan.py": changed, "lapor/periksa.py": "akses = 'umum\u202e \u2066# hanya admin\u2069 \u2066'\n",
        "docs/lama.txt": "Kal\xe9\n".encode("latin-1"), "docs/data.bin": b"\0\1\2" * 400,
    }, "Tambah golongan banjir\n\nWarga banyak melaporkan genangan.", parent=made)  # fmt: skip
    listing = git.run(repository, "ls-tree", "-z", made)
    listing += b"120000 blob " + blob(repository, b"docs/peta.svg").encode() + b"\ttautan\0"
    listing += b"160000 commit " + b"1" * 40 + b"\tpustaka\0"
    listing += b"100644 blob " + blob(repository, b"x").encode() + b"\tbaris\nbaru\0"
    put_tree(repository, listing, parent=made)
    note = {"lapor/golongan.py": changed + "\n# usulan\n"}
    put(repository, note, "Usulan", ref="refs/heads/usulan/catatan", parent=made)
    return world


def sign_in(page: Page, world: World) -> None:
    page.goto(f"{world.origin}/sign-in?next={BASE}")
    page.fill("[name=email]", "b@example.id")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("h1")).to_contain_text("Lapor")


PAGES = {
    "folder": "source/", "file": "source/lapor/golongan.py", "hidden": "source/lapor/periksa.py",
    "picture": "source/docs/peta.svg", "link": "source/tautan", "history": "history", "branches": "branches",
    "blame": "blame/lapor/golongan.py", "search": "search?q=golong", "compare": "compare?from=v1.0.0&to=main",
    "edit": "edit/lapor/golongan.py", "upload": "upload", "remove": "remove/README.md",
}  # fmt: skip


def test_every_page_of_a_fork_is_fit_for_everybody(furnished: World) -> None:
    head = git.line(furnished.storage.fork("bontang", "lapor"), "rev-parse", "refs/heads/main~1")
    addresses = {name: f"{BASE}/{path}" for name, path in {**PAGES, "commit": f"commits/{head}"}.items()}
    addresses |= {"upstream": "/apps/lapor/source/", "compare-empty": "/apps/lapor/compare"}
    problems = []
    with launched() as browser, person(browser) as page:
        sign_in(page, furnished)
        for name, address in addresses.items():
            page.goto(f"{furnished.origin}{address}")
            try:
                look(page, f"browsing-{name}")
            except AssertionError as problem:
                problems.append(str(problem))
    assert not problems, "\n".join(problems)


def test_a_conflict_is_told_without_javascript_and_the_text_stays(furnished: World, tmp_path: Path) -> None:
    repository = furnished.storage.fork("bontang", "lapor")
    with launched() as browser, person(browser, scripts=False) as page:
        sign_in(page, furnished)
        page.goto(f"{furnished.origin}{BASE}/source/README.md")
        page.get_by_role("link", name="Ubah").click()
        main = git.line(repository, "rev-parse", "refs/heads/main")
        put(repository, {"README.md": "# Milik orang lain\n"}, parent=main)
        page.fill("#text", "# Lapor Bontang\n")
        page.get_by_role("button", name="Simpan perubahan").click()
        expect(page.locator("[role=alert]")).to_contain_text("README.md")
        expect(page.locator("#text")).to_have_value("# Lapor Bontang\n")
        expect(page.locator(".diff")).to_contain_text("Milik orang lain")
        shot(page, "browsing-conflict", full_page=True)
        page.get_by_role("button", name="Simpan perubahan").click()
        expect(page.locator(".note-ok")).to_contain_text("main")
    assert git.run(repository, "cat-file", "blob", "main:README.md") == b"# Lapor Bontang\n"


def test_a_branch_is_deleted_by_typing_its_name(furnished: World) -> None:
    repository = furnished.storage.fork("bontang", "lapor")
    with launched() as browser, person(browser) as page:
        sign_in(page, furnished)
        page.goto(f"{furnished.origin}{BASE}/branches")
        page.set_viewport_size(PHONE)
        row = page.locator(".refs > li").filter(has_text="usulan/catatan")
        for panel in ("Unduh", "Hapus"):
            row.locator("summary").filter(has_text=panel).click()
        shot(page, "browsing-branches-open", full_page=True)
        assert barriers(page) == []
        row.locator("[name=confirm]").fill("usulan/catatan")
        row.locator("[name=confirm]").press("Enter")
        expect(page.locator(".note-ok")).to_contain_text("usulan/catatan")
    assert "usulan" not in git.line(repository, "for-each-ref", "refs/heads/")
