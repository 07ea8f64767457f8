"""Mentions become reports of lapor; whatever lapor does, nothing is lost."""

import re
from html import unescape

import pytest
from kanal import tasks

FORM = {"kind": "complaint", "title": "Lampu jalan mati", "body": "Lampu jalan mati di Kanaan.", "kelurahan": "Kanaan"}
TAKEN = {"number": "LP-2026-000007", "url": "https://lapor.example/laporan/LP-2026-000007"}


def text(response) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", response.text).split()))


@pytest.fixture
def row(deliver, mention, db):
    """A mention that waits; reads it anew each time."""
    deliver(mention())
    return lambda: db.execute("SELECT * FROM mention").fetchone()


def asked(lumbung) -> list:
    return [one for one in lumbung.asked if one.path.startswith("/siblings")]


def test_lapor_takes_it_and_the_answer_is_ready(row, staff, lumbung) -> None:
    lumbung.answers("lapor", "reports.create", TAKEN, 201)
    page = text(staff().post("/kerja/sebutan/1/laporan", data=FORM, follow_redirects=True))
    assert "LP-2026-000007" in page and "dengan nomor LP-2026-000007" in page
    assert (row()["state"], row()["report_url"]) == ("reported", TAKEN["url"])


def test_lapor_is_told_the_post_and_an_id_but_not_the_writer(row, staff, lumbung) -> None:
    lumbung.answers("lapor", "reports.create", TAKEN, 201)
    staff().post("/kerja/sebutan/1/laporan", data=FORM)
    told = asked(lumbung)[0].data
    assert told == FORM | {"source": "kanal", "source_name": "X (Twitter)", "reference": "x:1",
                           "source_url": "https://x.com/warga/status/1"}  # fmt: skip
    assert "author" not in told


@pytest.mark.parametrize(("code", "words"), [
    ("not-granted", "administrator has not allowed it"), ("sibling-absent", "the city has no Lapor"),
    ("sibling-off", "switched off"), ("sibling-closed", "Lapor is closed"), ("sibling-away", "does not answer"),
    ("quota", "too many today"),
])  # fmt: skip
def test_a_lapor_that_is_away_is_said_and_the_mention_kept(row, staff, lumbung, code, words) -> None:
    lumbung.refuses(code, "lapor", "reports.create")
    page = text(staff().post("/kerja/sebutan/1/laporan", data=FORM, follow_redirects=True))
    assert words in page and "kept" in page
    assert (row()["state"], row()["tries"]) == ("sending", 1) and row()["next_try"]


@pytest.mark.parametrize("nonsense", [
    [], "ok", None, {"number": 7}, {"number": "LP-1"}, {"number": "LP-1", "url": "javascript:x"},
    {"number": "", "url": "https://x.example"},
])  # fmt: skip
def test_nonsense_from_lapor_is_no_report(row, staff, lumbung, nonsense) -> None:
    lumbung.answers("lapor", "reports.create", nonsense, 201)
    staff().post("/kerja/sebutan/1/laporan", data=FORM)
    assert (row()["state"], row()["trouble"]) == ("sending", "sibling-unclear")


def test_alone_it_is_kept_as_well(row, staff) -> None:
    staff().post("/kerja/sebutan/1/laporan", data=FORM)
    assert (row()["state"], row()["trouble"]) == ("sending", "alone")


def test_the_task_sends_it_later_once(row, staff, lumbung, db) -> None:
    lumbung.refuses("sibling-off", "lapor", "reports.create")
    staff().post("/kerja/sebutan/1/laporan", data=FORM)
    lumbung.answers("lapor", "reports.create", TAKEN, 201)
    tasks.send()
    assert row()["state"] == "sending", "not before its time"
    db.execute("UPDATE mention SET next_try = '2020-01-01T00:00:00+00:00'")
    db.commit()
    tasks.send()
    assert row()["state"] == "reported"
    tried = len([one for one in asked(lumbung) if one.method == "POST"])
    tasks.send()
    assert len([one for one in asked(lumbung) if one.method == "POST"]) == tried


def test_what_lapor_refuses_goes_back_with_its_words(row, staff, lumbung) -> None:
    lumbung.answers("lapor", "reports.create", {"errors": {"title": "terlalu pendek"}}, 422)
    page = text(staff().post("/kerja/sebutan/1/laporan", data=FORM, follow_redirects=True))
    assert "title: terlalu pendek" in page and "Lampu jalan mati di Kanaan." in page
    assert row()["state"] == "new"


def test_the_state_of_a_report_is_shown(row, staff, lumbung, db) -> None:
    lumbung.answers("lapor", "reports.create", TAKEN, 201)
    staff().post("/kerja/sebutan/1/laporan", data=FORM)
    told = TAKEN | {"state": "assigned", "state_label": {"id": "Dikerjakan", "en": "Being worked on"}}
    lumbung.answers("lapor", "reports.create", told)
    tasks.send()
    assert "Being worked on" in text(staff().get("/kerja/sebutan/1"))
    assert "Dikerjakan" in text(staff().get("/kerja/sebutan/1?lang=id"))


def test_a_report_is_made_once(row, staff, lumbung) -> None:
    lumbung.answers("lapor", "reports.create", TAKEN, 201)
    staff().post("/kerja/sebutan/1/laporan", data=FORM)
    assert staff().post("/kerja/sebutan/1/laporan", data=FORM).status_code == 409
    assert staff().post("/kerja/sebutan/1/spam", data={"reason": "machine"}).status_code == 409


@pytest.mark.parametrize("wrong", [{"title": ""}, {"title": "x" * 101}, {"body": ""}, {"kind": "praise"}])
def test_a_bad_draft_is_explained_and_nothing_sent(row, staff, lumbung, wrong) -> None:
    assert staff().post("/kerja/sebutan/1/laporan", data=FORM | wrong).status_code == 422
    assert asked(lumbung) == [] and row()["state"] == "new"
