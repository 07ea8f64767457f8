"""The rules, without a database."""

from datetime import date

import pytest
from perizinan.rules import (
    Act,
    Refusal,
    Sending,
    Standing,
    State,
    Verdict,
    last_day,
    late,
    may_resume,
    may_work,
    moved,
    possible,
    punctuality,
    sendable,
    standing,
)  # fmt: skip
from perizinan.zoning import AWAY, read

READY = Sending(open_type=True, missing=0, place=True, verdict=Verdict.ALLOWED, blocks=True)
DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, None),
        ({"open_type": False}, Refusal.TYPE_CLOSED),
        ({"missing": 1}, Refusal.INCOMPLETE),
        ({"place": False}, Refusal.INCOMPLETE),
        ({"place": None, "verdict": None}, None),
        ({"verdict": Verdict.FORBIDDEN}, Refusal.ZONE_FORBIDS),
        ({"verdict": Verdict.FORBIDDEN, "blocks": False}, None),
        ({"verdict": Verdict.AWAY}, None),
        ({"verdict": Verdict.UNKNOWN}, None),
    ],
)
def test_what_may_be_sent(changes, refusal):
    assert sendable(Sending(**(vars(READY) | changes))) is refusal


def test_what_is_closed_stays_closed():
    assert [possible(state) for state in (State.ISSUED, State.REFUSED, State.WITHDRAWN)] == [frozenset()] * 3


def test_nothing_is_decided_before_it_is_verified():
    assert moved(State.CHECKING, Act.APPROVE) is Refusal.NOT_NOW
    assert moved(State.CORRECTION, Act.PASS) is Refusal.NOT_NOW
    assert moved(State.DECIDING, Act.APPROVE) is State.ISSUED


def test_late_is_after_the_promised_day_and_never_while_the_clock_stands():
    assert not late(DAY, False, DAY)
    assert late(DAY, False, date(2026, 11, 24))
    assert not late(DAY, True, date(2026, 12, 24))


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 11, 23), 12, date(2027, 11, 22)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (DAY, 0, None),
    ],
)
def test_the_last_day_of_a_permit(first, months, last):
    assert last_day(first, months) == last


def test_a_permit_is_valid_through_its_last_day_and_revoked_weighs_more():
    assert standing(DAY, False, DAY) is Standing.VALID
    assert standing(DAY, False, date(2026, 11, 24)) is Standing.EXPIRED
    assert standing(DAY, True, date(2026, 11, 24)) is Standing.REVOKED
    assert standing(None, False, date(2099, 1, 1)) is Standing.VALID


def test_the_office_waits_for_the_applicant_before_it_goes_on():
    assert not may_resume(DAY, date(2026, 12, 2), 10)
    assert may_resume(DAY, date(2026, 12, 3), 10)


@pytest.mark.parametrize(
    ("own", "office", "administrator", "may"),
    [(1, 1, False, True), (1, 2, False, False), (1, 2, True, True), (None, 2, False, True), (1, None, False, True)],
)
def test_an_operator_works_for_the_own_office(own, office, administrator, may):
    assert may_work(own, office, administrator) is may


def test_punctuality_is_the_median_and_the_share_in_time():
    found = punctuality([(2, True), (9, False), (4, True)])
    assert (found.decided, found.median_days, found.share) == (3, 4.0, 67)
    assert punctuality([]).share is None


def test_an_answer_of_the_spatial_plan_is_read_with_distrust():
    good = {
        "zone": {"name": "Z", "name_en": "Zone"},
        "verdict": "conditional",
        "conditions": "x" * 9000,
        "url": "https://a.b",
    }
    found = read(good)
    assert (found.verdict, found.zone_en, len(found.conditions), found.url) == (
        "conditional",
        "Zone",
        2000,
        "https://a.b",
    )
    assert read(good | {"url": "javascript:alert(1)"}).url == ""


@pytest.mark.parametrize("answer", [None, [], "allowed", {}, {"verdict": "perhaps"}, {"verdict": None}, 7])
def test_nonsense_of_the_spatial_plan_is_no_answer(answer):
    assert read(answer) == AWAY
