"""The pages of links by mail, of a city's own sign-in and of tokens in a real browser: both languages, both sizes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.serving import make_server

from registry.accounts import service as accounts
from registry.accounts.links import rules as links
from registry.accounts.links import service as link_service
from registry.accounts.oidc.rules import Claims
from registry.accounts.oidc.service import link, provider
from registry.app import create_app
from registry.core.uow import unit_of_work
from tests.pages import launched, look, person
from tests.tenants.conftest import PASSWORD

pytestmark = pytest.mark.xdist_group("browser-accounts")
ADMIN = "admin@bontang.example"


@pytest.fixture
def origin(app: Flask, settings, world) -> Iterator[str]:
    server = make_server("localhost", 0, app, threaded=True)
    here = create_app(replace(settings, port=server.server_port))
    here.config.update(TESTING=True)
    server.app = here
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def mailed(app: Flask, world):
    """A link's path, and what it does."""

    def made(purpose: str, email: str) -> str:
        with app.app_context(), unit_of_work():
            user = accounts.find_by_email(email) if purpose == links.PASSWORD else None
            address = link_service.make(purpose, email, 7, user=user)
        return address.removeprefix(app.extensions["lumbung"].origin)

    return made


def test_links_by_mail_are_fit_for_everybody(origin, mailed, monkeypatch):
    act = link_service.Act(lambda _link, _user: "/account", lambda _link: "Operator Antrian, Kota Bontang")
    monkeypatch.setattr(link_service, "act_of", lambda _purpose: act)
    with launched() as browser, person(browser) as page:
        page.goto(f"{origin}/sign-in/forgot")
        look(page, "forgot")
        for purpose, email in ((links.PASSWORD, ADMIN), (links.ADDRESS, "diskominfo@bontang.example"),
                               (links.INVITATION, ADMIN), (links.INVITATION, "baru@bontang.example")):  # fmt: skip
            page.goto(origin + mailed(purpose, email))
            assert page.url.endswith(links.PLACES[purpose].rstrip("/")), "the secret is out of the address"
            look(page, f"link-{purpose}-{email.partition('@')[0]}")
        page.fill("[name=name]", "Operator Antrian")
        page.fill("[name=password]", "lumbung penuh padi")
        page.fill("[name=again]", "lumbung penuh padi")
        page.get_by_role("button", name="Open my account").or_(page.locator("main form button")).first.click()
        page.wait_for_url("**/account")
        assert "baru@bontang.example" in page.content()


def test_a_citys_own_sign_in_is_fit_for_everybody(app, origin, set_up, real, trusting):
    trusting(*real)
    number = set_up(real[0])
    with app.app_context(), unit_of_work():
        link(provider(number), Claims("7", ADMIN, True, "", False), accounts.find_by_email(ADMIN))
        accounts.create_token(accounts.find_by_email(ADMIN), "laptop", 5, ("forks", "plugins"))
        accounts.create_token(accounts.find_by_email(ADMIN), "ci", 90)
    with launched() as browser, person(browser) as page:
        page.goto(f"{origin}/sign-in")
        look(page, "sign-in")
        page.goto(f"{origin}/sign-in/city")
        look(page, "sign-in-city")
        page.goto(f"{origin}/sign-in?next=/console/bontang/sign-in")
        page.fill("[name=email]", ADMIN)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/console/bontang/sign-in")
        look(page, "city-sign-in")
        page.goto(f"{origin}/account/sign-in-ways")
        look(page, "ways")
        page.goto(f"{origin}/account/tokens")
        look(page, "tokens-scopes")
