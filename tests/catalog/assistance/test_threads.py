"""A thread between the city that asks and those who answer: whose turn it is, times, refusals, concurrency."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from registry.accounts.notices.models import Notification
from registry.catalog.assistance import jobs
from registry.catalog.assistance.models import AssistanceMessage, AssistanceRequest
from registry.core import clock, scope
from registry.core.db import db
from tests.catalog.assistance.conftest import ASK, PASSWORD, ask, say

OURS, THEIRS = "/console/bontang/assistance/{}", "/programme/assistance/{}"


@pytest.fixture(autouse=True)
def present():
    yield
    clock.back()


def row(app, number: int) -> AssistanceRequest:
    with app.app_context():
        scope.enter_programme()
        return db.session.get_one(AssistanceRequest, number)


def test_a_city_asks_the_maintainers_answer_and_it_is_solved(app, city, maintainer, number):
    assert "Photos do not arrive" in maintainer.get("/programme/assistance?lang=en").text
    assert say(maintainer, THEIRS.format(number), "Raise the limit.", 1).status_code == 303
    assert row(app, number).state == "city" and row(app, number).answered_at is not None
    assert "Raise the limit." in city.get(OURS.format(number)).text
    assert say(city, OURS.format(number), "That helps, but slowly.", 2).status_code == 303
    assert row(app, number).state == "helper"
    assert say(city, OURS.format(number), "", 3, "solve").status_code == 303
    found = row(app, number)
    assert found.state == "solved" and found.solved_at is not None and found.version == 4


@pytest.mark.parametrize("email", ["operator@bontang.example", "admin@bontang.example"])
def test_admins_and_operators_of_a_city_ask(browser, email):
    assert ask(browser(email)) == 1


def test_an_auditor_reads_and_does_not_write(browser, number):
    auditor = browser("auditor@bontang.example")
    page = auditor.get(OURS.format(number))
    assert page.status_code == 200 and "/messages" not in page.text
    assert auditor.get("/console/bontang/assistance/new").status_code == 403
    assert say(auditor, OURS.format(number), "Me too.", 1).status_code == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", "x"), ("title", "x" * 121), ("text", " "), ("text", "x" * 4_001), ("tried", "x" * 2_001),
     ("urgency", "now"), ("phase", "later"), ("app", "nothing"), ("app", ""), ("plugin", "papan"),
     ("app_version", "1" * 41)],
)  # fmt: skip
def test_what_cannot_be_a_request_is_told_at_its_field_and_nothing_is_kept(app, city, field, value):
    answer = city.post("/console/bontang/assistance/new?lang=en", data={**ASK, field: value})
    assert answer.status_code == 422 and "field-error" in answer.text and ASK["text"][:20] in answer.text + ASK["text"]
    with app.app_context():
        scope.enter_programme()
        assert db.session.scalars(select(AssistanceRequest)).all() == []


def test_of_two_who_answer_at_once_one_wins_and_the_other_reads_it_first(maintainer, number):
    assert say(maintainer, THEIRS.format(number), "The first answer.", 1).status_code == 303
    late = say(maintainer, THEIRS.format(number), "Another answer.", 1)
    assert late.status_code == 409 and "Meanwhile maintainer bandung (demo) wrote" in late.text
    assert "The first answer." in late.text and "Another answer." in late.text and 'value="2"' in late.text
    assert say(maintainer, THEIRS.format(number), "Another answer.", 2).status_code == 303


def test_who_solves_while_the_other_side_writes_reads_it_first(city, maintainer, number):
    say(maintainer, THEIRS.format(number), "Not yet: do this too.", 1)
    assert say(city, OURS.format(number), "", 1, "solve").status_code == 409


def test_what_is_ended_is_written_in_only_by_opening_it_again(app, city, maintainer, number):
    say(maintainer, THEIRS.format(number), "Done.", 1, "solve")
    assert say(city, OURS.format(number), "Thanks.", 2).status_code == 409
    assert say(city, OURS.format(number), "It is back.", 2, "reopen").status_code == 303
    assert row(app, number).state == "helper" and row(app, number).solved_at is None


def test_after_30_days_what_was_solved_closes_and_stays_closed(app, city, maintainer, number):
    say(maintainer, THEIRS.format(number), "Done.", 1, "solve")
    clock.move(timedelta(31))
    with app.app_context():
        scope.enter_programme()
        jobs.close_solved()
    assert row(app, number).state == "closed"
    assert city.post("/sign-in", data={"email": "admin@bontang.example", "password": PASSWORD}).status_code == 303
    late = say(city, OURS.format(number), "It is back.", 3, "reopen")
    assert late.status_code == 409 and "Open a new one" in late.text


def test_a_request_outside_the_pks_is_marked_and_possible(city, number):
    page = city.get(f"{OURS.format(number)}?lang=en").text
    assert "Outside the PKS." in page and "up to installation" in page
    other = ask(city, phase="installation")
    assert "Outside the PKS." not in city.get(f"{OURS.format(other)}?lang=en").text


def test_a_citys_own_app_is_nobody_elses_to_answer_for(browser):
    answer = browser("admin@tegal.example").post(
        "/console/tegal/assistance/new?lang=en", data={**ASK, "app": "lapor-tegal"}
    )
    assert answer.status_code == 422 and "choice" in answer.text.lower()


def test_a_variant_is_answered_by_the_city_that_publishes_it(city, browser, maintainer):
    number = ask(city, app="lapor-tegal")
    tegal, given = browser("admin@tegal.example"), f"/console/tegal/assistance-given/{number}"
    assert "Photos do not arrive" in tegal.get("/console/tegal/assistance-given").text
    assert say(tegal, given, "We know it.", 1).status_code == 303
    assert "We know it." in city.get(OURS.format(number)).text
    assert maintainer.get(THEIRS.format(number)).status_code == 404


def test_somebody_takes_care_of_it_and_both_sides_see_who(app, city, maintainer, number):
    with app.app_context():
        me = db.session.scalar(db.text("select id from users where email = 'maintainer@bandung.example'"))
    assert maintainer.post(f"{THEIRS.format(number)}/assignee", data={"assignee": me}).status_code == 303
    assert "maintainer bandung (demo)" in city.get(OURS.format(number)).text
    assert "#1" in maintainer.get("/programme/assistance?mine=1").text
    maintainer.post(f"{THEIRS.format(number)}/assignee", data={"assignee": me + 1})
    assert row(app, number).assignee_id == me, "nobody of another city"
    assert city.post(f"{OURS.format(number)}/assignee", data={"assignee": me}).status_code == 404


def test_those_who_wait_for_us_stand_first_and_are_found_by_words_app_and_state(city, maintainer, number):
    other = ask(city, title="Queue numbers repeat", urgency="low")
    say(maintainer, THEIRS.format(number), "Answered.", 1)
    listed = maintainer.get("/programme/assistance?lang=en").text
    assert listed.index("Queue numbers repeat") < listed.index("Photos do not arrive")
    for query, shown in {"q=nobody+sees": True, f"q=%23{other}": True, "state=helper": False, "state=open": True,
                         "urgency=low": True, "app=lapor": True, "app=x": False, "state=ended": False,
                         "q=%25": False}.items():  # fmt: skip
        assert ("/programme/assistance/" in maintainer.get(f"/programme/assistance?{query}").text) == shown, query


def test_figures_tell_how_long_it_takes(city, maintainer, number):
    clock.move(timedelta(hours=3))
    say(maintainer, THEIRS.format(number), "Done.", 1, "solve")
    ask(city)
    clock.move(timedelta(hours=5))
    page = maintainer.get("/programme/assistance?lang=en").text
    assert "3 hours" in page and "the oldest for 5 hours" in page


def test_the_programmes_and_the_citys_overview_say_what_waits(city, maintainer, number):
    assert "1 request for assistance to answer" in maintainer.get("/programme/?lang=en").text
    assert f"/console/bontang/assistance/{number}" in city.get("/console/bontang/?lang=en").text


def told(app, email: str) -> list[Notification]:
    with app.app_context():
        wanted = db.text("select id from users where email = :email").bindparams(email=email)
        held = select(Notification).where(Notification.user_id == db.session.scalar(wanted))
        return list(db.session.scalars(held.order_by(Notification.id)))


def test_the_other_side_is_told_and_a_thread_brings_one_mail_an_hour(app, city, maintainer, number):
    asked = told(app, "maintainer@bandung.example")[-1]
    assert (asked.kind, asked.link) == ("assistance.asked", f"/programme/assistance/{number}#m1")
    say(maintainer, THEIRS.format(number), "Raise it.", 1)
    say(maintainer, THEIRS.format(number), "And restart.", 2)
    first, second = told(app, "admin@bontang.example")
    assert (first.kind, first.link) == ("assistance.answered", f"/console/bontang/assistance/{number}#m2")
    assert first.mailed_at and not second.mailed_at and second.mail_at
    assert told(app, "auditor@bontang.example") == [] == told(app, "admin@tegal.example")


def test_a_city_cannot_ask_without_end(city):
    for _ in range(10):
        ask(city)
    assert city.post("/console/bontang/assistance/new", data=ASK).status_code == 429


def test_a_thread_has_an_end(app, city, number, monkeypatch):
    monkeypatch.setattr("registry.catalog.assistance.rules.MOST_MESSAGES", 1)
    assert say(city, OURS.format(number), "More.", 1).status_code == 409
    with app.app_context():
        scope.enter_programme()
        assert len(db.session.scalars(select(AssistanceMessage)).all()) == 1


def test_of_two_who_send_in_the_same_moment_exactly_one_is_heard(app, maintainer, number):
    """Two connections: the second waits for the lock of the first, then sees its words."""
    gate = Barrier(2)

    def answer(text: str) -> int:
        client = app.test_client()
        client.post("/sign-in", data={"email": "maintainer@bandung.example", "password": PASSWORD})
        gate.wait()
        return say(client, THEIRS.format(number), text, 1).status_code

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(answer, ["One answer.", "Another answer."])) == [303, 409]
    with app.app_context():
        scope.enter_programme()
        assert len(db.session.scalars(select(AssistanceMessage)).all()) == 2
