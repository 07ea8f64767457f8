import re

from registry.accounts import rules
from tests.accounts.conftest import EMAIL, PASSWORD


def test_the_right_pair_signs_in_and_goes_where_one_wanted(client, sign_in):
    answer = sign_in(client, next="/account")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert EMAIL in client.get("/account").text


def test_a_wrong_pair_is_told_without_saying_which_half(client, sign_in):
    answer = sign_in(client, password="not this one, sorry")
    unknown = client.post("/sign-in", data={"email": "nobody@bontang.example", "password": PASSWORD})
    assert answer.status_code == unknown.status_code == 401
    assert 'role="alert"' in answer.text and 'role="alert"' in unknown.text


def test_next_never_leads_to_another_host(client, sign_in):
    assert sign_in(client, next="https://evil.example/").location == "/console/"
    assert sign_in(client, next="//evil.example").location == "/console/"


def test_guessing_is_stopped_and_says_when_to_come_back(client, sign_in):
    for _attempt in range(rules.MAX_FAILURES["account"]):
        sign_in(client, password="wrong wrong wrong")
    answer = sign_in(client)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == rules.WINDOW.total_seconds()


def test_a_page_that_needs_a_person_leads_to_sign_in_and_back(client):
    answer = client.get("/account/tokens?x=1")
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=%2Faccount%2Ftokens%3Fx%3D1")


def test_signing_in_starts_a_new_session(client, sign_in):
    with client.session_transaction() as before:
        before["planted"] = "by someone else"
    sign_in(client)
    with client.session_transaction() as after:
        assert "planted" not in after


def test_signing_out_is_a_post(client, sign_in):
    sign_in(client)
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 303
    assert client.get("/account").status_code == 302


def test_a_new_password_ends_every_other_session(app, client, sign_in):
    other = app.test_client()
    sign_in(client)
    sign_in(other)
    given = {"current": PASSWORD, "password": "lumbung penuh padi", "again": "lumbung penuh padi"}
    assert client.post("/account/password", data=given).status_code == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302


def test_the_current_password_is_asked_before_it_changes(client, sign_in):
    sign_in(client)
    given = {"current": "a wrong guess", "password": "lumbung penuh padi", "again": "lumbung penuh padi"}
    assert client.post("/account/password", data=given).status_code == 422
    assert sign_in(client).status_code == 303


def test_a_tokens_text_is_shown_once(client, sign_in):
    sign_in(client)
    made = client.post("/account/tokens", data={"name": "laptop", "days": "30", "scopes": "read"})
    assert made.status_code == 201
    text = re.search(r"lmb_[\w-]+", made.text)
    assert text and text.group() not in client.get("/account/tokens").text


def test_forms_carry_a_csrf_token(app, client):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert 'name="csrf_token"' in client.get("/sign-in").text
        answer = client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
        assert answer.status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
