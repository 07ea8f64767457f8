"""The way of a person with a real browser: an app for codes, a passkey on a virtual device, recovery codes, by keyboard
alone, in both languages.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pyotp
import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from registry.app import create_app
from registry.core.db import db
from tests.accounts.conftest import EMAIL, PASSWORD
from tests.pages import SHOTS, barriers, launched, look, person

pytestmark = pytest.mark.xdist_group("browser-accounts")
VIRTUAL = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
           "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip


@pytest.fixture
def origin(app: Flask, settings, user) -> Iterator[str]:
    """The registry over a socket at the very origin it knows of itself, as passkeys want it."""
    server = make_server("localhost", 0, app, threaded=True)
    here = create_app(replace(settings, port=server.server_port))
    server.app = here
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    with here.app_context():
        db.engine.dispose()


@pytest.fixture(autouse=True)
def own_clock():
    """The browser lives in real time."""


def sign_in(page: Page, origin: str, to: str = "/account/security") -> None:
    page.goto(f"{origin}/sign-in?next={to}")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")


def virtual_device(page: Page) -> tuple[object, str]:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL})
    return session, made["authenticatorId"]


def test_an_app_is_set_up_and_asked_for_without_scripts(origin):
    with launched() as browser:
        with person(browser, scripts=False) as page:
            sign_in(page, origin)
            page.get_by_role("link", name="Siapkan aplikasi", exact=True).click()
            page.wait_for_load_state()
            secret = re.search(r"secret=([A-Z2-7]+)", page.content()).group(1)
            assert f"secret={secret}" in scanned(page), "a phone reads from the picture what stands as text"
            code_app(page, secret)
            expect(page.locator(".recovery-codes li")).to_have_count(10)
            recovery = page.locator(".recovery-codes code").first.inner_text()
        with person(browser, scripts=False) as page:
            sign_in(page, origin)
            expect(page).to_have_url(f"{origin}/sign-in/second")
            page.locator(".recovery summary").click()
            page.fill("#recovery", recovery)
            page.press("#recovery", "Enter")
            expect(page).to_have_url(f"{origin}/account/security")


def scanned(page: Page) -> str:
    picture = Image.open(BytesIO(page.locator(".qr").screenshot()))
    return zxingcpp.read_barcode(picture).text


def code_app(page: Page, secret: str) -> None:
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.press("[name=code]", "Enter")


def test_a_passkey_is_made_by_keyboard_and_opens_alone_and_as_the_second_step(origin):
    with launched() as browser, person(browser, "en") as page:
        device, name = virtual_device(page)
        page.goto(f"{origin}/sign-in?lang=en")
        sign_in(page, origin)
        page.get_by_role("link", name="Add a passkey").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label("Name")).to_be_visible()  # hidden, it takes no focus: a script shows it
        page.get_by_label("Name").focus()
        page.keyboard.type("Office laptop")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".recovery-codes li")).to_have_count(10)
        assert len(device.send("WebAuthn.getCredentials", {"authenticatorId": name})["credentials"]) == 1

        page.goto(f"{origin}/account/security")
        expect(page.locator(".rows")).to_contain_text("Office laptop")
        page.get_by_role("button", name="Sign out", exact=True).click()
        page.goto(f"{origin}/sign-in?next=/account/sessions")
        page.get_by_role("button", name="Sign in with a passkey").press("Enter")
        expect(page).to_have_url(f"{origin}/account/sessions")
        expect(page.locator(".rows")).to_contain_text("with second factor")

        page.get_by_role("button", name="Sign out", exact=True).click()
        sign_in(page, origin)
        page.get_by_role("button", name="Use a passkey").press("Enter")
        expect(page).to_have_url(f"{origin}/account/security")


def test_without_a_fitting_passkey_the_page_says_so(origin):
    with launched() as browser, person(browser, "en") as page:
        device, name = virtual_device(page)
        device.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": False})
        page.goto(f"{origin}/sign-in")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page).to_have_url(f"{origin}/sign-in")


def test_the_pages_of_the_own_account_are_fit_for_everybody(origin, app):
    with launched() as browser, person(browser) as page:
        virtual_device(page)
        page.goto(f"{origin}/sign-in")
        look(page, "account-sign-in")
        sign_in(page, origin)
        expect(page).to_have_url(f"{origin}/account/security")
        look(page, "account-security-before")
        for name, path in {"profile": "", "sessions": "/sessions", "app": "/security/app",
                           "passkey": "/security/passkeys", "tokens": "/tokens"}.items():  # fmt: skip
            page.goto(f"{origin}/account{path}")
            look(page, f"account-{name}")
        page.goto(f"{origin}/account/security/passkeys")
        page.get_by_label("Nama").fill("Laptop kantor")
        page.keyboard.press("Enter")
        expect(page.locator(".recovery-codes li")).to_have_count(10)
        picture_of(page, "account-recovery-codes")
        page.goto(f"{origin}/account/security/app")
        code_app(page, re.search(r"secret=([A-Z2-7]+)", page.content()).group(1))
        look(page, "account-security")
        page.goto(f"{origin}/account/confirm?next=/account/tokens")
        look(page, "account-confirm")
        page.locator("header form button").click()
        sign_in(page, origin)
        expect(page).to_have_url(f"{origin}/sign-in/second")
        look(page, "account-second-step")


def picture_of(page: Page, name: str) -> None:
    """Of a page that is shown once and may not be asked for again."""
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    assert not barriers(page)
