"""Signing out everywhere: browsers, programs, and what plugins are told."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import func, select

from registry.accounts import service, sign_outs
from registry.accounts.models import SignOut
from registry.core import clock
from registry.core.db import db
from registry.core.uow import unit_of_work
from tests.accounts.conftest import EMAIL, PASSWORD

ANY_CITY = 1


@pytest.fixture
def token(app, user) -> dict[str, str]:
    with app.app_context(), unit_of_work():
        _token, text = service.create_token(db.session.get(service.User, user), "ci")
    return {"Authorization": f"Bearer {text}"}


def signed_out(app, user) -> bool:
    with app.app_context():
        return sign_outs.last(user, ANY_CITY) is not None


def test_everywhere_is_every_browser_and_every_plugin(app, client, sign_in, user):
    other = app.test_client()
    sign_in(client)
    sign_in(other)
    answer = client.post("/account/sign-out-everywhere")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert client.get("/account").status_code == other.get("/account").status_code == 302
    assert signed_out(app, user)


@pytest.mark.parametrize(("box", "status"), [({}, 200), ({"tokens": "y"}, 401)])
def test_tokens_of_programs_stay_unless_the_box_says_so(client, sign_in, token, box, status):
    sign_in(client)
    client.post("/account/sign-out-everywhere", data=box)
    assert client.get("/api/v1/tokens", headers=token).status_code == status


def test_a_program_signs_its_person_out_too(client, sign_in, token):
    sign_in(client)
    assert client.delete("/api/v1/account/sessions", headers=token).status_code == 204
    assert client.get("/account").status_code == 302
    assert client.delete("/api/v1/account/sessions?tokens=true", headers=token).status_code == 204
    assert client.delete("/api/v1/account/sessions", headers=token).status_code == 401


@pytest.mark.parametrize("act", ["sign_out", "deactivate", "set_password"])
def test_plugins_are_told_of_every_end(app, user, act):
    more = ("kata sandi yang lain",) if act == "set_password" else ()
    with app.app_context(), unit_of_work():
        getattr(service, act)(db.session.get(service.User, user), *more)
    assert signed_out(app, user)


def test_who_signs_out_at_the_registry_is_out_of_plugins_too(app, client, sign_in, user):
    sign_in(client)
    client.post("/sign-out")
    assert signed_out(app, user)
    assert client.post("/sign-out").status_code == 303, "a visitor may ask as well"


def test_a_closed_account_opens_nothing_until_it_is_open_again(app, client, sign_in, user, token):
    sign_in(client)
    with app.app_context(), unit_of_work():
        service.deactivate(db.session.get(service.User, user))
    assert client.get("/account").status_code == 302
    assert client.get("/api/v1/tokens", headers=token).status_code == 401
    assert client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 401
    with app.app_context(), unit_of_work():
        service.activate(db.session.get(service.User, user))
    assert client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 303


def test_the_host_hears_of_it_when_it_is_committed(app, user, settings):
    url = settings.database_url.replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as ear:
        ear.execute("listen lumbung_host")
        with app.app_context(), unit_of_work():
            sign_outs.record(user)
        assert next(ear.notifies(timeout=5)).payload == "sign-out"


def test_what_is_older_than_any_token_is_forgotten(app, user):
    with app.app_context():
        with unit_of_work() as session:
            session.add(SignOut(user_id=user, at=clock.now() - sign_outs.KEPT - timedelta(minutes=1)))
        with unit_of_work():
            sign_outs.record(user)
        assert db.session.scalar(select(func.count()).select_from(SignOut)) == 1
