"""Lapor in the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import Serve, Served


@pytest.fixture(scope="module")
def lapor(serve: Serve) -> Served:
    return serve("lapor")


def test_staff_see_the_queue(lapor: Served, citizen: Page) -> None:
    citizen.goto(f"{lapor.origin}/")
    expect(citizen.locator("h1")).to_be_visible()
    lapor.sign_in(citizen, "operator")
    citizen.goto(f"{lapor.origin}/kerja")
    expect(citizen.get_by_text("Operator (demo)")).to_be_visible()
