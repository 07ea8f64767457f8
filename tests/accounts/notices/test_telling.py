"""Telling people: once each, in their own language, in the app and by mail, as part of the act it tells of."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.accounts.notices import service
from registry.accounts.notices.models import Notification
from registry.accounts.notices.service import Notice
from registry.core.db import db
from registry.core.errors import ConflictError, InvalidError
from registry.core.uow import unit_of_work
from tests.accounts.notices.conftest import html_of, text_of, told


def kept() -> list[Notification]:
    return list(db.session.scalars(select(Notification).order_by(Notification.id)))


def choose(person, **ways: str) -> None:
    with unit_of_work():
        service.change(person, ways)


def test_each_is_told_once_in_the_app_and_by_mail(folk, post):
    admin, other = folk
    told(admin, other, admin)
    assert [one.user_id for one in kept()] == [admin.id, other.id]
    assert [message["To"] for message in post()] == [admin.email, other.email]


def test_each_reads_it_in_the_own_language(folk, post):
    with unit_of_work():
        service.tell(folk, lambda: Notice("question.asked", _("Language"), [_("Password")]))
    assert [one.subject for one in kept()] == ["Bahasa", "Language"]
    assert [message["Subject"] for message in post()] == ["Bahasa", "Language"]


def test_nobody_is_told_of_an_act_that_is_undone(folk, post):
    with pytest.raises(ZeroDivisionError), unit_of_work():
        service.tell(folk, lambda: Notice("question.asked", "Halo", ["Isi"]))
        raise ZeroDivisionError
    assert kept() == [] and post() == []


def test_who_is_no_longer_active_hears_nothing(folk, post):
    admin, _other = folk
    with unit_of_work():
        admin.active = False
    told(admin)
    assert kept() == [] and post() == []


def test_the_mail_says_the_same_in_text_and_in_html(folk, post):
    told(folk[0], paragraphs=["Satu & dua", "> kutipan\n> kedua"], link="/apps/lapor#q1", action="Buka pertanyaan")
    [message] = post()
    text, html = text_of(message), html_of(message)
    for part in ("Ada pertanyaan", "kutipan", "Buka pertanyaan", "http://localhost:8000/apps/lapor#q1",
                 "/account/notifications", "/notifications/off/"):  # fmt: skip
        assert part in text and part in html, part
    assert "Satu & dua" in text and "Satu &amp; dua" in html


def test_nothing_a_person_wrote_becomes_part_of_the_html(folk, post):
    evil = '<script>alert(1)</script><a href="https://lain.example">klik</a>'
    told(folk[0], subject=evil, paragraphs=[evil, f"> {evil}"], action=evil, link="/apps")
    html = html_of(post()[0])
    assert "<script" not in html and 'href="https://lain.example' not in html and "&lt;script&gt;" in html


@pytest.mark.parametrize("subject", ["Halo\r\nBcc: korban@lain.example", "Halo\nX: 1", "Halo\0", "\u2028Halo"])
def test_no_subject_adds_a_header(folk, post, subject):
    told(folk[0], subject=subject)
    [message] = post()
    assert message["Bcc"] is None and message["X"] is None and "Halo" in message["Subject"]


def test_what_is_too_long_is_shortened_and_the_act_goes_on(folk, post):
    told(folk[0], subject="x" * 5000, paragraphs=["y" * 100_000] * 100, action="z" * 500)
    [note], [message] = kept(), post()
    assert len(note.subject) == len(message["Subject"]) == 200
    assert sum(map(len, note.paragraphs)) <= 40_000 and "yyy" in text_of(message)


def test_half_a_character_does_not_undo_the_act(folk, post):
    told(folk[0], paragraphs=["a\ud800b\0c"])
    assert kept()[0].paragraphs == ["abc"] and len(post()) == 1


@pytest.mark.parametrize("link", ["https://lain.example/", "//lain.example", "javascript:alert(1)", "/a\nb"])
def test_a_notice_leads_nowhere_but_here(folk, post, link):
    told(folk[0], link=link)
    assert kept()[0].link == "" and "lain.example" not in text_of(post()[0])


def test_an_unknown_kind_is_a_fault_of_ours(folk):
    with pytest.raises(KeyError):
        told(folk[0], kind="nobody.knows")


def test_who_wants_no_mail_reads_it_in_the_app(folk, post):
    choose(folk[0], questions="app")
    told(folk[0])
    assert len(kept()) == 1 and post() == []


def test_who_wants_nothing_of_it_hears_nothing(folk, post):
    choose(folk[0], questions="off")
    told(*folk)
    assert [one.user_id for one in kept()] == [folk[1].id] and len(post()) == 1


def test_security_always_comes_and_cannot_be_switched_off(folk, post):
    with pytest.raises(ConflictError):
        choose(folk[0], security="off")
    told(folk[0], kind="account.password")
    [message] = post()
    assert message["List-Unsubscribe"] is None and "/notifications/off/" not in html_of(message)


@pytest.mark.parametrize("chosen", [{"nothing": "mail"}, {"questions": "pigeon"}])
def test_there_is_no_other_choice(folk, chosen):
    with pytest.raises(InvalidError):
        choose(folk[0], **chosen)


def test_of_one_thread_the_first_is_mailed_and_the_rest_go_together_after_an_hour(folk, post, later):
    for number in range(3):
        told(folk[0], thread="lapor", subject=f"Pertanyaan {number}")
    assert len(kept()) == 3 and len(post()) == 1
    later(timedelta(minutes=61))
    _first, rest = post()
    assert "Pertanyaan 1" in text_of(rest) and "Pertanyaan 2" in text_of(rest) and "Pertanyaan 0" not in text_of(rest)
    later(timedelta(hours=3))
    assert len(post()) == 2


def test_threads_do_not_hold_up_each_other(folk, post):
    told(folk[0], thread="lapor")
    told(folk[0], thread="antrian")
    told(folk[1], thread="lapor")
    assert len(post()) == 3


def test_the_days_notices_come_in_one_mail(folk, post, later):
    choose(folk[0], questions="daily", plugins="daily")
    told(folk[0], subject="Satu")
    told(folk[0], subject="Dua", kind="plugin.alert")
    assert post() == [] and len(kept()) == 2
    later(timedelta(hours=24))
    [message] = post()
    assert "Satu" in html_of(message) and "Dua" in text_of(message)


def test_what_was_read_in_the_app_is_not_mailed_again(folk, post, later):
    choose(folk[0], questions="daily")
    told(folk[0])
    with unit_of_work():
        kept()[0].read_at = kept()[0].at
    later(timedelta(hours=24))
    assert post() == []


def test_switching_a_group_off_holds_back_what_waits(folk, post, later):
    choose(folk[0], questions="daily")
    told(folk[0])
    choose(folk[0], questions="off")
    later(timedelta(hours=24))
    assert post() == []


def test_telling_many_asks_no_more_of_the_tables_than_telling_one(folk, counted):
    one, many = counted(lambda: told(folk[0])), counted(lambda: told(*folk))
    assert many - one <= 2, "a row and a place in the queue each"
    assert db.session.scalar(select(func.count(Notification.id))) == 3
