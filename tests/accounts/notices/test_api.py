"""Notifications for programs: the caller's own, by a cursor."""

from __future__ import annotations

import pytest

from registry.accounts import service as accounts
from registry.core.uow import unit_of_work
from tests.accounts.notices.conftest import told

ALL = "/api/v1/notifications"


@pytest.fixture
def call(app, folk):
    with unit_of_work():
        tokens = [accounts.create_token(person, "uji")[1] for person in folk]

    def ask(method: str, path: str, number: int = 0, **more):
        headers = {"Authorization": f"Bearer {tokens[number]}"}
        return app.test_client().open(path, method=method, headers=headers, **more)

    return ask


def test_the_callers_own_come_newest_first_by_a_cursor(folk, call):
    for number in range(5):
        told(folk[0], subject=f"Pertanyaan {number}", link="/apps/lapor")
    told(folk[1])
    first = call("GET", f"{ALL}?limit=3").json
    rest = call("GET", f"{ALL}?limit=3&after={first['next']}").json
    subjects = [one["subject"] for one in first["items"] + rest["items"]]
    assert subjects == [f"Pertanyaan {number}" for number in (4, 3, 2, 1, 0)] and rest["next"] is None
    assert first["items"][0]["link"] == "http://localhost:8000/apps/lapor"


def test_they_are_marked_read(folk, call):
    told(folk[0])
    told(folk[0], kind="plugin.alert")
    [alert, question] = call("GET", ALL).json["items"]
    assert call("PATCH", f"{ALL}/{question['id']}", json={"read": True}).json["read_at"]
    assert [one["id"] for one in call("GET", f"{ALL}?unread=true").json["items"]] == [alert["id"]]
    assert call("POST", f"{ALL}/read", json={}).json == {"marked": 1}


def test_another_persons_is_not_there(folk, call):
    told(folk[0])
    [mine] = call("GET", ALL).json["items"]
    assert call("GET", ALL, number=1).json["items"] == []
    assert call("PATCH", f"{ALL}/{mine['id']}", number=1, json={"read": True}).status_code == 404


@pytest.mark.parametrize("query", ["limit=0", "group=none", "after=!!", "after=eA", "limit=x"])
def test_a_wrong_question_is_refused(folk, call, query):
    assert call("GET", f"{ALL}?{query}").status_code == 422


def test_choices_are_read_and_changed(call):
    place = "/api/v1/account/notifications"
    assert call("PATCH", place, json={"groups": {"plugins": "daily"}}).json["groups"]["plugins"] == "daily"
    assert call("GET", place).json["groups"] == call("PATCH", place, json={"groups": {}}).json["groups"]
    assert call("PATCH", place, json={"groups": {"security": "off"}}).status_code == 409
    assert call("PATCH", place, json={"groups": {"plugins": "pigeon"}}).status_code == 422
