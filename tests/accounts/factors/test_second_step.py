"""Signing in with a second factor: what opens, what does not, and what half a sign-in is worth."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry.accounts import rules as accounts_rules
from registry.accounts import service
from registry.core import clock
from registry.core.db import db
from registry.core.uow import unit_of_work
from tests.accounts.conftest import EMAIL, PASSWORD
from tests.accounts.factors.conftest import code


def step(client, given: str):
    return client.post("/sign-in/second", data={"code": given})


def signed_in(client) -> bool:
    return client.get("/account").status_code == 200


def test_the_password_alone_leads_to_the_second_step_and_opens_nothing(client, sign_in, with_app):
    answer = sign_in(client, next="/account/tokens")
    assert (answer.status_code, answer.location) == (303, "/sign-in/second")
    assert not signed_in(client)
    assert client.get("/console/").location.startswith("/sign-in")
    assert client.post("/account/security/recovery-codes").location.startswith("/sign-in")


def test_the_newest_code_signs_in_and_leads_where_one_wanted(client, sign_in, with_app):
    sign_in(client, next="/account/tokens")
    answer = step(client, code())
    assert (answer.status_code, answer.location) == (303, "/account/tokens")
    assert signed_in(client)


@pytest.mark.parametrize("away", [-1, 1])
def test_a_clock_that_is_half_a_minute_off_is_forgiven(client, sign_in, with_app, away):
    sign_in(client)
    assert step(client, code(away)).status_code == 303


@pytest.mark.parametrize("away", [-2, 2])
def test_a_code_of_another_minute_is_not_taken(client, sign_in, with_app, away):
    sign_in(client)
    assert step(client, code(away)).status_code == 401
    assert not signed_in(client)


def test_a_code_is_used_once(app, client, sign_in, with_app):
    shown, watcher = code(), app.test_client()
    sign_in(client)
    sign_in(watcher)
    assert step(client, shown).status_code == 303
    assert step(watcher, shown).status_code == 401
    assert step(watcher, code(-1)).status_code == 401, "nor one of before it"


@pytest.mark.parametrize("given", ["", "000000", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "0" * 41, "' or 1=1 --"])
def test_anything_else_is_no_code(client, sign_in, with_app, given):
    sign_in(client)
    assert step(client, given).status_code == 401
    assert not signed_in(client)


def test_half_a_sign_in_is_over_after_five_minutes(client, sign_in, with_app):
    sign_in(client)
    clock.move(timedelta(minutes=5, seconds=1))
    assert step(client, code()).location == "/sign-in"
    assert not signed_in(client)


def test_half_a_sign_in_ends_with_the_password_it_began_with(app, client, sign_in, with_app, user):
    sign_in(client)
    change_password(app, user)
    assert step(client, code()).location == "/sign-in"


def test_nobody_gets_to_the_second_step_without_the_first(client, with_app):
    assert client.get("/sign-in/second").location == "/sign-in"
    assert step(client, code()).location == "/sign-in"


def test_guessing_codes_is_stopped_as_guessing_passwords_is(app, client, sign_in, with_app):
    sign_in(client)
    for _attempt in range(accounts_rules.MAX_FAILURES["factor"]):
        assert step(client, "000000").status_code == 401
    answer = step(client, code())
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    other = app.test_client()
    sign_in(other)
    assert step(other, code()).status_code == 429, "another browser begins no new count"
    clock.move(accounts_rules.WINDOW + timedelta(seconds=1))
    sign_in(other)
    assert step(other, code()).status_code == 303


def test_a_recovery_code_opens_once_however_it_is_typed(app, client, sign_in, with_app):
    sign_in(client)
    assert step(client, with_app[0].upper().replace("-", " ")).status_code == 303
    other = app.test_client()
    sign_in(other)
    assert step(other, with_app[0]).status_code == 401
    assert step(other, with_app[1]).status_code == 303


def test_a_program_gets_no_token_by_password_alone(client, with_app):
    assert token(client).status_code == 401
    answer = token(client, "000000")
    assert (answer.status_code, answer.json["code"]) == (401, "second-factor-needed")
    assert token(client, code()).status_code == 201
    assert token(client, code()).status_code == 401, "the same code again"


def token(client, given: str = ""):
    headers = {"X-One-Time-Code": given} if given else {}
    return client.post("/api/v1/tokens", json={"name": "ci"}, auth=(EMAIL, PASSWORD), headers=headers)


def change_password(app, user: int) -> None:
    with app.app_context(), unit_of_work():
        service.set_password(db.session.get(service.User, user), "kata sandi yang lain")
