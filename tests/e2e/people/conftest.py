"""What the stories share: their chapters in order, and the maintainer they all meet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.pages import person

from ..stack import Stack
from .desk import MAINTAINER, sign_in


@pytest.fixture(scope="module")
def failed_before(request: pytest.FixtureRequest) -> int:
    return request.session.testsfailed


@pytest.fixture
def in_order(request: pytest.FixtureRequest, failed_before: int) -> None:
    """For files whose tests are chapters: each goes on where the one before it ended."""
    if request.session.testsfailed > failed_before:
        pytest.skip("an earlier chapter failed")


@pytest.fixture(scope="module")
def maintainer(browser: Browser, stack: Stack) -> Iterator[Page]:
    """Bandung's maintainer at work, in English."""
    with person(browser, "en") as page:
        page.goto(f"{stack.origin}/sign-in?lang=en&next=/programme/")
        sign_in(page, MAINTAINER, stack.password)
        yield page
