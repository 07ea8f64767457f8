"""The page of a fork's access in a real browser: both languages, wide and on a phone, without JavaScript."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from registry.accounts import service as accounts
from registry.core.uow import unit_of_work
from tests.forge.conftest import World, commit, git, user
from tests.pages import launched, look, person

pytestmark = pytest.mark.xdist_group("browser-forge")
PASSWORD = "sandi untuk mencoba halaman"


def test_a_token_is_made_copied_and_revoked_by_everybody(world: World, fork: Path) -> None:
    with world.app.app_context(), unit_of_work():
        accounts.set_password(user("b@example.id"), PASSWORD)
    commit(fork)
    git("push", "-q", "origin", "HEAD:main", cwd=fork, token=world.admin)
    with launched() as browser, person(browser, scripts=False) as page:
        page.goto(f"{world.origin}/sign-in?next=/console/bontang/forks/lapor")
        page.fill("[name=email]", "b@example.id")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.click("a[href$='/forks/lapor/access']")
        page.fill("[name=name]", "Robot")
        page.check("[name=access][value=write]")
        page.click("#deploy-tokens ~ form button")
        expect(page.locator(".copyable code").first).to_have_text(re.compile("^lmd_"))
        page.click(".rows .confirm button")
        expect(page.locator(".sheet:has(#deploy-tokens)")).not_to_contain_text("Robot")
    with launched() as browser, person(browser) as page:
        page.goto(f"{world.origin}/sign-in?next=/console/bontang/forks/lapor/access")
        page.fill("[name=email]", "b@example.id")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.fill("[name=name]", "Robot")
        page.click("#deploy-tokens ~ form button")
        page.goto(f"{world.origin}/console/bontang/forks/lapor/access")
        look(page, "fork-access")


def test_the_upstream_s_page_is_fit_for_everybody(world: World) -> None:
    with world.app.app_context(), unit_of_work():
        accounts.set_password(user("a@example.id"), PASSWORD)
    with launched() as browser, person(browser) as page:
        page.goto(f"{world.origin}/sign-in?next=/programme/apps/lapor")
        page.fill("[name=email]", "a@example.id")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.click("a[href$='/apps/lapor/access']")
        look(page, "app-access")
