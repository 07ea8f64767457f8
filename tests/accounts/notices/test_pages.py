"""The pages of notifications: a person's own, nobody else's; and how a mail is switched off without signing in."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from registry.accounts.models import User
from registry.accounts.notices import letters, service
from registry.accounts.notices.models import Notification
from registry.core import undelivered
from registry.core.db import db
from registry.core.secrets import open_vault
from registry.core.uow import unit_of_work
from tests.accounts.notices.conftest import PASSWORD, text_of, told


def entered(app, user: User) -> FlaskClient:
    client = app.test_client()
    assert client.post("/sign-in", data={"email": user.email, "password": PASSWORD}).status_code == 303
    return client


@pytest.fixture
def mine(app, folk) -> FlaskClient:
    return entered(app, folk[0])


@pytest.fixture
def theirs(app, folk) -> FlaskClient:
    return entered(app, folk[1])


def note() -> Notification:
    db.session.rollback()
    return db.session.query(Notification).order_by(Notification.id).first()


def unread(client: FlaskClient) -> str:
    """What the bell says."""
    found = re.search(r'class="bell-count">([^<]+)<', client.get("/cities").text)
    return found[1] if found else ""


def test_what_one_was_told_stands_on_the_own_page(folk, mine, theirs):
    told(folk[0], subject="Pertanyaan menunggu")
    assert "Pertanyaan menunggu" in mine.get("/notifications").text
    assert "Pertanyaan menunggu" not in theirs.get("/notifications").text


def test_a_visitor_signs_in_first(app, folk):
    assert "/sign-in" in app.test_client().get("/notifications").headers["Location"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/notifications/{}"), ("POST", "/notifications/{}/read")])
def test_another_persons_notification_is_not_there(folk, theirs, method, path):
    told(folk[0], link="/console/bontang")
    answer = theirs.open(path.format(note().id), method=method)
    assert answer.status_code == 404 and "bontang" not in answer.headers.get("Location", "")
    assert note().read_at is None


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_a_number_there_is_not_leads_nowhere(mine, number):
    assert mine.get(f"/notifications/{number}").status_code in (404, 422)


def test_the_bell_counts_what_is_unread(folk, mine, theirs):
    told(folk[0])
    told(folk[0])
    assert (unread(mine), unread(theirs)) == ("2", "")


def test_following_one_leads_to_what_it_is_about_and_marks_it_read(folk, mine):
    told(folk[0], link="/apps/lapor#q1")
    answer = mine.get(f"/notifications/{note().id}")
    assert answer.status_code == 303 and answer.headers["Location"] == "/apps/lapor#q1"
    assert note().read_at is not None and unread(mine) == ""


def test_one_is_marked_read_and_unread_again(folk, mine):
    told(folk[0])
    mine.post(f"/notifications/{note().id}/read")
    assert note().read_at is not None
    mine.post(f"/notifications/{note().id}/read", data={"unread": "1"})
    assert note().read_at is None


def test_all_of_a_filter_are_marked_and_the_rest_stays(folk, mine, theirs):
    told(*folk)
    told(folk[0], kind="plugin.alert")
    mine.post("/notifications/read?group=plugins")
    assert (unread(mine), unread(theirs)) == ("1", "1")
    mine.post("/notifications/read")
    assert (unread(mine), unread(theirs)) == ("", "1")


def test_the_list_is_filtered_in_the_address(folk, mine):
    told(folk[0], subject="Sebuah pertanyaan")
    told(folk[0], subject="Sebuah peringatan", kind="plugin.alert")
    page = mine.get("/notifications?group=plugins").text
    assert "Sebuah peringatan" in page and "Sebuah pertanyaan" not in page
    assert "Sebuah" not in mine.get("/notifications?city=tidak-ada").text


@pytest.mark.parametrize("query", ["group=%00", "city=' or 1", "page=-1", "page=9999999999999999999999", "_external=1",
                                   "endpoint=x&filename=y", "unread=1&unread=2"])  # fmt: skip
def test_no_address_breaks_the_list(folk, mine, query):
    told(folk[0])
    assert mine.get(f"/notifications?{query}").status_code in (200, 404, 422)
    assert mine.post(f"/notifications/read?{query}").status_code == 303


def test_nothing_a_person_wrote_becomes_part_of_the_page(folk, mine):
    told(folk[0], subject="<script>alert(1)</script>", paragraphs=["> <script>alert(2)</script>"])
    assert "<script>alert" not in mine.get("/notifications").text


def test_a_kind_we_no_longer_know_is_still_shown(folk, mine):
    told(folk[0])
    with unit_of_work():
        note().kind = "gone.away"
    assert "gone.away" in mine.get("/notifications").text


def test_choices_are_kept(folk, mine):
    chosen = {group: "app" for group in service.choices(folk[0]) if group != "security"} | {"questions": "off"}
    assert mine.post("/account/notifications", data=chosen).status_code == 303
    db.session.rollback()
    assert service.choices(folk[0]) == chosen | {"security": "mail"}


def test_a_choice_there_is_not_changes_nothing(folk, mine):
    assert mine.post("/account/notifications", data={"questions": "pigeon"}).status_code == 422
    db.session.rollback()
    assert set(service.choices(folk[0]).values()) == {"mail"}


def test_who_is_refused_by_the_own_mailbox_reads_so(folk, mine):
    undelivered.note(folk[0].email, "a…@bontang.example", 550, "mailbox full", None)
    assert "mailbox full" in mine.get("/account/notifications").text


def off_path(post) -> str:
    told_place = re.search(r"http://localhost:8000(/notifications/off/\S+)", text_of(post()[0]))
    assert told_place
    return told_place[1]


def test_a_mail_says_how_to_switch_it_off_in_one_click(folk, post):
    told(folk[0])
    [message] = post()
    assert message["List-Unsubscribe"] == f"<http://localhost:8000{off_path(post)}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_address_to_unsubscribe_is_whole_on_the_wire(folk, app, settings):
    told(folk[0])
    [row] = db.session.connection().exec_driver_sql("select args->>'sealed' from procrastinate_jobs").all()
    content = open_vault(settings.secrets).open(row[0].encode())
    [line] = [one for one in content.split("\r\n") if one.startswith("List-Unsubscribe:")]
    assert line.startswith("List-Unsubscribe: <http://") and line.endswith(">")


def test_one_click_ends_the_mail_of_that_group_without_signing_in(app, folk, post):
    told(folk[0])
    place = off_path(post)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = app.test_client().post(place, data={"List-Unsubscribe": "One-Click"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 200
    told(folk[0])
    told(folk[0], kind="plugin.alert")
    assert [message["Subject"] for message in post()] == ["Ada pertanyaan"] * 2
    assert service.choices(folk[0])["questions"] == "app"


def test_looking_at_the_address_changes_nothing(app, folk, post):
    told(folk[0])
    page = app.test_client().get(off_path(post))
    assert page.status_code == 200 and folk[0].email not in page.text
    assert service.choices(folk[0])["questions"] == "mail"


def test_it_does_not_bring_back_what_was_not_wanted_at_all(app, folk, post):
    told(folk[0])
    with unit_of_work():
        service.change(folk[0], {"questions": "off"})
    app.test_client().post(off_path(post))
    db.session.rollback()
    assert service.choices(folk[0])["questions"] == "off"


def test_nobody_makes_up_such_an_address(app, folk, post):
    told(folk[0])
    place = off_path(post)
    for wrong in (f"{place}x", place[:-3], "/notifications/off/x.y", "/notifications/off/" + "a" * 5000):
        assert app.test_client().post(wrong).status_code == 404
    with app.test_request_context():
        forged = letters.off_address(folk[0], "security").removeprefix("http://localhost:8000")
    assert app.test_client().post(forged).status_code == 404
    assert set(service.choices(folk[0]).values()) == {"mail"}
