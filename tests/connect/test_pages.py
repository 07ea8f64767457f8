"""The admin sees what plugins ask for, answers, and reads what was answered; others may not."""

from __future__ import annotations

import pytest

from registry.accounts import service as accounts
from registry.core import scope
from registry.core.uow import unit_of_work
from registry.tenants import rules as tenants
from registry.tenants.models import Membership
from tests.connect.conftest import WISHES, find

PAGE = "/console/bontang/plugins/papan/connections"
HOST = {"kind": "egress", "wish": "api.bmkg.example:443"}


@pytest.fixture
def sign_in(app, deploy):
    deploy(**WISHES)

    def enter(email: str):
        client = app.test_client()
        with app.app_context():
            user = accounts.find_by_email(email)
            with client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = user.get_id(), True
        return client

    return enter


@pytest.fixture
def admin(sign_in):
    return sign_in("admin@bontang.example")


def test_each_wish_is_said_in_words(admin):
    page = admin.get(PAGE + "?lang=en").text
    assert "asks simtaru for zoning.read" in page
    assert "wants to reach api.bmkg.example, port 443" in page
    assert "wants to send mail" in page


def test_an_answer_is_given_and_taken_back_on_the_page(admin):
    page = admin.post(PAGE, data={**HOST, "answer": "give"}, follow_redirects=True)
    assert page.status_code == 200 and "diizinkan" in page.text
    page = admin.post(PAGE, data={**HOST, "answer": "take"}, follow_redirects=True)
    assert "dicabut" in page.text


@pytest.mark.parametrize(
    "answer",
    [
        {**HOST, "answer": "perhaps"},
        {"kind": "root", "wish": "", "answer": "give"},
        {"kind": "egress", "wish": "evil.example:443", "answer": "give"},
        {"answer": "give"},
    ],
)
def test_a_wish_that_was_not_made_cannot_be_granted(admin, answer):
    assert admin.post(PAGE, data=answer).status_code in (404, 422)


def test_the_city_sees_all_connections_on_one_page(admin):
    page = admin.get("/console/bontang/connections").text
    assert page.count(PAGE) >= 3 and "simtaru" in page


def test_an_auditor_reads_and_does_not_decide(app, admin, sign_in):
    with app.app_context(), unit_of_work() as session:
        user = accounts.make_user("auditor@bontang.example", "Auditor", "kata-sandi-panjang")
        scope.enter_programme()
        session.add(Membership(city_id=find("bontang").id, user_id=user.id, role=tenants.AUDITOR))
    auditor = sign_in_again(app, "auditor@bontang.example")
    page = auditor.get(PAGE)
    assert page.status_code == 200 and "<button" not in page.text.partition('class="rows"')[2].partition("</ul>")[0]
    assert auditor.post(PAGE, data={**HOST, "answer": "give"}).status_code == 403


def sign_in_again(app, email: str):
    client = app.test_client()
    with app.app_context():
        user = accounts.find_by_email(email)
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = user.get_id(), True
    return client


def test_another_citys_admin_finds_nothing(sign_in):
    stranger = sign_in("admin@tegal.example")
    assert stranger.get(PAGE).status_code == 404
    assert stranger.post(PAGE, data={**HOST, "answer": "give"}).status_code == 404


def test_the_api_tells_and_decides_the_same(app, admin):
    with app.app_context(), unit_of_work():
        _token, text = accounts.create_token(accounts.find_by_email("admin@bontang.example"), "api")
    bearer = {"Authorization": f"Bearer {text}"}
    client, one = app.test_client(), "/api/v1/deployments/papan.bontang"
    given = client.put(f"{one}/connections", json={"kind": "mail", "given": True}, headers=bearer)
    assert given.status_code == 200 and given.json["state"] == "given"
    told = client.get(f"{one}/connections", headers=bearer).json
    assert {ask["kind"]: ask["state"] for ask in told["asks"]} == {
        "sibling": "asked",
        "egress": "asked",
        "mail": "given",
    }
    listed = client.get("/api/v1/connections?city=bontang&limit=2", headers=bearer).json
    assert len(listed["items"]) == 2 and listed["next"]
    assert client.get(f"{one}/kpis", headers=bearer).json["items"] == []
    refused = client.put(
        f"{one}/connections", json={"kind": "egress", "name": "a.example:1", "given": True}, headers=bearer
    )
    assert refused.status_code == 404
