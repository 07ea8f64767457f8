"""Browsers one is signed in with: listed, ended, and ended by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from registry.accounts import service as accounts
from registry.accounts import sign_outs
from registry.accounts.sessions import rules
from registry.accounts.sessions.models import BrowserSession
from registry.core import clock
from registry.core.db import db
from registry.core.uow import unit_of_work
from tests.accounts.conftest import EMAIL, PASSWORD

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture(autouse=True)
def real_time():
    yield
    clock.back()


@pytest.fixture
def other(app, sign_in):
    """A second browser of the same person."""
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    sign_in(client)
    return client


def signed_in(client) -> bool:
    return client.get("/account").status_code == 200


def rows(app) -> list[BrowserSession]:
    with app.app_context():
        return list(db.session.scalars(select(BrowserSession).order_by(BrowserSession.id)))


def test_the_list_names_browsers_in_words_and_this_one(client, sign_in, other):
    sign_in(client)
    page = client.get("/account/sessions?lang=en").text
    assert "Firefox on Windows" in page and "203.0.113.0/24" in page and "203.0.113.77" not in page
    assert page.count("this browser") == 1


def test_the_cookie_holds_the_secret_and_the_table_its_digest(app, client, sign_in):
    sign_in(client)
    with client.session_transaction() as held:
        secret = held["browser"]
    assert rows(app)[0].digest != secret and len(rows(app)[0].digest) == 64


def test_an_ended_session_opens_nothing_from_the_next_request_on(app, client, sign_in, other):
    sign_in(client)
    first = rows(app)[0].id
    assert client.post(f"/account/sessions/{first}/end").status_code == 303
    assert signed_in(client) and not signed_in(other)
    with app.app_context():
        assert sign_outs.last(rows(app)[0].user_id, 1) is not None, "plugins are told"


def test_all_others_end_and_this_one_stays(app, client, sign_in, other):
    sign_in(client)
    assert client.post("/account/sessions/end-others").status_code == 303
    assert signed_in(client) and not signed_in(other)
    assert len(rows(app)) == 1


def test_nobody_ends_somebody_elses_session(app, client, sign_in, other):
    with app.app_context(), unit_of_work():
        accounts.register("operator@bontang.example", "Operator", PASSWORD)
    stranger = app.test_client()
    stranger.post("/sign-in", data={"email": "operator@bontang.example", "password": PASSWORD})
    assert stranger.post(f"/account/sessions/{rows(app)[0].id}/end").status_code == 404
    assert signed_in(other)


def test_a_week_without_a_visit_ends_it(client, sign_in):
    sign_in(client)
    clock.move(rules.IDLE - timedelta(minutes=1))
    assert signed_in(client)
    clock.move(rules.IDLE + timedelta(minutes=1))
    assert not signed_in(client)


def test_a_month_ends_it_however_often_one_comes(client, sign_in):
    sign_in(client)
    for _visit in range(5):
        clock.move(timedelta(days=5, hours=23))
        assert signed_in(client)
    clock.move(timedelta(days=1))
    assert not signed_in(client)


def test_signing_out_removes_it_so_that_a_copied_cookie_is_worth_nothing(app, client, sign_in):
    sign_in(client)
    copied = client.get_cookie("lumbung_session").value
    client.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("lumbung_session", copied)
    assert not signed_in(thief)
    assert rows(app) == []


def test_a_session_of_before_the_list_goes_on_until_all_others_end(app, client, sign_in, user):
    before = app.test_client()
    with app.app_context(), before.session_transaction() as held:
        held["_user_id"] = db.session.get(accounts.User, user).get_id()
    sign_in(client)
    assert signed_in(before)
    client.post("/account/sessions/end-others")
    assert not signed_in(before)


def test_that_a_browser_was_seen_is_written_every_five_minutes_at_most(app, client, sign_in):
    sign_in(client)
    began = rows(app)[0].seen_at
    client.get("/account")
    assert rows(app)[0].seen_at == began
    clock.move(rules.SEEN_EVERY + timedelta(seconds=1))
    client.get("/account")
    assert rows(app)[0].seen_at > began


def test_a_request_asks_for_session_and_person_at_once(app, client, sign_in):
    sign_in(client)
    asked: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _cur, statement, *_more: asked.append(statement))
    client.get("/account")
    about = [one for one in asked if "FROM browser_sessions" in one or "FROM users" in one]
    assert len(about) == 1, about


def test_a_program_lists_and_ends_them(app, client, sign_in, other, user):
    with app.app_context(), unit_of_work():
        _token, text = accounts.create_token(db.session.get(accounts.User, user), "ci")
    bearer = {"Authorization": f"Bearer {text}"}
    items = client.get("/api/v1/account/sessions", headers=bearer).json["items"]
    assert [(one["browser"], one["system"]) for one in items] == [("Firefox", "Windows")]
    assert client.delete(f"/api/v1/account/sessions/{items[0]['id']}", headers=bearer).status_code == 204
    assert not signed_in(other)
    assert client.delete(f"/api/v1/account/sessions/{items[0]['id']}", headers=bearer).status_code == 404


def test_old_rows_go_when_somebody_signs_in(app, client, sign_in, other):
    clock.move(rules.IDLE + timedelta(minutes=1))
    client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(BrowserSession)) == 1
