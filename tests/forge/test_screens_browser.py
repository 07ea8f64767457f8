"""Every screen of the catalog in a real browser: both languages, wide and on a phone, by keys, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import select

from registry.accounts.models import User
from registry.catalog import service as catalog
from registry.catalog.choosing import rules
from registry.catalog.choosing import service as choosing
from registry.catalog.describing import describe
from registry.catalog.models import App
from registry.catalog.trust import maintenance
from registry.core import scope
from registry.core.clock import today
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants.models import City, Opd
from tests.forge.conftest import PUBLICCODE, World, publish, user, write_bundle
from tests.pages import LANGUAGES, PHONE, WIDE, barriers, launched, person

pytestmark = pytest.mark.xdist_group("browser-forge")
LONG = "Keterselenggaraanpertanggungjawabanpemerintahandaerah"
FOUR = "/compare?apps=lapor,lama,lapor-kota,kesah"
PUBLIC = ("/apps/lama", "/apps/lapor-kota", "/apps/kesah", "/apps/lapor/readme", "/open-data", "/compare", FOUR)
"""Lapor's own page, how it is verified, two side by side, the folder of its source are looked at by other tests."""

CHOOSING = ("/console/bontang/shortlist", "/console/bontang/plan")
PROGRAMME = ("/programme/publish", "/programme/apps", "/programme/apps/lama", "/programme/describe")
BAD_FILE = f"publiccodeYmlVersion: '0.4'\nname: {LONG * 3}\nfoo: bar\n"


@pytest.fixture
def furnished(world: World, tmp_path: Path) -> World:
    """Beside Lapor: a retired app of long words whose release is withdrawn, a variant, one without source; a plan."""
    text = PUBLICCODE.format(version="1.0.0")
    features = "".join(f"      - Feature number {number} of an app that has many\n" for number in range(40))
    odd = text.replace("name: Lapor", f"name: {LONG}").replace("lapor.git", "lama.git")
    odd = odd.replace("Citizens report, offices answer.", f"{LONG} {LONG}")
    odd = odd.replace("      - Reports with a place\n", features)
    kin = text.replace("name: Lapor", "name: Lapor Kota").replace("lapor.git", "lapor-kota.git")
    kin = kin.replace("platforms:", "isBasedOn: https://registry.example/git/lapor.git\nplatforms:")
    with world.app.app_context():
        for slug, told in (("lama", odd), ("lapor-kota", kin.replace("with a place", "by telephone"))):
            folder = write_bundle(tmp_path / slug)
            (folder / "publiccode.yml").write_text(told)
            publish(folder)
        _retire_and_describe(text.replace("name: Lapor", "name: Kesah").replace("lapor.git", "kesah.git"))
        _choose()
    return world


def _retire_and_describe(text: str) -> None:
    publisher = db.session.scalars(select(City).where(City.publisher)).one()
    with unit_of_work():
        describe(publisher, "kesah", text.encode())
        lama = catalog.get_app("lama")
        catalog.yank_release(catalog.releases_of(lama)[0], f"It loses reports. {LONG}")
        maintenance.deprecate(lama, f"{LONG} ends in June.", "lapor")
    db.session.remove()


def _choose() -> None:
    """One app open, one decided."""
    city = db.session.scalars(select(City).where(City.slug == "bontang")).one()
    scope.enter_city(city.id)
    with unit_of_work() as session:
        unit = Opd(tenant_id=city.id, name="Dinas PUPR")
        session.add(unit)
        session.flush()
        items = [choosing.add(city, app, f"Wanted. {LONG}") for app in _apps("lama", "lapor")]
        choosing.vote(city, items[1], unit.id, rules.YES, LONG)
        quarter = list(rules.quarters(today()))[1]
        choosing.decide(city, items[1], 1, rules.Decision(rules.ADOPT, "It fits.", unit.id, quarter))
    db.session.remove()


def _apps(*slugs: str) -> list[App]:
    return [catalog.get_app(slug) for slug in slugs]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as chromium:
        yield chromium


