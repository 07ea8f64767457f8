"""Programs of both sides do what people do on the pages."""

from __future__ import annotations

import io

import pytest

from registry.accounts import service as accounts
from registry.core.uow import unit_of_work
from tests.catalog.assistance.conftest import ASK

ALL = "/api/v1/assistance"


@pytest.fixture
def program(app, world):
    """Ask the API as this person; answers with the response."""

    def bearer(email: str) -> dict[str, str]:
        with app.app_context(), unit_of_work():
            _token, text = accounts.create_token(accounts.find_by_email(email), "test")
        return {"Authorization": f"Bearer {text}"}

    known = {"city": bearer("admin@bontang.example"), "auditor": bearer("auditor@bontang.example"),
             "maintainer": bearer("maintainer@bandung.example"), "tegal": bearer("admin@tegal.example")}  # fmt: skip

    def asked(who: str, method: str, path: str, **more: object):
        return app.test_client().open(f"{ALL}{path}", method=method, headers=known[who], **more)

    return asked


@pytest.fixture
def opened(program) -> int:
    made = program("city", "POST", "?city=bontang", json=ASK)
    assert made.status_code == 201 and made.json["covered"] is False and made.json["promised"] == "installation"
    return made.json["id"]


def test_programs_ask_answer_solve_and_read(program, opened):
    said = {"text": "Raise the limit.", "version": 1}
    assert program("maintainer", "POST", f"/{opened}/messages", json=said).json["state"] == "city"
    late = program("maintainer", "POST", f"/{opened}/messages", json=said)
    assert late.status_code == 409 and "Meanwhile" in late.json["detail"]
    solved = program("city", "POST", f"/{opened}/messages?city=bontang", json={"act": "solve", "version": 2})
    assert [one["act"] for one in solved.json["messages"]] == ["open", "say", "solve"]
    assert [one["id"] for one in program("city", "GET", "?city=bontang&state=ended").json["items"]] == [opened]
    assert program("maintainer", "GET", "?state=running").json["items"] == []


def test_programs_send_files_and_read_them(program, opened):
    sent = program(
        "city",
        "POST",
        f"/{opened}/files?city=bontang&text=See+the+log&version=1",
        data={"files": (io.BytesIO(b"12:00 ERROR"), "a.log")},
        content_type="multipart/form-data",
    )
    assert sent.status_code == 201, sent.text
    file = sent.json["messages"][-1]["files"][0]
    got = program("maintainer", "GET", f"/{opened}/files/{file['id']}")
    assert got.data == b"12:00 ERROR" and got.headers["Content-Disposition"].startswith("attachment")
    assert program("tegal", "GET", f"/{opened}/files/{file['id']}?city=tegal").status_code == 404


def test_programs_of_both_sides_agree_to_words(app, program, opened):
    program("maintainer", "POST", f"/{opened}/messages", json={"text": "Raise the limit.", "version": 1})
    words = {"question": "Why no photos come?", "answer": "Raise the limit to 8 MB.", "named": True}
    assert program("city", "PUT", f"/{opened}/answer?city=bontang", json=words).json["agreed_helper"] is False
    assert app.test_client().get("/api/v1/apps/lapor/answers").json["items"] == []
    assert program("maintainer", "POST", f"/{opened}/answer/agree", json={"version": 1}).json["stands"] is True
    kept = app.test_client().get("/api/v1/apps/lapor/answers?q=photos").json["items"]
    assert [(one["question"], one["city"]["slug"]) for one in kept] == [(words["question"], "bontang")]
    assert program("maintainer", "DELETE", f"/{opened}/answer").status_code == 204
    assert app.test_client().get("/api/v1/apps/lapor/answers").json["items"] == []


@pytest.mark.parametrize(
    ("who", "method", "path", "status"),
    [("auditor", "GET", "/1?city=bontang", 200), ("auditor", "POST", "/1/messages?city=bontang", 403),
     ("city", "GET", "/1", 403), ("city", "PUT", "/1/assignee?city=bontang", 403), ("maintainer", "POST", "", 403),
     ("tegal", "GET", "?city=bontang", 404), ("tegal", "GET", "/1?city=tegal", 404),
     ("tegal", "GET", "/1?city=tegal&given=1", 404), ("tegal", "POST", "/1/messages?city=bontang", 404)],
)  # fmt: skip
def test_the_doors_of_the_api_are_those_of_the_pages(program, opened, who, method, path, status):
    bodies = {"/messages": {"text": "Me too.", "version": 1}, "/assignee": {"assignee": None}}
    body = next((held for name, held in bodies.items() if name in path), ASK if method == "POST" else None)
    assert program(who, method, path, json=body).status_code == status
