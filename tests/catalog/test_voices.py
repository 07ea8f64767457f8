"""What officials declare and ask, and what maintainers do with it."""

from datetime import date

import pytest
from flask import g
from flask_babel import refresh
from sqlalchemy import text

from registry.accounts import service as accounts
from registry.catalog import service as catalog
from registry.catalog.voices import questions, rules, service
from registry.catalog.voices.rules import Said
from registry.core import clock
from registry.core.db import db
from registry.core.errors import ConflictError, InvalidError, TooManyError
from registry.core.uow import unit_of_work
from registry.tenants.models import Membership

USE = "Three offices answer citizens with it every working day."
ASKED = {"city": "bontang", "text": "On a phone?"}


@pytest.fixture
def antrian(publisher, bundle):
    with unit_of_work():
        return catalog.record_app(publisher, "antrian", bundle())


def make(city, role):
    with unit_of_work() as session:
        user = accounts.register(f"{role}@{city.slug}.example", f"{role} (demo)", "a long enough password")
        plugin = "antrian" if role in ("operator", "administrator") else ""
        session.add(Membership(city_id=city.id, user_id=user.id, role=role, plugin=plugin))
    return user


def sign_in(client, user):
    """The roles read before belong to another request's person: the tests share one context."""
    g.pop("memberships", None)
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = user.get_id(), True


@pytest.fixture
def operator(client, partner):
    user = make(partner, "operator")
    sign_in(client, user)
    return user


@pytest.fixture
def maintainer(publisher):
    return make(publisher, "maintainer")


def page(client):
    refresh()
    return client.get("/apps/antrian?lang=en").text


def declared(antrian, partner, user, **changes):
    with unit_of_work():
        return service.declare(antrian, partner, user, Said(**({"use_case": USE} | changes)))


def test_an_official_tells_how_the_city_uses_the_app(antrian, operator, client):
    told = {"use_case": USE, "instance_url": "https://antrian.bontangkota.go.id/", "experience": "Easy.\n\nReally.",
            "since": "2026-01-02"}  # fmt: skip
    assert client.post("/apps/antrian/declare", data=told).status_code == 303
    shown = page(client)
    assert USE in shown and "Kota Bontang" in shown and "Really." in shown and "January 2, 2026" in shown
    assert 'href="https://antrian.bontangkota.go.id/" rel="nofollow ugc noopener noreferrer"' in shown


def test_a_city_says_one_thing_of_an_app_and_may_say_it_anew(antrian, operator, client, partner):
    for seen, words in enumerate((USE, "Five offices answer citizens with it now.")):
        client.post("/apps/antrian/declare", data={"use_case": words, "version": seen})
    assert [one.use_case for one in service.declarations_of(antrian)] == ["Five offices answer citizens with it now."]


def test_a_declaration_taken_back_leaves_no_words(antrian, operator, client, partner):
    declared(antrian, partner, operator, experience="Hard.")
    assert "Change what your city says" in page(client)
    named = {"confirm": "antrian"}
    assert client.post("/apps/antrian/declare/withdraw", data=named).status_code == 303
    shown = page(client)
    assert USE not in shown and "Tell how your city uses it" in shown
    assert service.find_declaration(antrian, partner).experience == ""
    assert client.post("/apps/antrian/declare/withdraw", data=named).status_code == 404
    declared(antrian, partner, operator)
    assert USE in page(client)


def test_a_declaration_is_taken_back_only_by_name(antrian, partner, operator, client):
    declared(antrian, partner, operator)
    client.post("/apps/antrian/declare/withdraw", data={"confirm": "lapor"})
    assert USE in page(client)


def test_of_two_who_write_a_declaration_the_slower_reads_the_other_first(antrian, partner, operator, client):
    declared(antrian, partner, operator)
    refresh()
    late = {"use_case": "Five offices answer citizens with it now.", "version": 0}
    answer = client.post("/apps/antrian/declare?lang=en", data=late)
    assert answer.status_code == 409 and "What stands there now" in answer.text and USE in answer.text
    assert late["use_case"] in answer.text and 'value="1"' in answer.text
    assert client.post("/apps/antrian/declare", data=late | {"version": 1}).status_code == 303


