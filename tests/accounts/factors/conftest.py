"""A person with an app for codes, and the clock in the tests' hands."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from registry.accounts import service as accounts
from registry.accounts.factors import codes, recovery
from registry.accounts.factors.rules import STEP
from registry.core import clock
from registry.core.db import db
from registry.core.uow import unit_of_work

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(away: int = 0) -> str:
    """What the app shows now, or so many steps from now."""
    return pyotp.TOTP(SECRET).generate_otp(int(clock.now().timestamp()) // STEP + away)


@pytest.fixture(autouse=True)
def own_clock():
    """In the middle of a step, so that none ends while a test runs; and the real time again."""
    clock.move(timedelta(seconds=STEP / 2 - clock.now().timestamp() % STEP))
    yield
    clock.back()


@pytest.fixture
def with_app(app, user) -> list[str]:
    """The person has an app for codes, set up a while ago; answers with the recovery codes."""
    with app.app_context(), unit_of_work():
        found = db.session.get(accounts.User, user)
        codes.add(found, SECRET, code())
        made = recovery.renew(found)
    clock.move(timedelta(seconds=10 * STEP))
    return made


@pytest.fixture
def enter(client, sign_in, with_app):
    """A browser signed in with both steps."""
    sign_in(client)
    assert client.post("/sign-in/second", data={"code": code()}).status_code == 303
    return client
