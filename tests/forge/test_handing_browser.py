"""Handovers as people meet them: in the console, in the programme, by a code on paper; both languages, all sizes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants.handovers.models import HandoverCode
from registry.tenants.handovers.rules import show_code
from tests.forge.conftest import World
from tests.forge.test_voices_browser import people, sign_in  # noqa: F401 fixture
from tests.pages import launched, look, person

pytestmark = pytest.mark.xdist_group("browser-forge")


@pytest.fixture
def code(people: World) -> str:  # noqa: F811
    """On the paper of Bontang's Lapor."""
    with people.app.app_context(), unit_of_work():
        return show_code(db.session.scalars(select(HandoverCode.code)).one())


def test_a_handover_is_signed_by_both_and_verified_by_anybody(people: World, code: str) -> None:  # noqa: F811
    with launched() as browser:
        with person(browser) as page:
            sign_in(page, people, "b")
            page.goto(f"{people.origin}/console/bontang/handovers")
            look(page, "handovers")
            page.locator(".rows a").first.click()
            page.locator("form.sign button").click()
            expect(page.locator("form.sign")).to_have_count(0)
            look(page, "handover")
        with person(browser) as page:
            sign_in(page, people, "a")
            page.goto(f"{people.origin}/programme/handovers")
            look(page, "handovers-programme")
            page.locator("th a").first.click()
            page.locator("form.sign button").click()
            look(page, "handover-programme")
        with person(browser, scripts=False) as page:
            page.goto(f"{people.origin}/verify/handover/")
            page.locator("#code").fill(code.upper())
            page.locator("main form button").click()
            expect(page.locator("h1 .chip-ok")).to_have_count(1)
        with person(browser) as page:
            page.goto(f"{people.origin}/verify/handover/{code}")
            look(page, "handover-verified")
            page.goto(f"{people.origin}/verify/handover/")
            look(page, "handover-verify")
