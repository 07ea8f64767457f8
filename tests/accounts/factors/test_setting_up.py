"""The page of the own security: factors added, removed, made anew, by whoever is really there."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from registry.accounts import service as accounts
from registry.accounts.cli import people
from registry.accounts.factors.models import CodeApp, RecoveryCode
from registry.accounts.notices.models import Notification
from registry.accounts.sessions.rules import FRESH
from registry.core import clock
from registry.core.db import db
from tests.accounts.conftest import PASSWORD
from tests.accounts.factors.conftest import SECRET, code

SET_UP = "/account/security/app"
RECOVERY = re.compile(r"\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b")


def secret_on(page: str) -> str:
    return re.search(r"secret=([A-Z2-7]{32})", page).group(1)


def set_up(client):
    """Scan the code of the page and confirm it."""
    secret = secret_on(client.get(SET_UP).text)
    made = pyotp.TOTP(secret).at(clock.now())
    return client.post(SET_UP, data={"code": made})


def subjects(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Notification.subject).order_by(Notification.id)))


def test_a_code_of_the_app_proves_it_and_ten_recovery_codes_are_shown_once(app, client, sign_in):
    sign_in(client)
    page = set_up(client)
    assert page.status_code == 201
    made = RECOVERY.findall(page.text)
    assert len(set(made)) == 10
    assert not RECOVERY.search(client.get("/account/security").text)
    with app.app_context():
        kept = {code.digest for code in db.session.scalars(select(RecoveryCode))}
    assert len(kept) == 10 and not kept & set(made)
    assert subjects(app), "the person is told"


def test_the_picture_says_what_the_text_says(client, sign_in):
    sign_in(client)
    page = client.get(SET_UP).text
    assert "<svg role=" in page and 'aria-label="' in page
    assert "otpauth://totp/" in page and "admin%40bontang.example" in page
    assert secret_on(page) == secret_on(client.get(SET_UP).text), "the same when the page is loaded again"


def test_a_wrong_code_sets_nothing_up(app, client, sign_in):
    sign_in(client)
    client.get(SET_UP)
    assert client.post(SET_UP, data={"code": "000000"}).status_code == 422
    with app.app_context():
        assert db.session.scalar(select(CodeApp)) is None


def test_the_secret_lies_sealed(app, with_app):
    with app.app_context():
        kept = db.session.scalars(select(CodeApp)).one().secret
    assert SECRET.encode() not in kept and kept.startswith(b"gAAAA")


def test_the_first_factor_ends_every_other_session(app, client, sign_in):
    other = app.test_client()
    sign_in(other)
    sign_in(client)
    assert set_up(client).status_code == 201
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302


def test_a_new_phone_replaces_the_old_one(enter, client, app, sign_in):
    assert set_up(client).status_code == 303, "recovery codes stay as they are"
    clock.move(timedelta(seconds=60))
    other = app.test_client()
    sign_in(other)
    assert other.post("/sign-in/second", data={"code": code()}).status_code == 401


@pytest.mark.parametrize(
    "path",
    ["/account/security/app/remove", "/account/security/recovery-codes", "/account/security/passkeys/1/remove",
     "/account/tokens", "/account/password", "/account/security/passkeys/options"],
)  # fmt: skip
def test_a_delicate_act_asks_again_after_a_quarter_of_an_hour(client, enter, path):
    clock.move(FRESH + timedelta(seconds=1))
    other = "kata sandi yang lain"
    given = {"name": "ci", "days": "3", "scopes": "everything", "current": PASSWORD, "password": other, "again": other}
    assert client.post(path, data=given).location.startswith("/account/confirm?next=")


def test_who_has_a_factor_confirms_with_it_not_with_the_password(client, enter):
    clock.move(FRESH + timedelta(seconds=1))
    assert client.post("/account/confirm", data={"password": PASSWORD}).status_code == 401
    answer = client.post("/account/confirm", data={"code": code(), "next": SET_UP})
    assert (answer.status_code, answer.location) == (303, SET_UP)
    assert client.get(SET_UP).status_code == 200


def test_who_has_none_confirms_with_the_password(client, sign_in):
    sign_in(client)
    clock.move(FRESH + timedelta(seconds=1))
    assert client.get(SET_UP).location.startswith("/account/confirm?next=")
    assert client.post("/account/confirm", data={"password": "a wrong one, sorry"}).status_code == 401
    assert client.post("/account/confirm", data={"password": PASSWORD}).status_code == 303
    assert client.get(SET_UP).status_code == 200


def test_confirming_leads_to_no_other_host(client, enter):
    clock.move(FRESH + timedelta(seconds=1))
    answer = client.post("/account/confirm", data={"code": code(), "next": "https://evil.example/"})
    assert answer.location == "/account/security"


def test_a_removed_app_is_asked_for_no_more_and_its_recovery_codes_go_with_it(app, client, enter, sign_in):
    assert client.post("/account/security/app/remove").status_code == 303
    with app.app_context():
        assert db.session.scalar(select(RecoveryCode)) is None
    assert "dihapus" in subjects(app)[-1] or "removed" in subjects(app)[-1]
    assert sign_in(app.test_client()).location == "/console/"


def test_new_recovery_codes_end_the_old_ones(app, client, enter, with_app, sign_in):
    made = RECOVERY.findall(client.post("/account/security/recovery-codes").text)
    assert len(made) == 10
    other = app.test_client()
    sign_in(other)
    assert other.post("/sign-in/second", data={"code": with_app[0]}).status_code == 401
    assert other.post("/sign-in/second", data={"code": made[0]}).status_code == 303


def test_without_a_factor_there_are_no_recovery_codes(client, sign_in):
    sign_in(client)
    assert client.post("/account/security/recovery-codes").status_code == 303


def test_a_token_alone_takes_no_factor_away(app, client, enter, user):
    with app.app_context():
        _token, text = accounts.create_token(db.session.get(accounts.User, user), "ci")
        db.session.commit()
    bearer = {"Authorization": f"Bearer {text}"}
    shown = client.get("/api/v1/account/factors", headers=bearer).json
    assert shown["code_app"] and shown["recovery_codes_left"] == 10
    assert client.delete("/api/v1/account/factors/code-app", headers=bearer).status_code == 401
    clock.move(timedelta(seconds=60))
    with_code = bearer | {"X-One-Time-Code": code()}
    assert client.delete("/api/v1/account/factors/code-app", headers=with_code).status_code == 204


def test_a_reset_by_the_operator_ends_everything_but_the_password(app, client, enter, sign_in):
    answer = app.test_cli_runner().invoke(people, ["reset-second-factor", "admin@bontang.example"])
    assert answer.exit_code == 0, answer.output
    assert client.get("/account").status_code == 302
    assert sign_in(client).location == "/console/"
