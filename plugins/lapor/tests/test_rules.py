from datetime import date, timedelta

import pytest
from lapor.rules import REOPEN_DAYS, Act, Refusal, State, after, reopening

DAY = date(2026, 11, 20)  # a Friday


@pytest.mark.parametrize(
    ("state", "act", "expected"),
    [
        (State.NEW, Act.ACCEPT, State.ACCEPTED),
        (State.NEW, Act.REJECT, State.REJECTED),
        (State.NEW, Act.MERGE, State.DUPLICATE),
        (State.NEW, Act.ASSIGN, State.ASSIGNED),
        (State.NEW, Act.ANSWER, Refusal.WRONG_STATE),
        (State.ACCEPTED, Act.ACCEPT, Refusal.WRONG_STATE),
        (State.ASSIGNED, Act.PROGRESS, State.ASSIGNED),
        (State.ASSIGNED, Act.ANSWER, State.ANSWERED),
        (State.ANSWERED, Act.REJECT, Refusal.WRONG_STATE),
        (State.ANSWERED, Act.NOTE, State.ANSWERED),
        (State.REJECTED, Act.ACCEPT, State.ACCEPTED),
        (State.DUPLICATE, Act.ANSWER, Refusal.WRONG_STATE),
        (State.ANSWERED, Act.WITHDRAW, State.WITHDRAWN),
        (State.WITHDRAWN, Act.ACCEPT, Refusal.WRONG_STATE),
        (State.WITHDRAWN, Act.NOTE, Refusal.WRONG_STATE),
        (State.WITHDRAWN, Act.WITHDRAW, Refusal.WRONG_STATE),
    ],
)
def test_where_an_act_leads(state, act, expected):
    assert after(state, act) == expected


def test_a_reopened_report_goes_back_to_its_office_or_to_triage():
    assert after(State.ANSWERED, Act.REOPEN, assigned=True) is State.ASSIGNED
    assert after(State.ANSWERED, Act.REOPEN, assigned=False) is State.ACCEPTED


@pytest.mark.parametrize(
    ("state", "answered", "times", "expected"),
    [
        (State.ANSWERED, DAY, 0, None),
        (State.ANSWERED, DAY, 2, Refusal.REOPENED_ENOUGH),
        (State.ANSWERED, DAY - timedelta(days=REOPEN_DAYS), 0, None),
        (State.ANSWERED, DAY - timedelta(days=REOPEN_DAYS + 1), 0, Refusal.REOPEN_TOO_LATE),
        (State.ASSIGNED, None, 0, Refusal.WRONG_STATE),
    ],
)
def test_who_may_reopen(state, answered, times, expected):
    assert reopening(state, answered, times, DAY) == expected
