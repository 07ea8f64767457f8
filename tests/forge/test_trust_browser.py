"""What people see of trust in a release, in a real browser: both languages, wide and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from registry.catalog.trust import keys
from tests.forge.conftest import World
from tests.pages import launched, look, person

pytestmark = pytest.mark.xdist_group("browser-forge")


def test_how_to_verify_a_release_and_its_rating_are_fit_for_everybody(world: World) -> None:
    folder: Path = world.app.extensions["lumbung"].secrets
    keys.rotate(folder)
    keys.rotate(folder, leaked=True)
    with launched() as browser, person(browser) as page:
        page.goto(f"{world.origin}/apps/lapor#trust")
        page.locator(".rating-fold > summary").click()
        expect(page.locator(".rating-part")).to_have_count(10)
        page.locator(".release-sum summary").first.click()
        page.locator("a[href*='/apps/lapor/verify?']").first.click()
        page.wait_for_url("**/verify?*version=1.0.0*")
        expect(page.locator("main")).to_contain_text("/apps/lapor/releases/1.0.0.tar.gz")
        look(page, "verify")
        page.goto(f"{world.origin}/apps/lapor")
        look(page, "trust")
