import pytest

from registry.core.errors import Finding, InvalidError, TooManyError, UnavailableError
from registry.web import errors

PROBLEM = "application/problem+json"


@pytest.fixture
def ask(app):
    """The answer the table gives to an error, for a person or a program."""

    def answered(error: Exception, path: str = "/", **more):
        with app.test_request_context(path, **more):
            handler = errors.refused if hasattr(error, "findings") else errors.failed
            return handler(error)

    return answered


def test_people_get_a_page_programs_a_problem(client):
    page, problem = client.get("/no/such/page"), client.get("/api/v1/no-such-thing")
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert (problem.status_code, problem.mimetype) == (404, PROBLEM)
    assert problem.json["code"] == "not-found" and problem.json["status"] == 404


def test_who_asks_for_json_gets_a_problem_anywhere(client):
    assert client.get("/no/such/page", headers={"Accept": "application/json"}).mimetype == PROBLEM


def test_a_refusals_findings_are_told(ask):
    error = InvalidError("two things", [Finding("code", "write a dot", line=3)])
    body = ask(error, "/api/v1/x").json
    assert body["findings"] == [{"path": "code", "message": "write a dot", "level": "error", "line": 3}]
    assert "write a dot" in ask(error).get_data(as_text=True)


def test_who_must_wait_is_told_how_long(ask):
    assert ask(TooManyError("slowly", 90)).headers["Retry-After"] == "90"
    assert ask(UnavailableError("the queue is full")).headers["Retry-After"]


def test_a_wrong_method_names_the_right_ones(client):
    answer = client.put("/sign-in")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_a_bug_shows_its_number_and_not_its_story(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.view_functions, "tenants.cities", lambda: 1 / 0)
    answer = client.get("/cities")
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    assert "ZeroDivision" not in answer.text


def test_each_answer_has_its_own_number(client):
    first, second = client.get("/cities"), client.get("/cities")
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]


@pytest.mark.parametrize("path", ["/api/v1/cities/%00", "/api/v1/cities?after=99999999999999999999999"])
def test_what_the_database_cannot_hold_is_the_senders_to_mend(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (422, PROBLEM)
