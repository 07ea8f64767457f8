"""Every page there is, as whoever may open it, in both languages: nothing scrolls sideways on a phone, axe finds no
barrier. Rooms look closer at their own pages; this is for the page nobody thought of.
"""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from tests.hosting.conftest import bundle, world  # noqa: F401 fixtures
from tests.pages import LANGUAGES, LAYOUT, PHONE, barriers, launched, served
from tests.test_authorisation import QUERY, people, routes  # noqa: F401 fixtures
from tests.test_other_city import marks  # noqa: F401 fixtures

pytestmark = pytest.mark.xdist_group("browser-pages")
OF_PROGRAMS = ("/_", "/api/", "/git/", "/v1/", "/static/", "/metrics", "/healthz", "/readyz", "/sdk/")
NO_PAGES = ("/search/suggest", "/join/regions", "/api-docs")
"""Parts that a page fetches, and Swagger UI, whose page is others' work."""
VIEWERS = ("admin", "maintainer", "nobody")


def opened(app: Flask, marks, people) -> dict[str, list[str]]:  # noqa: F811
    """The pages each of `VIEWERS` is the first to see."""
    found: dict[str, list[str]] = {name: [] for name in VIEWERS}
    paths = {path for _route, method, path in routes(app, marks) if method == "GET"}
    for path in sorted(path for path in paths if not path.startswith((*OF_PROGRAMS, *NO_PAGES))):
        first = next((name for name in VIEWERS if is_page(people[name][0], path)), None)
        if first:
            found[first].append(path)
    return found


def is_page(client: FlaskClient, path: str) -> bool:
    given = client.get(path, query_string=QUERY)
    return given.status_code == 200 and given.mimetype == "text/html"


def entered(browser: Browser, client: FlaskClient, origin: str) -> Page:
    """A phone in which the client's person is signed in."""
    context = browser.new_context(viewport=PHONE)
    cookie = client.get_cookie("session")
    if cookie:
        context.add_cookies([{"name": "session", "value": cookie.value, "url": origin}])
    return context.new_page()


def test_no_page_has_a_barrier(app, marks, people):  # noqa: F811
    pages = opened(app, marks, people)
    assert len(pages["admin"]) > 60 and len(pages["maintainer"]) > 10, "each sees the pages that are theirs"
    wrong = []
    with served(app) as origin, launched() as browser:
        for name, paths in pages.items():
            page = entered(browser, people[name][0], origin)
            for path in paths:
                found = complaints(page, f"{origin}{path}?city=bontang&app=papan")
                wrong += [f"{path} ({name}, {one})" for one in found]
    assert not wrong, "\n".join(wrong)


def complaints(page: Page, address: str) -> list[str]:
    """Axe reads the second language only where that is built in another way than in its words."""
    read, wrong = set(), []
    for language in LANGUAGES:
        page.goto(f"{address}&lang={language}")
        _language, over, built = page.evaluate(LAYOUT)
        found = [] if built in read else barriers(page)
        wrong += [f"{language}: {one}" for one in (*found, *([f"scrolls sideways by {over}"] if over > 0 else []))]
        read.add(built)
    return wrong
