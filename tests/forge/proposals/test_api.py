"""Proposals for programs."""

from __future__ import annotations

from registry.accounts import service as accounts
from registry.core.uow import unit_of_work
from tests.forge import conftest as forge

LIST = "/api/v1/apps/lapor/proposals"


def bearer(table, email):
    with table.house.app.app_context(), unit_of_work():
        return {"Authorization": f"Bearer {accounts.create_token(forge.user(email), 'api')[1]}"}


def test_the_whole_story(table):
    client = table.house.app.test_client()
    city, maintainer = bearer(table, "b@example.id"), bearer(table, "a@example.id")
    made = client.post(LIST, json={"city": "bontang", "title": "Better words"}, headers=city)
    assert made.status_code == 201
    number, head = made.json["number"], made.json["head"]
    one = f"{LIST}/{number}"
    assert client.get(one).json["fit"] == "clean" and client.get(LIST).json["items"][0]["number"] == number
    assert client.get("/api/v1/proposals", headers=maintainer).json["items"][0]["waits_for"] == "publisher"
    lines = client.get(f"{one}/changes").json["files"][0]["hunks"][0]["lines"]
    assert any(line["kind"] == "added" for line in lines)
    assert client.get(f"{one}/commits").json["items"] and client.get(f"{one}/checks").json["checked"]
    said = client.post(f"{one}/remarks", json={"text": "Shorter.", "path": "README.md", "line": 1}, headers=maintainer)
    assert said.status_code == 201 and said.json["line_text"].startswith("# Lapor")
    refused = client.post(f"{one}/remarks", json={"text": "x", "path": "README.md", "line": 999}, headers=maintainer)
    assert refused.status_code == 422
    review = {"kind": "approve", "head": head}
    assert client.post(f"{one}/remarks", json=review, headers=maintainer).status_code == 201
    assert client.patch(one, json={"title": "Best words"}, headers=city).json["title"] == "Best words"
    late = client.post(f"{one}/decision", json={"act": "merge", "head": "1" * 40}, headers=maintainer)
    assert late.status_code == 409
    merged = client.post(f"{one}/decision", json={"act": "merge", "head": head}, headers=maintainer)
    assert (merged.json["state"], merged.json["result"]) == ("merged", table.main)
    assert [one["kind"] for one in client.get(f"{one}/remarks").json["items"]][-1] == "merged"
    own = client.get("/api/v1/cities/bontang/proposals?state=merged", headers=city).json["items"]
    assert [one["number"] for one in own] == [number]


def test_without_a_token_it_is_read_only(table):
    client, one = table.house.app.test_client(), f"{LIST}/{table.offer()}"
    assert client.get(one).status_code == 200
    for path, given in (("remarks", {"text": "x"}), ("decision", {"act": "merge"}), ("tests", {})):
        assert client.post(f"{one}/{path}", json=given).status_code == 401
    assert client.get("/api/v1/proposals").status_code == 401


def test_withdrawn_and_opened_again(table):
    client, one, city = table.house.app.test_client(), f"{LIST}/{table.offer()}", bearer(table, "b@example.id")
    assert client.post(f"{one}/decision", json={"act": "withdraw"}, headers=city).json["state"] == "withdrawn"
    assert client.post(f"{one}/decision", json={"act": "reopen"}, headers=city).json["state"] == "open"
    other = bearer(table, "c@example.id")
    assert client.post(f"{one}/decision", json={"act": "withdraw"}, headers=other).status_code == 403