@pytest.mark.parametrize(
    "address",
    ["http://lapor.go.id/", "javascript:alert(1)", "https://", "https://localhost/", "https://10.0.0.1/",
     "https://a@b.go.id/", "https://a.go.id:8443/", "https://a.go.id/ x", "https://a\\b.go.id/", "https://[::1]/",
     "https://a.go.id/" + "x" * 300, "//a.go.id/", "https://a.go.id:x/", "https://ä.go.id/"],
)  # fmt: skip
def test_an_address_that_is_no_public_https_one_is_refused(address):
    assert rules.url_problem(address) in ("https", "url")


@pytest.mark.parametrize("address", ["", "https://lapor.bontangkota.go.id/", "https://a.go.id/x?y=1#z"])
def test_an_address_of_an_instance_is_kept(address):
    assert rules.url_problem(address) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("use_case", "short"), ("use_case", "x" * 1_001), ("use_case", "\u200b" * 40), ("experience", "x" * 2_001),
     ("since", date(1999, 12, 31)), ("since", date(2999, 1, 1)), ("instance_url", "http://a.go.id")],
)  # fmt: skip
def test_a_declaration_is_bounded_and_says_where(antrian, partner, operator, field, value):
    with pytest.raises(InvalidError) as refused:
        declared(antrian, partner, operator, **{field: value})
    assert [finding.path for finding in refused.value.findings] == [field]


def test_what_is_refused_stands_beside_its_field(antrian, operator, client):
    refresh()
    answer = client.post("/apps/antrian/declare?lang=en", data={"use_case": USE, "instance_url": "http://a.go.id"})
    assert answer.status_code == 422 and "begins with https" in answer.text and USE in answer.text


def test_what_is_said_is_shown_and_never_run(antrian, partner, operator, client):
    declared(antrian, partner, operator, use_case="<script>alert(1)</script> for all the offices")
    with unit_of_work():
        questions.ask(antrian, partner, operator, "Does it <img src=x onerror=alert(1)> run?")
    shown = page(client)
    assert "<script>alert" not in shown and "<img src=x" not in shown and "&lt;script&gt;" in shown


@pytest.mark.parametrize("path", ["declare", "ask", "declare/withdraw"])
def test_a_visitor_is_asked_to_sign_in_first(antrian, client, path):
    answer = client.post(f"/apps/antrian/{path}", data={"use_case": USE, "text": "Does it run on a phone?"})
    assert answer.status_code in (302, 303, 401)
    assert service.declarations_of(antrian) == [] and questions.questions_of(antrian) == []


def test_nobody_speaks_for_a_city_that_is_not_admitted(antrian, partner, operator, client):
    with unit_of_work():
        partner.state = "applied"
    assert client.post("/apps/antrian/ask", data={"text": "Does it run on a phone?"}).status_code == 404


def test_nobody_speaks_for_another_city(antrian, operator, publisher, client):
    answer = client.post("/apps/antrian/ask?city=bandung", data={"text": "Does it run on a phone?"})
    assert answer.status_code == 404 and questions.questions_of(antrian) == []


def test_a_question_is_answered_by_a_maintainer(antrian, operator, maintainer, client):
    assert client.post("/apps/antrian/ask", data={"text": "Does it run on a phone?"}).status_code == 303
    assert "Waits for an answer." in page(client)
    question = questions.questions_of(antrian)[0]
    said = {"answer": "Yes, on any phone.", "version": 1}
    assert client.post(f"/apps/antrian/questions/{question.id}/answer", data=said).status_code == 403
    sign_in(client, maintainer)
    client.post(f"/apps/antrian/questions/{question.id}/answer", data=said)
    assert "Yes, on any phone." in page(client)


