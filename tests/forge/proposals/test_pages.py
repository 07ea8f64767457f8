"""The pages of proposals, as everybody, the city, a maintainer and a stranger meet them."""

from __future__ import annotations

import re

import pytest

from registry.core.db import db
from registry.forge.proposals import rules
from registry.forge.proposals.models import Proposal

LIST, FORM = "/apps/lapor/proposals", "/console/bontang/forks/lapor/propose"


def text(answer) -> str:
    return answer.get_data(as_text=True)


def test_a_city_offers_and_everybody_reads_it(table):
    city, anybody = table.client("b@example.id"), table.client()
    assert "Branch of your fork" in text(city.get(FORM))
    answer = city.post(FORM, data={"title": "Better words", "text": "**Why**", "branch": "main"})
    assert answer.status_code == 303
    place = answer.location
    assert "<strong>Why</strong>" in text(anybody.get(place))
    assert "told better" in text(anybody.get(f"{place}/changes"))
    assert "work" in text(anybody.get(f"{place}/commits"))
    assert "Checklist of a release" in text(anybody.get(f"{place}/checks"))
    assert "Better words" in text(anybody.get(LIST)) and '<form method="post"' not in text(anybody.get(place))


def test_the_nameplate_is_not_among_the_changes(table):
    place = f"{LIST}/{table.offer()}"
    shown = text(table.client().get(f"{place}/changes"))
    assert "README.md" in shown and "publiccode.yml" not in shown


def test_what_is_refused_keeps_what_was_written(table):
    answer = table.client("b@example.id").post(FORM, data={"title": "x" * 201, "text": "kept words", "branch": "main"})
    assert answer.status_code == 422 and "kept words" in text(answer)
    answer = table.client("b@example.id").post(FORM, data={"title": "x", "branch": "--upload-pack=x"})
    assert answer.status_code == 422


def test_maintainers_review_and_merge_and_the_city_is_named_on_the_apps_page(table):
    number = table.offer("Better words")
    place, maintainer = f"{LIST}/{number}", table.client("a@example.id")
    assert "Better words" in text(maintainer.get("/programme/proposals"))
    head = table.now(number).head
    maintainer.post(f"{place}/say", data={"kind": "approve", "head": head, "text": ""})
    assert "1 approves" in text(maintainer.get(place))
    assert maintainer.post(f"{place}/decide", data={"act": "squash", "head": head}).status_code == 303
    assert "Merged on" in text(maintainer.get(place))
    assert "Improved by Kota Bontang" in text(table.client().get("/apps/lapor"))
    assert "Better words" in text(table.client("b@example.id").get("/console/bontang/proposals?state=merged"))


def test_a_late_decision_keeps_the_page_and_says_why(offered):
    table, number = offered
    maintainer = table.client("a@example.id")
    answer = maintainer.post(f"{LIST}/{number}/decide", data={"act": "merge", "head": "1" * 40})
    assert answer.status_code == 409 and "pushed meanwhile" in text(answer)
    answer = maintainer.post(f"{LIST}/{number}/decide", data={"act": "decline", "reason": " "})
    assert answer.status_code == 422


@pytest.mark.parametrize("email", ["", "c@example.id"])
def test_strangers_read_and_do_nothing(offered, email):
    table, number = offered
    client = table.client(email)
    for path, data in (("say", {"text": "x"}), ("decide", {"act": "merge"}), ("edit", {"title": "x"}), ("tests", {})):
        assert client.post(f"{LIST}/{number}/{path}", data=data).status_code in (302, 401, 403, 404)
    assert client.get("/programme/proposals").status_code in (302, 401, 403)
    assert client.get("/console/bontang/proposals").status_code in (302, 401, 404)
    assert client.get(f"{LIST}/{number}").status_code == 200
    assert table.now(number).state == rules.OPEN and len(table.remarks(number)) == 1


def test_the_city_cannot_decide_for_the_publisher(offered):
    table, number = offered
    client, act = table.client("b@example.id"), {"act": "merge", "head": table.now(number).head}
    assert client.post(f"{LIST}/{number}/decide", data=act).status_code == 403
    assert client.post(f"{LIST}/{number}/say", data={"kind": "approve", "text": "x"}).status_code == 403


def test_a_line_is_spoken_about_without_scripts(offered):
    table, number = offered
    place, maintainer = f"{LIST}/{number}", table.client("a@example.id")
    page = text(maintainer.get(f"{place}/changes"))
    link = re.search(r'href="([^"]*at=new[^"]*)#say"', page)
    assert link
    shown = text(maintainer.get(link[1].replace("&amp;", "&")))
    at = re.search(r'name="at" value="([^"]*)"', shown)
    assert at and at[1].startswith("new:1:README.md")
    assert maintainer.post(f"{place}/say", data={"at": at[1], "text": "Say *it* shorter."}).status_code == 303
    assert "Say <em>it</em> shorter." in text(table.client().get(f"{place}/changes"))


def test_scripts_in_words_are_words(table):
    number = table.offer("<script>alert(1)</script>", "<script>alert(2)</script> [x](javascript:alert(3))")
    table.say(number, text="<img src=x onerror=alert(4)>")
    shown = text(table.client().get(f"{LIST}/{number}"))
    assert "<script>alert" not in shown and "<img src=x" not in shown and 'href="javascript' not in shown


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999999"])
def test_numbers_that_are_not_there(table, number):
    assert table.client().get(f"{LIST}/{number}").status_code == 404


def test_a_proposal_of_another_app_is_not_this_apps(offered):
    table, number = offered
    assert table.client().get(f"/apps/papan/proposals/{number}").status_code == 404
    with table.house.app.app_context():
        assert db.session.get(Proposal, number)
