"""Keys, badges and the list of releases in a real browser: both languages, wide and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from registry.accounts import service as accounts
from registry.core.uow import unit_of_work
from registry.forge.signatures import keys
from tests.forge.conftest import World, user
from tests.forge.signatures.signing import ssh_key
from tests.forge.signatures.test_pages import FORK, pushed
from tests.pages import launched, look, person

pytestmark = pytest.mark.xdist_group("browser-forge")
PASSWORD = "sandi untuk mencoba halaman"


def test_a_person_adds_a_key_and_sees_what_it_signed(world: World, tmp_path: Path) -> None:
    key = ssh_key(tmp_path)
    made = pushed(world, tmp_path, key, "v9")
    with world.app.test_request_context():
        admin = user("b@example.id")
        with unit_of_work():
            accounts.set_password(admin, PASSWORD)
        proof = key.sign(f"{keys.challenge(admin)}\n".encode(), keys.NAMESPACE)
    with launched() as browser, person(browser, scripts=False) as page:
        page.goto(f"{world.origin}/sign-in?next=/account/keys")
        page.fill("[name=email]", "b@example.id")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.fill("[name=name]", "laptop")
        page.fill("[name=text]", key.public)
        page.fill("[name=proof]", proof)
        page.locator("form:has([name=proof]) button[type=submit]").click()
        expect(page.locator(".rows")).to_contain_text(key.fingerprint)
        page.goto(f"{world.origin}{FORK}/commits/{made}")
        expect(page.locator(".commit-sheet .chip-ok")).to_contain_text("Terverifikasi")


def test_keys_badges_and_the_list_are_fit_for_everybody(world: World, tmp_path: Path) -> None:
    key = ssh_key(tmp_path)
    made = pushed(world, tmp_path, key, "v9")
    with world.app.test_request_context():
        admin = user("b@example.id")
        with unit_of_work():
            accounts.set_password(admin, PASSWORD)
            keys.add(admin, "laptop", key.public, key.sign(keys.challenge(admin).encode(), keys.NAMESPACE))
    addresses = {"keys": "/account/keys", "history": f"{FORK}/history", "commit": f"{FORK}/commits/{made}",
                 "tags": f"{FORK}/branches", "transparency": "/transparency"}  # fmt: skip
    with launched() as browser, person(browser) as page:
        page.goto(f"{world.origin}/sign-in")
        page.fill("[name=email]", "b@example.id")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/console/**")
        for name, address in addresses.items():
            page.goto(f"{world.origin}{address}")
            look(page, f"signatures-{name}")
