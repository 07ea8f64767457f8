"""Passkeys, by a software authenticator: what is taken, and every answer that is worth nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.accounts import service as accounts
from registry.accounts.factors.models import Passkey
from registry.core import clock
from registry.core.db import db
from registry.core.uow import unit_of_work
from tests.accounts.factors.authenticator import Authenticator

ADD = "/account/security/passkeys"


def register(client, key: Authenticator, name: str = "laptop"):
    options = client.post(f"{ADD}/options").json
    return client.post(ADD, data={"name": name, "answer": key.create(options)})


def step(client, key: Authenticator, **changed):
    options = client.post("/sign-in/second/options").json | changed
    return client.post("/sign-in/second", data={"answer": key.get(options)})


def alone(client, key: Authenticator, **changed):
    """Sign in with a passkey and nothing else."""
    options = client.post("/sign-in/passkey/options").json | changed
    return client.post("/sign-in/passkey", data={"answer": key.get(options), "next": "/account"})


def signed_in(client) -> bool:
    return client.get("/account").status_code == 200


@pytest.fixture
def key(app, sign_in) -> Authenticator:
    """A passkey of the person."""
    made, client = Authenticator(), app.test_client()
    sign_in(client)
    assert register(client, made).status_code == 201
    return made


def test_the_browser_is_asked_for_a_key_that_knows_its_person(client, sign_in):
    sign_in(client)
    options = client.post(f"{ADD}/options").json
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["rp"]["id"] == "localhost"
    assert "bontang" not in options["user"]["id"]


def test_a_passkey_is_the_second_step(client, sign_in, key):
    sign_in(client)
    assert step(client, key).status_code == 303
    assert signed_in(client)


def test_a_passkey_signs_in_alone(client, key):
    answer = alone(client, key)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert signed_in(client)


def test_several_keys_have_names_and_each_is_removed_by_itself(app, client, key):
    alone(client, key)
    second = Authenticator()
    assert register(client, second, "stik di kantor").status_code == 303
    page = client.get("/account/security").text
    assert "laptop" in page and "stik di kantor" in page
    with app.app_context():
        numbers = dict(db.session.execute(select(Passkey.name, Passkey.id)).tuples().all())
    assert client.post(f"{ADD}/{numbers['laptop']}/remove").status_code == 303
    assert alone(app.test_client(), key).location.startswith("/sign-in")
    assert alone(app.test_client(), second).location == "/account"


def test_a_key_is_added_once(client, key):
    alone(client, key)
    assert register(client, key).status_code == 422


@pytest.mark.parametrize(
    "wrong", [{"origin": "https://localhost.evil.example"}, {"rp_id": "evil.example"}, {"verifies": False}]
)
def test_an_answer_for_another_site_or_without_its_person_is_worth_nothing(client, sign_in, key, wrong):
    for name, value in wrong.items():
        setattr(key, name, value)
    assert alone(client, key).location.startswith("/sign-in")
    sign_in(client)
    assert step(client, key).status_code == 401
    assert not signed_in(client)


@pytest.mark.parametrize("wrong", [{"origin": "https://evil.example"}, {"rp_id": "evil.example"}, {"verifies": False}])
def test_no_such_key_is_added_either(app, client, sign_in, wrong):
    sign_in(client)
    assert register(client, Authenticator(**wrong)).status_code == 422
    with app.app_context():
        assert db.session.scalar(select(Passkey)) is None


def test_another_challenge_than_ours_is_not_taken(client, key):
    assert alone(client, key, challenge="AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").location.startswith("/sign-in")


def test_an_answer_is_taken_once_even_when_its_cookie_is_sent_again(app, client, key):
    options = client.post("/sign-in/passkey/options").json
    before = client.get_cookie("lumbung_session").value
    answer = key.get(options)
    assert client.post("/sign-in/passkey", data={"answer": answer, "next": "/account"}).location == "/account"
    again = app.test_client()
    again.set_cookie("lumbung_session", before)
    assert again.post("/sign-in/passkey", data={"answer": answer}).location.startswith("/sign-in")


def test_a_challenge_is_answered_within_minutes(client, key):
    options = client.post("/sign-in/passkey/options").json
    clock.move(timedelta(minutes=5, seconds=1))
    assert client.post("/sign-in/passkey", data={"answer": key.get(options)}).location.startswith("/sign-in")


def test_a_copied_key_is_found_out_by_its_count(app, client, key):
    assert alone(client, key).location == "/account"
    key.counter -= 1
    assert alone(app.test_client(), key).location.startswith("/sign-in")


def test_a_key_of_somebody_else_is_no_second_step(client, sign_in, key):
    stranger = Authenticator()
    sign_in(client)
    assert step(client, stranger).status_code == 401


def test_a_closed_accounts_key_opens_nothing(app, client, key, user):
    with app.app_context(), unit_of_work():
        accounts.deactivate(db.session.get(accounts.User, user))
    assert alone(client, key).location.startswith("/sign-in")


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", '{"id": 1}', "x" * 20_001, "[" * 19_000, '{"id":"a","rawId":"a"}', "\0"]
)
def test_rubbish_is_refused_in_words(client, sign_in, key, answer):
    client.post("/sign-in/passkey/options")
    assert client.post("/sign-in/passkey", data={"answer": answer}).status_code == 303
    sign_in(client)
    client.post("/sign-in/second/options")
    assert client.post("/sign-in/second", data={"answer": answer}).status_code == 401
