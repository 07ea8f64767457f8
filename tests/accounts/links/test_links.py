"""Links by mail: opened by looking, used up by a button, once, in time, by whoever reads the mail."""

import pytest

from registry.accounts import rules as passwords
from registry.accounts import service as accounts
from registry.accounts.links import rules, service
from registry.core.errors import ConflictError, NotFoundError
from registry.core.uow import unit_of_work
from tests.accounts.conftest import EMAIL
from tests.accounts.links.conftest import INVITED, rows

NEW = {"name": "Operator Disdukcapil", "password": "lumbung penuh padi", "again": "lumbung penuh padi"}


def follow(client, path: str):
    return client.get(path, follow_redirects=True)


def test_only_the_digest_of_a_link_is_kept(app, link):
    text = link().rpartition("/")[2]
    assert rules.TEXT.fullmatch(text)
    assert text not in str(rows(app, "select * from mail_links"))


def test_looking_at_a_link_uses_nothing_up(app, client, link, accepted):
    path = link()
    for _scanner in range(3):
        assert app.test_client().get(path).status_code == 303
    assert follow(client, path).status_code == 200
    assert client.post("/invitation", data=NEW).status_code == 303


def test_the_page_of_a_link_has_no_secret_in_its_address(client, link, accepted):
    path = link()
    answer = client.get(path)
    assert answer.headers["Referrer-Policy"] == "no-referrer" and answer.headers["Cache-Control"] == "no-store"
    assert (answer.status_code, answer.location) == (303, "/invitation")


def test_the_log_does_not_tell_the_secret(client, link, accepted, capsys):
    path = link()
    client.get(path)
    logged = "".join(capsys.readouterr())
    assert "/invitation/…" in logged and path.rpartition("/")[2] not in logged


def test_somebody_invited_opens_an_account_and_has_accepted(app, client, link, accepted):
    assert "Peran operator:lapor" in follow(client, link(subject="operator:lapor")).text
    answer = client.post("/invitation", data=NEW)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert accepted == [("operator:lapor", INVITED)]
    assert INVITED in client.get("/account").text


def test_a_password_that_is_refused_leaves_the_invitation_unused(client, link, accepted):
    follow(client, link())
    assert client.post("/invitation", data={**NEW, "password": "short", "again": "short"}).status_code == 422
    assert accepted == []
    assert client.post("/invitation", data=NEW).status_code == 303


def test_an_invitation_is_accepted_once(app, link, accepted):
    path = link()
    first, second = app.test_client(), app.test_client()
    for client in (first, second):
        follow(client, path)
    assert first.post("/invitation", data=NEW).status_code == 303
    assert second.post("/invitation", data=NEW).status_code == 404
    assert len(accepted) == 1
    assert app.test_client().get(path).status_code == 404


def test_whoever_has_an_account_is_led_to_sign_in_and_back(client, user, sign_in, link, accepted):
    path = link(email=EMAIL)
    page = follow(client, path).text
    assert 'name="password"' not in page and f"/sign-in?next={path}" in page.replace("%2F", "/")
    assert sign_in(client, next=path).location == path
    assert "Admin Kota Bontang" in follow(client, path).text
    assert client.post("/invitation").location == "/account"
    assert accepted == [("", EMAIL)]


def test_an_account_with_another_address_is_asked_twice(client, user, sign_in, link, accepted):
    sign_in(client)
    page = follow(client, link() + "?lang=en").text
    assert "went to another address" in page
    client.post("/invitation")
    assert accepted == [("", EMAIL)]


def test_what_the_room_refuses_leaves_the_link_unused(app, client, user, sign_in, link, monkeypatch):
    def refuse(_link, _user):
        raise ConflictError("not now")

    act = service.Act(refuse, lambda _link: "")
    monkeypatch.setitem(app.extensions.setdefault(service.ACTS, {}), rules.INVITATION, act)
    sign_in(client)
    path = link()
    follow(client, path)
    assert client.post("/invitation").status_code == 409
    assert client.get(path).status_code == 303


def test_an_address_is_confirmed_without_an_account(client, link, accepted):
    follow(client, link(rules.ADDRESS, subject="city:7"))
    assert client.post("/address").status_code == 303
    assert accepted == [("city:7", None)]


def test_a_link_of_one_purpose_opens_no_other(client, link, accepted):
    text = link(rules.ADDRESS).rpartition("/")[2]
    assert client.get(f"/invitation/{text}").status_code == 404
    assert client.get(f"/sign-in/new-password/{text}").status_code == 404


@pytest.mark.parametrize("text", ["x", "a" * 43, "a" * 3000, "%00", "..%2f..", "\u202e" * 43])
def test_what_is_no_link_of_ours_is_told(client, text):
    answer = client.get(f"/invitation/{text}?lang=en")
    assert answer.status_code == 404


def test_a_link_expires_and_says_what_to_do(client, link, accepted, later):
    path = link(days=7)
    later(days=7, seconds=1)
    page = client.get(path + "?lang=en")
    assert page.status_code == 404 and "Ask whoever invited you" in page.text


def test_one_that_expires_while_it_lies_open_is_refused(client, link, accepted, later):
    follow(client, link())
    later(days=8)
    assert client.post("/invitation", data=NEW).status_code == 404
    assert accepted == []


def test_the_page_without_a_link_says_to_open_the_mail(client):
    for path in ("/invitation", "/address", "/sign-in/new-password"):
        assert client.get(path).status_code == 404
        assert client.post(path, data=NEW).status_code == 404


def test_guessing_links_is_stopped(client, link, accepted):
    path = link()
    for number in range(passwords.MAX_FAILURES["link"]):
        client.get(f"/invitation/{number:043}")
    assert client.get(path).status_code == 429


def test_withdrawn_invitations_open_nothing(app, client, link, accepted):
    path, other = link(subject="a"), link(subject="b")
    with app.app_context(), unit_of_work():
        assert service.withdraw(rules.INVITATION, INVITED.upper(), "a") == 1
    assert client.get(path).status_code == 404
    assert client.get(other).status_code == 303


def test_using_one_ends_its_copies(app, client, link, accepted):
    path, copy = link(), link()
    follow(client, path)
    client.post("/invitation", data=NEW)
    assert app.test_client().get(copy).status_code == 404


def test_a_link_for_a_closed_account_opens_nothing(app, client, user, link):
    with app.app_context():
        person = accounts.find_by_email(EMAIL)
        path = link(rules.PASSWORD, EMAIL, user=person)
    with app.app_context(), unit_of_work():
        accounts.deactivate(accounts.find_by_email(EMAIL))
    assert client.get(path).status_code == 404


def test_links_that_ended_long_ago_go(app, link, later):
    link(days=1)
    later(days=30)
    link(days=1)
    later(days=2)
    with app.app_context(), unit_of_work():
        service.forget_old()
    assert len(rows(app, "select id from mail_links")) == 1


@pytest.mark.parametrize("days", [0, -1, 31])
def test_a_link_lives_days_not_years(app, clean, days):
    with app.app_context(), pytest.raises(ValueError), unit_of_work():
        service.make(rules.INVITATION, INVITED, days)


def test_two_who_press_at_once(app, link, accepted):
    path = link()
    with app.app_context(), unit_of_work():
        one = service.open_link(path.rpartition("/")[2], rules.INVITATION)
        service.use(one)
        with pytest.raises(NotFoundError):
            service.use(one)