def test_what_is_hidden_leaves_its_reason(antrian, partner, operator, maintainer, client):
    declared(antrian, partner, operator)
    with unit_of_work():
        question = questions.ask(antrian, partner, operator, "Does it run on a phone?")
    for path in ("declarations/bontang", f"questions/{question.id}"):
        assert client.post(f"/apps/antrian/{path}/hide", data={"reason": "names a person"}).status_code == 403
    sign_in(client, maintainer)
    for path in ("declarations/bontang", f"questions/{question.id}"):
        client.post(f"/apps/antrian/{path}/hide", data={"reason": "names a person"})
    shown = page(client)
    assert (
        USE not in shown and "Does it run" not in shown and shown.count("Hidden by the publisher: names a person") == 2
    )
    with pytest.raises(ConflictError):
        declared(antrian, partner, operator)
    client.post("/apps/antrian/declarations/bontang/show")
    assert USE in page(client)


def test_nothing_is_hidden_without_a_reason(antrian, partner, operator, maintainer, client):
    declared(antrian, partner, operator)
    sign_in(client, maintainer)
    client.post("/apps/antrian/declarations/bontang/hide", data={"reason": " "})
    assert USE in page(client)


def test_a_city_asks_so_many_times_a_day(antrian, partner, operator):
    with unit_of_work():
        for number in range(rules.DAILY):
            questions.ask(antrian, partner, operator, f"Question number {number}?")
    with pytest.raises(TooManyError):
        questions.ask(antrian, partner, operator, "One question more?")
    db.session.rollback()
    db.session.execute(text("update questions set created_at = created_at - interval '25 hours'"))
    assert questions.ask(antrian, partner, operator, "One question more?").id


@pytest.fixture
def bearer(operator):
    with unit_of_work():
        _token, secret = accounts.create_token(operator, "test")
    return {"Authorization": f"Bearer {secret}"}


def test_programs_declare_ask_and_read(antrian, bearer, client):
    said = {"use_case": USE, "since": str(clock.today())}
    put = client.put("/api/v1/apps/antrian/declarations/bontang", json=said, headers=bearer)
    assert put.status_code == 200 and put.json["city"]["slug"] == "bontang"
    asked = client.post(
        "/api/v1/apps/antrian/questions", json={"city": "bontang", "text": "On a phone?"}, headers=bearer
    )
    assert asked.status_code == 201
    read = client.get("/api/v1/apps/antrian/declarations").json["items"]
    assert [one["use_case"] for one in read] == [USE]
    assert client.get("/api/v1/apps/antrian/questions").json["items"][0]["text"] == "On a phone?"
    assert client.delete("/api/v1/apps/antrian/declarations/bontang", headers=bearer).status_code == 204
    assert client.get("/api/v1/apps/antrian/declarations").json["items"] == []


def test_programs_of_maintainers_answer_and_hide(antrian, bearer, maintainer, client):
    asked = client.post(
        "/api/v1/apps/antrian/questions", json={"city": "bontang", "text": "On a phone?"}, headers=bearer
    )
    one = f"/api/v1/apps/antrian/questions/{asked.json['id']}"
    said = {"answer": "Yes.", "version": asked.json["version"]}
    assert client.put(f"{one}/answer", json=said, headers=bearer).status_code == 403
    with unit_of_work():
        _token, secret = accounts.create_token(maintainer, "test")
    g.pop("memberships", None)
    theirs = {"Authorization": f"Bearer {secret}"}
    assert client.put(f"{one}/answer", json=said, headers=theirs).json["answer"] == "Yes."
    hidden = client.put(f"{one}/hidden", json={"reason": "names a person"}, headers=theirs)
    assert hidden.json["hidden"] == "names a person" and "text" not in hidden.json
    assert client.delete(f"{one}/hidden", headers=theirs).status_code == 204


@pytest.mark.parametrize("number", [0, 2**63, 10**30])
def test_a_question_that_is_not_there_is_not_found(antrian, bearer, maintainer, client, number):
    with unit_of_work():
        _token, secret = accounts.create_token(maintainer, "test")
    answer = client.put(f"/api/v1/apps/antrian/questions/{number}/answer", json={"answer": "Yes.", "version": 1},
                        headers={"Authorization": f"Bearer {secret}"})  # fmt: skip
    assert answer.status_code == 404