def enter(page: Page, world: World, email: str) -> None:
    """Signed in, without the form."""
    app: Flask = world.app
    with app.app_context():
        found: User = user(email)
        key = found.get_id()
        db.session.remove()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = key, True
    name = str(app.config["SESSION_COOKIE_NAME"])
    cookie = client.get_cookie(name)
    assert cookie is not None
    page.context.add_cookies([{"name": name, "value": cookie.value, "url": world.origin}])


def fit_for_everybody(page: Page, world: World, *paths: str) -> None:
    """Each in both languages, wide and on a phone: nothing scrolls sideways, axe is content with one on each screen."""
    for path in paths:
        for language, screens in zip(LANGUAGES, ((WIDE, PHONE), (PHONE, WIDE)), strict=True):
            page.goto(f"{world.origin}{path}{'&' if '?' in path else '?'}lang={language}")
            inspect(page, f"{path} in {language}", screens)


def inspect(page: Page, name: str, screens: tuple[ViewportSize, ...] = (PHONE, WIDE)) -> None:
    """On all screens, the last one by axe too."""
    for screen in screens:
        if page.viewport_size != screen:
            page.set_viewport_size(screen)
        over = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{name}, {screen['width']} wide, scrolls sideways by {over}"
    found = barriers(page)
    assert not found, f"{name}, {screen['width']} wide:\n" + "\n".join(found)


def test_the_public_screens_are_fit_for_everybody(browser: Browser, furnished: World) -> None:
    with person(browser) as page:
        fit_for_everybody(page, furnished, *PUBLIC)
        page.goto(f"{furnished.origin}/check")
        page.fill("[name=text]", BAD_FILE)
        page.locator("main form .btn-primary").click()
        expect(page.locator(".checked-error").first).to_be_visible()
        inspect(page, "a bad file")


def test_the_screens_of_choosing_and_publishing_are_fit_for_everybody(browser: Browser, furnished: World) -> None:
    for email, paths in (("b@example.id", CHOOSING), ("a@example.id", PROGRAMME)):
        with person(browser) as page:
            enter(page, furnished, email)
            fit_for_everybody(page, furnished, *paths)
            if paths == CHOOSING:
                page.goto(f"{furnished.origin}{CHOOSING[0]}")
                page.get_by_role("link", name=LONG).click()
                inspect(page, "an app on the shortlist")


def test_an_unknown_app_leads_to_one_of_nearly_its_name(browser: Browser, furnished: World) -> None:
    context = browser.new_context(locale="en", viewport=PHONE)
    page = context.new_page()
    answer = page.goto(f"{furnished.origin}/apps/lapo")
    assert answer and answer.status == 404
    inspect(page, "an unknown app")
    page.locator("main .rows a").first.click()
    expect(page.locator("h1")).to_contain_text("Lapor")
    context.close()


def test_the_page_of_an_app_is_read_by_keys_alone(browser: Browser, furnished: World) -> None:
    with person(browser) as page:
        page.goto(f"{furnished.origin}/apps/lapor")
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        stops = [_stop(page) for _ in range(12)]
        assert all(stop["ring"] and stop["inside"] for stop in stops), stops


def _stop(page: Page) -> dict[str, object]:
    """Where the focus is, and whether one sees it; then on by one."""
    told = page.evaluate(
        "() => { const at = document.activeElement, style = getComputedStyle(at);"
        " return {text: at.textContent.trim(), inside: !!at.closest('main'),"
        " ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2}; }"
    )
    page.keyboard.press("Tab")
    return dict(told)


def test_on_paper_a_plan_and_a_comparison_are_nothing_but_themselves(browser: Browser, furnished: World) -> None:
    with person(browser) as page:
        enter(page, furnished, "b@example.id")
        page.emulate_media(media="print")
        for path in ("/console/bontang/plan", "/compare?apps=lapor,lapor-kota"):
            page.goto(f"{furnished.origin}{path}")
            for gone in (".top", ".bottom", ".breadcrumb", ".btn", ".side", ".compare-show"):
                assert page.locator(f"{gone}:visible").count() == 0, gone
            expect(page.locator(".paper")).to_be_visible()
        expect(page.locator(".compare-pairs").first).to_be_visible()
