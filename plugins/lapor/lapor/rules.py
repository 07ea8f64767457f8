"""The rules of a report's life, without database or web: values in, a new value or a named refusal out."""

from datetime import date, timedelta
from enum import StrEnum

REOPEN_DAYS = 30
REOPEN_TIMES = 2
STARS = range(1, 6)


class State(StrEnum):
    """Where a report stands. Only `PUBLIC` states appear on public pages."""

    NEW = "new"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What staff or the reporter can do to a report."""

    ACCEPT = "accept"
    REJECT = "reject"
    MERGE = "merge"
    ASSIGN = "assign"
    PROGRESS = "progress"
    ANSWER = "answer"
    NOTE = "note"
    REOPEN = "reopen"
    RATE = "rate"
    WITHDRAW = "withdraw"


class Refusal(StrEnum):
    """Why an act was not done."""

    WRONG_STATE = "wrong_state"
    UNKNOWN_ORIGINAL = "unknown_original"
    OWN_DUPLICATE = "own_duplicate"
    UNKNOWN_OPD = "unknown_opd"
    REOPENED_ENOUGH = "reopened_enough"
    REOPEN_TOO_LATE = "reopen_too_late"
    ALREADY_RATED = "already_rated"
    WITHDRAWN = "withdrawn"


# What a withdrawn report loses, by column; number, category, office and days stay.
ERASED: dict[str, object] = {
    "title": "",
    "body": "",
    "kelurahan": "",
    "address": "",
    "latitude": None,
    "longitude": None,
    "reporter_name": None,
    "reporter_phone": None,
    "rating_note": "",
    "source_name": "",
    "source_url": "",
    "code_hash": "",
}

PUBLIC = (State.ACCEPTED, State.ASSIGNED, State.ANSWERED)
OPEN = (State.NEW, State.ACCEPTED, State.ASSIGNED)

_TRIAGE = frozenset({State.NEW, State.ACCEPTED, State.ASSIGNED})
_WORKED = frozenset({State.ACCEPTED, State.ASSIGNED})
_FROM: dict[Act, frozenset[State]] = {
    Act.ACCEPT: frozenset({State.NEW, State.REJECTED, State.DUPLICATE}),
    Act.REJECT: _TRIAGE,
    Act.MERGE: _TRIAGE,
    Act.ASSIGN: _TRIAGE,
    Act.PROGRESS: _WORKED,
    Act.ANSWER: _WORKED,
    Act.NOTE: frozenset(State) - {State.WITHDRAWN},
    Act.WITHDRAW: frozenset(State) - {State.WITHDRAWN},
    Act.REOPEN: frozenset({State.ANSWERED}),
    Act.RATE: frozenset({State.ANSWERED}),
}
_TO: dict[Act, State] = {
    Act.ACCEPT: State.ACCEPTED,
    Act.REJECT: State.REJECTED,
    Act.MERGE: State.DUPLICATE,
    Act.ASSIGN: State.ASSIGNED,
    Act.ANSWER: State.ANSWERED,
    Act.WITHDRAW: State.WITHDRAWN,
}


def after(state: State, act: Act, assigned: bool = False) -> State | Refusal:
    """The state after an act. A reopened report goes back to its OPD, or to triage when it had none."""
    if state not in _FROM[act]:
        return Refusal.WRONG_STATE
    if act is Act.REOPEN:
        return State.ASSIGNED if assigned else State.ACCEPTED
    return _TO.get(act, state)


def possible(state: State) -> frozenset[Act]:
    """What may be done in a state."""
    return frozenset(act for act, states in _FROM.items() if state in states)


def reopening(state: State, answered: date | None, times: int, today: date) -> Refusal | None:
    """Whether the reporter may reopen: answered, at most `REOPEN_TIMES` times, within `REOPEN_DAYS` days."""
    if state is not State.ANSWERED or answered is None:
        return Refusal.WRONG_STATE
    if times >= REOPEN_TIMES:
        return Refusal.REOPENED_ENOUGH
    if today > answered + timedelta(days=REOPEN_DAYS):
        return Refusal.REOPEN_TOO_LATE
    return None
