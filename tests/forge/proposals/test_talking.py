"""What is said of a proposal, where it stands, who hears of it; and what hostile branches do to its pages: nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry.accounts.models import User
from registry.core import clock
from registry.core.db import db
from registry.core.errors import ConflictError, ForbiddenError, InvalidError, TooManyError
from registry.core.uow import unit_of_work
from registry.forge import git, writing
from registry.forge.proposals import jobs, reading, remarks, rules, service
from registry.forge.proposals.models import Remark
from registry.forge.proposals.remarks import Spot
from registry.forge.writing import ZERO
from registry.tenants.models import City
from tests.forge.following.repositories import commit

FIRST = Spot("README.md", rules.NEW, 1)


def standing(table, number):
    with table.looking(number) as found:
        return rules.standing(reading.spoken(reading.remarks_of(found)), found.head)


def mails(table):
    with table.house.app.app_context():
        rows = db.session.connection().exec_driver_sql(
            "select args->>'recipient' from procrastinate_jobs where task_name = 'core.mail' order by id"
        )
        return [row[0] for row in rows]


def test_a_remark_stays_at_its_line_and_is_outdated_when_the_line_changed(offered):
    table, number = offered
    table.say(number, text="Shorter.", spot=FIRST)
    with table.looking(number) as found:
        known = remarks.known_lines(remarks.changes(found))
        assert remarks.is_current(reading.remarks_of(found)[-1], known)
    table.house.change({"README.md": "# Another title\n"})
    with table.looking(number) as found:
        known = remarks.known_lines(remarks.changes(found))
        last = next(one for one in reading.remarks_of(found) if one.path)
        assert not remarks.is_current(last, known)
    page = table.client().get(f"/apps/lapor/proposals/{number}").get_data(as_text=True)
    assert "outdated" in page and "told better" in page


@pytest.mark.parametrize(
    "spot",
    [Spot("README.md", rules.NEW, 999), Spot("nowhere", rules.NEW, 1), Spot("README.md", "both", 1),
     Spot("../../etc/passwd", rules.OLD, 1), Spot("publiccode.yml", rules.NEW, 1)],
)  # fmt: skip
def test_nothing_is_said_of_lines_that_are_not_there(offered, spot):
    table, number = offered
    with pytest.raises(InvalidError):
        table.say(number, spot=spot)
    assert len(table.remarks(number)) == 1


@pytest.mark.parametrize("text", ["", "x" * 10_001, "\0", "\ud800"])
def test_a_comment_has_words_and_not_too_many(offered, text):
    table, number = offered
    with pytest.raises(InvalidError):
        table.say(number, text=text)


def test_an_approval_is_of_what_was_looked_at(offered):
    table, number = offered
    table.say(number, rules.APPROVE)
    assert standing(table, number) == (1, 0, 0)
    table.house.change({"README.md": "# Slipped in\n"})
    assert standing(table, number) == (0, 0, 1)


def test_an_approval_goes_stale_when_the_branch_is_rewritten_under_the_review(offered):
    table, number = offered
    table.say(number, rules.APPROVE)
    base = git.line(table.house.fork, "rev-parse", "refs/heads/main~1")
    forced = commit(table.house.fork, {"README.md": "# Forced\n"}, (base,))
    git.run(table.house.fork, "update-ref", "refs/heads/main", forced)
    assert standing(table, number) == (0, 0, 1)
    assert table.now(number).head == forced and table.remarks(number)[-1].kind == rules.PUSHED


def test_a_review_of_a_former_state_is_refused(offered):
    table, number = offered
    with table.looking(number) as found, unit_of_work(), pytest.raises(ConflictError):
        remarks.say(found, table.speaker(rules.PUBLISHER), rules.APPROVE, "", None, "1" * 40)


def test_only_the_side_that_decides_reviews(offered):
    table, number = offered
    with pytest.raises(ForbiddenError):
        table.say(number, rules.APPROVE, side=rules.CITY)


def test_whose_turn_it_is(offered):
    table, number = offered
    assert table.now(number).waits_for == rules.PUBLISHER
    table.say(number, rules.CHANGES, "Mend it.")
    assert table.now(number).waits_for == rules.CITY
    table.house.change({"README.md": "# Mended\n"})
    assert table.now(number).waits_for == rules.PUBLISHER


def test_each_side_is_told_once_an_hour_and_of_a_decision_at_once(offered):
    table, number = offered
    assert mails(table) == ["a…@example.id"]
    table.say(number, text="One.")
    table.say(number, text="Two.")
    assert mails(table)[1:] == ["b…@example.id"], "the second waits"
    clock.move(timedelta(hours=2))
    try:
        with table.house.app.app_context():
            jobs.tell()
        assert len(mails(table)) == 3
        table.close(number, rules.DECLINE, "Not now.")
        assert len(mails(table)) == 4, "a decision does not wait"
        with table.house.app.app_context():
            jobs.tell()
        assert len(mails(table)) == 4
    finally:
        clock.move(timedelta(hours=-2))


def test_each_reads_it_in_his_own_language(table, monkeypatch):
    sent = []
    monkeypatch.setattr("registry.core.mail.send", lambda to, subject, text, **_given: sent.append((to, text)))
    with table.house.app.app_context(), unit_of_work() as session:
        session.query(User).filter_by(email="a@example.id").one().language = "en"
    number = table.offer()
    table.say(number, text="Shorter.\nFrom: somebody")
    assert "offers this" in sent[0][1] and f"/apps/lapor/proposals/{number}" in sent[0][1]
    assert "> From: somebody" in sent[1][1]


def test_there_is_an_end_to_talking(table, monkeypatch):
    monkeypatch.setattr(rules, "MAX_REMARKS", 2)
    number = table.offer()
    table.say(number)
    table.say(number)
    with pytest.raises(TooManyError):
        table.say(number)


def test_pushes_in_a_row_are_one_line_and_leave_room_to_talk(table, monkeypatch):
    monkeypatch.setattr(rules, "MAX_REMARKS", 1)
    number = table.offer()
    for turn in range(3):
        table.house.change({"README.md": f"# Push {turn}\n"})
        table.now(number)
    assert [one.kind for one in table.remarks(number)] == [rules.OPENED, rules.PUSHED]
    assert table.remarks(number)[-1].head == table.house.main
    table.say(number)


def test_there_is_an_end_to_offering(table, monkeypatch):
    monkeypatch.setattr(rules, "MAX_OPEN", 1)
    head = table.house.main
    writing.update_refs(table.house.fork, {"refs/heads/second": (head, ZERO)})
    table.offer()
    with pytest.raises(TooManyError):
        table.offer(branch="second")


@pytest.mark.parametrize("branch", ["nowhere", "--upload-pack=touch /tmp/x", "main:refs/heads/main", "../main", ""])
def test_only_branches_of_the_fork_are_offered(table, branch):
    with pytest.raises(InvalidError):
        table.offer(branch=branch)


def test_a_city_that_does_not_take_part_offers_nothing_and_what_it_pushes_is_not_followed(offered):
    table, number = offered
    head = table.now(number).head
    with table.house.inside(), unit_of_work() as session:
        session.query(City).filter_by(slug="bontang").one().state = "declined"
    table.house.change({"README.md": "# Hidden\n"})
    assert table.now(number).head == head
    with table.house.inside() as (city, fork), pytest.raises(ForbiddenError), unit_of_work():
        service.open_proposal(city, fork, db.session.query(User).first(), "main", "x", "")


def test_ten_thousand_files_are_counted_and_not_all_shown(table):
    table.house.change({f"many/{number // 100}/{number}.txt": "x\n" for number in range(10_000)})
    number = table.offer()
    found = table.now(number)
    assert found.fit == rules.CLEAN and found.counts["files"] > 2_000 and found.counts["cut"]
    for path in ("", "/changes", "/checks", "/commits"):
        answer = table.client().get(f"/apps/lapor/proposals/{number}{path}")
        assert answer.status_code == 200 and len(answer.data) < 2_000_000


def test_a_link_out_of_the_bundle_is_not_merged(table):
    table.house.change({"evil": (0o120000, "/etc/passwd")})
    number = table.offer()
    assert table.client().get(f"/apps/lapor/proposals/{number}/changes").status_code == 200
    with pytest.raises(InvalidError):
        table.merge(number)


def test_scripts_in_a_files_name_and_lines_are_shown_as_they_are(table):
    table.house.change({"<script>alert(1)</script>.txt": "<script>alert(2)</script>\u202e\n"})
    number = table.offer()
    page = table.client("a@example.id").get(f"/apps/lapor/proposals/{number}/changes").get_data(as_text=True)
    assert "<script>alert" not in page and "U+202E" in page


def test_what_is_said_goes_with_its_proposal_only(offered):
    table, number = offered
    with table.house.app.app_context(), unit_of_work() as session:
        assert {one.proposal_id for one in session.query(Remark)} == {number}
