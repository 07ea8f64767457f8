"""Mail that nobody took: for maintainers, on a page and for programs."""

# ruff: noqa: F811 (pytest fixtures shared by name)

from __future__ import annotations

import pytest

from registry.core import undelivered
from tests.tenants.conftest import browser, world  # noqa: F401


@pytest.fixture
def refused(app, world) -> None:
    with app.app_context():
        undelivered.note("warga@bontang.example", "w…@bontang.example", 550, "no such user <here>", None)


def test_maintainers_read_what_was_refused(refused, browser):
    page = browser("maintainer@bandung.example").get("/programme/mail").text
    assert "w…@bontang.example" in page and "no such user &lt;here&gt;" in page and "warga@" not in page


def test_nobody_else_does(refused, browser, app):
    assert browser("admin@bontang.example").get("/programme/mail").status_code == 403
    assert app.test_client().get("/api/v1/mail/undelivered").status_code == 401
