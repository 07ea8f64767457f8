"""A forgotten password: a link by mail, the same words for everybody who asks, the end of every session."""

import pytest

from registry.accounts import rules as passwords
from registry.accounts import service as accounts
from registry.accounts.oidc.models import Identity
from registry.core import scope
from registry.core.audit import AuditEntry
from registry.core.db import db
from registry.core.uow import unit_of_work
from tests.accounts.conftest import EMAIL
from tests.accounts.links.conftest import address_in, rows

NEW = {"password": "lumbung penuh padi", "again": "lumbung penuh padi"}


@pytest.fixture
def asked(client, user, mails):
    """The path in the mail somebody got who forgot the password."""
    client.post("/sign-in/forgot", data={"email": EMAIL})
    ((recipient, text),) = [one for one in mails() if "new-password" in one[1]]
    assert recipient == EMAIL
    return address_in(text)


def test_known_and_unknown_get_the_same_answer(app, client, user):
    def ask(email: str):
        answer = client.post("/sign-in/forgot", data={"email": email})
        return answer.status_code, answer.text

    assert ask(EMAIL) == ask("nobody@bontang.example")
    assert ask(EMAIL)[0] == 200
    queued = rows(app, "select args::text from procrastinate_jobs where task_name = 'accounts.new_password'")
    assert len(queued) == 3 and "bontang" not in str(queued)


def test_nobody_gets_no_mail(client, user, mails):
    client.post("/sign-in/forgot", data={"email": "nobody@bontang.example"})
    assert mails() == []


def test_a_closed_account_gets_no_mail(app, client, user, mails):
    with app.app_context(), unit_of_work():
        accounts.deactivate(accounts.find_by_email(EMAIL))
    client.post("/sign-in/forgot", data={"email": EMAIL})
    assert mails() == []


def test_the_link_sets_a_new_password_and_ends_every_session(app, client, sign_in, asked):
    other = app.test_client()
    sign_in(other)
    client.get(asked)
    answer = client.post("/sign-in/new-password", data=NEW)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert other.get("/account").status_code == 302
    assert client.get("/account").status_code == 302, "one signs in again, with the second step if there is one"
    assert rows(app, "select kind from notifications") == [("account.password",)]
    assert sign_in(client).status_code == 401
    assert sign_in(client, password=NEW["password"]).status_code == 303


def test_keys_and_links_of_before_open_nothing_after_a_reset(app, client, asked):
    """Whoever made the account in somebody else's name, or got into it, keeps no way in."""
    with app.app_context(), unit_of_work() as session:
        person = accounts.find_by_email(EMAIL)
        _token, text = accounts.create_token(person, "of whoever was first")
        for how in ("person", "address"):
            session.add(Identity(user_id=person.id, issuer="https://login.example", subject=how, email="", how=how))
    client.get(asked)
    assert "tokens of programs" in client.get("/sign-in/new-password?lang=en").text
    client.post("/sign-in/new-password", data=NEW)
    assert client.get("/api/v1/tokens", headers={"Authorization": f"Bearer {text}"}).status_code == 401
    assert rows(app, "select how from identities") == [("address",)], "an address is proved anew each time"
    with app.app_context():
        scope.enter_programme()
        assert {"identity.unlink", "person.sign-out"} <= set(db.session.scalars(db.select(AuditEntry.action)))


def test_the_link_works_once(app, client, asked):
    client.get(asked)
    client.post("/sign-in/new-password", data=NEW)
    again = app.test_client().get(asked + "?lang=en")
    assert again.status_code == 404 and "used already" in again.text and "/sign-in/forgot" in again.text


def test_the_link_lives_an_hour(client, asked, later):
    later(minutes=61)
    assert "expired" in client.get(asked + "?lang=en").text


def test_a_password_that_is_refused_leaves_the_link_unused(client, asked):
    client.get(asked)
    for wrong in ({"password": "short", "again": "short"}, {**NEW, "again": "another one, longer"}):
        assert client.post("/sign-in/new-password", data=wrong).status_code == 422
    assert client.post("/sign-in/new-password", data=NEW).status_code == 303


def test_one_account_gets_three_mails_and_whoever_asks_learns_nothing(app, client, user, mails):
    answers = {client.post("/sign-in/forgot", data={"email": EMAIL}).text for _time in range(5)}
    assert len(answers) == 1 and len(mails()) == passwords.MAX_FAILURES["forgot-account"]


def test_asking_from_one_address_is_stopped(client, user):
    for number in range(passwords.MAX_FAILURES["forgot"]):
        client.post("/sign-in/forgot", data={"email": f"{number}@bontang.example"})
    assert client.post("/sign-in/forgot", data={"email": EMAIL}).status_code == 429


@pytest.mark.parametrize("email", ["", "x", "a@b", "x" * 300 + "@bontang.example", "a@bontang.example\r\nBcc: b@c.id"])
def test_what_is_no_address_is_told(app, client, user, email):
    assert client.post("/sign-in/forgot", data={"email": email}).status_code == 422
    assert rows(app, "select 1 from procrastinate_jobs") == []
