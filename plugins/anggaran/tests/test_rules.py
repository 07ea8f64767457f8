import pytest
from anggaran.rules import (
    Actor,
    Ceiling,
    Kind,
    Refusal,
    State,
    after_decision,
    code_of,
    crossed,
    judged,
    may_confirm,
    may_propose,
    may_review,
    programme_of,
    score,
    tightest,
)

AUTHOR = Actor("a", "A", 1)
REVIEWER = Actor("r", "R", 2, reviewer=True)


@pytest.mark.parametrize("text", ["1.03.10.2.01.0005", " 1.03.10.2.01.05 ", "X.XX.01.2.06.0001", "2.16.03.1.02.001"])
def test_a_code_names_its_programme_and_activity(text):
    found = code_of(text)
    assert found is not None and found.text == text.strip()
    assert found.text.startswith(found.activity) and found.activity.startswith(found.programme)
    assert programme_of(found.activity) == found.programme


@pytest.mark.parametrize(
    "text",
    ["", "1.03.10", "1.03.10.2.01", "1.03.10.2.01.5", "1.03.10.2.01.00005", "1.03.10.3.01.0005", "1,03,10,2,01,0005",
     "1.03.10.2.01.0005\n1", "a.bc.de.2.fg.hijk", "1.03.10.2.01.\u0660\u0661", "X.03.10.2.01.0005", "1" * 9_000],
)  # fmt: skip
def test_what_is_no_code_is_none(text):
    assert code_of(text) is None


def test_the_ceiling_broken_the_furthest_is_named():
    tight, wide = Ceiling("program", 100, 90), Ceiling("OPD", 200, 20)
    assert crossed([wide, tight], 10) is None
    assert crossed([wide, tight], 11) is tight
    assert crossed([wide, tight], 500) is tight
    assert tightest([wide, tight]) is tight and tightest([]) is None


def test_a_score_weighs_what_was_given():
    assert score([]) is None
    assert score([(30, 1), (10, 1)]) == 0
    assert score([(30, 5), (10, 5)]) == 100
    assert score([(30, 5), (10, 1)]) == 75


def test_an_office_writes_only_its_own_proposals():
    assert may_propose(AUTHOR, 1) is None
    assert may_propose(AUTHOR, 2) is Refusal.OTHER_OFFICE
    assert may_propose(Actor("x", "X"), 1) is Refusal.NO_OFFICE
    assert may_propose(Actor("x", "X", administrator=True), 1) is None


def test_nobody_reviews_what_is_their_own():
    assert may_review(AUTHOR, "b", 9) is Refusal.NOT_REVIEWER
    assert may_review(REVIEWER, "r", 9) is Refusal.OWN_PROPOSAL
    assert may_review(REVIEWER, "a", 2) is Refusal.OWN_OFFICE
    assert may_review(REVIEWER, "a", 1) is None


def test_the_second_person_is_another_one():
    assert may_confirm(REVIEWER, "r", "a", 1) is Refusal.SAME_PERSON
    assert may_confirm(REVIEWER, "q", "r", 1) is Refusal.OWN_PROPOSAL
    assert may_confirm(REVIEWER, "q", "a", 1) is None


@pytest.mark.parametrize(
    ("kind", "amount", "wanted", "after"),
    [
        (Kind.STRIKE, 70, None, 0),
        (Kind.REDUCE, 70, 40, 40),
        (Kind.REDUCE, 70, 70, Refusal.NOT_LESS),
        (Kind.REDUCE, 70, 0, Refusal.NOT_LESS),
        (Kind.REDUCE, 70, None, Refusal.NOT_LESS),
        (Kind.RESTORE, 70, None, 100),
        (Kind.RESTORE, 100, None, Refusal.NOT_CUT),
    ],
)
def test_what_a_decision_leaves(kind, amount, wanted, after):
    assert after_decision(kind, amount, 100, wanted) == after


def test_only_what_is_submitted_is_decided_on():
    assert judged(State.DRAFT, Kind.STRIKE) is Refusal.NOT_SUBMITTED
    assert judged(State.STRUCK, Kind.REDUCE) is Refusal.NOT_SUBMITTED
    assert judged(State.STRUCK, Kind.RESTORE) is None
    assert judged(State.SUBMITTED, Kind.STRIKE) is None
