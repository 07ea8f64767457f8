"""Bontang adapts lapor, upstream releases, and the city brings it in: in a real browser, both languages, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from registry.accounts import service as accounts
from registry.core.uow import unit_of_work
from registry.forge.following import jobs as work
from registry.forge.following import notices
from tests.forge import conftest as forge
from tests.forge.following.conftest import House
from tests.pages import launched, look, person

pytestmark = pytest.mark.xdist_group("browser-forge")

PASSWORD = "kata-sandi-panjang"
CODE, PAGE = "lapor/__init__.py", "/console/bontang/forks/lapor"
MINE = forge.CODE.replace('b"ok"', 'b"Lapor Bontang"')
THEIRS = forge.CODE.replace('b"ok"', 'b"Lapor 1.1"')
CHANGES = """\
### Ditambahkan
- Foto pada laporan.

### Keamanan
- Unggahan diperiksa: pada 1.0.0 berkas apa pun diterima.
"""
SCHEMA = '{"type": "object", "properties": {"salam": {"type": "string", "title": "Salam"}}}'


def sign_in(page: Page, house: House, origin: str, email: str, to: str = PAGE) -> None:
    with house.app.app_context(), unit_of_work():
        accounts.set_password(forge.user(email), PASSWORD)
    page.goto(f"{origin}/sign-in?next={to}")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()


def released(house: House) -> None:
    """Upstream works on the very line Bontang changed, adds a setting, closes a hole."""
    manifest = (
        forge.MANIFEST + '[config]\nschema = "config.schema.json"\n[data]\nmigrate = "lapor.migrations:upgrade"\n'
    )
    code = "def upgrade(old=None):\n    return None\n"
    (house.bundle / CODE).write_text(THEIRS)
    house.release("1.1.0", CHANGES, files={
        CODE: THEIRS, "lumbung.toml": manifest, "config.schema.json": SCHEMA, "lapor/migrations.py": code,
    })  # fmt: skip
    for arguments in house.queued(notices.TASK):
        work.tell_release(**arguments)


def test_a_city_brings_a_release_into_its_adapted_fork(house: House, origin: str) -> None:
    house.change({CODE: MINE, "README.md": "# Lapor Bontang\n"})
    released(house)
    with launched() as browser, person(browser) as page:
        sign_in(page, house, origin, "b@example.id")
        expect(page.locator(".note-bad")).to_contain_text("1.1.0")
        look(page, "following-fork")
        page.goto(f"{origin}/console/bontang/forks")
        look(page, "following-forks")
        page.goto(f"{origin}{PAGE}/upstream")
        expect(page.locator("main")).to_contain_text("lapor/migrations.py")
        look(page, "following-upstream")
        page.goto(f"{origin}{PAGE}/upstream/changes")
        look(page, "following-changes")
        page.goto(f"{origin}{PAGE}/upstream")
        page.locator("form[action$='/upstream/sync'] button").click()
        page.locator("ul.rows a").first.click()
        look(page, "following-file")
        page.locator("details.fold > summary").first.click()
        text = page.locator("textarea[name=content]")
        assert "<<<<<<< yours" in text.input_value()
        text.fill(MINE.replace("Lapor Bontang", "Lapor Bontang 1.1"))
        page.locator("button[value=edited]").click()
        expect(page.locator("progress")).to_have_attribute("value", "100")
        look(page, "following-decide")
        page.locator(f"a[href='{PAGE}/upstream/result']").click()
        look(page, "following-result")
        page.locator("form[action$='/upstream/finish'] button").click()
        page.wait_for_url("**/jobs/**")
        assert house.work() == ["done"]
        page.reload()
        page.locator(f"a[href='{PAGE}/upstream']").click()
        look(page, "following-done")
    assert "Lapor Bontang 1.1" in house.text(CODE) and house.text("README.md") == "# Lapor Bontang\n"
    assert "softwareVersion: 1.1.0" in house.text("publiccode.yml")


def test_a_city_without_changes_needs_one_click_and_no_scripts(house: House, origin: str) -> None:
    house.release("1.1.0")
    with launched() as browser, person(browser, scripts=False) as page:
        sign_in(page, house, origin, "b@example.id")
        page.goto(f"{origin}/console/bontang/forks")
        page.locator(f"a[href='{PAGE}/upstream']").click()
        page.locator("form[action$='/upstream/sync'] button").click()
        assert house.work() == ["done"]
        page.goto(f"{origin}{PAGE}/upstream")
        expect(page.locator("#preview")).to_be_visible()
    assert "softwareVersion: 1.1.0" in house.text("publiccode.yml") and house.distance().behind == 0


def test_maintainers_see_who_follows(house: House, origin: str) -> None:
    released(house)
    with launched() as browser, person(browser) as page:
        sign_in(page, house, origin, "a@example.id", "/programme/apps/lapor/followers")
        expect(page.locator("main")).to_contain_text("Kota Bontang")
        look(page, "following-followers")
        page.goto(f"{origin}/apps/lapor")
        expect(page.locator(".releases")).to_contain_text("celah keamanan")
