"""Who may do what to a disposition, when it is late and when its office is reminded. Pure.

The sheet of disposition is the Indonesian way for a leader to hand a matter to a unit with an instruction and a time:
see the rules on official correspondence (tata naskah dinas), Permendagri 1/2023 for local governments and ANRI 5/2021.
"""

from datetime import date, timedelta

from pusatkendali.models import Act, Part, Refusal, State

OPEN = frozenset({State.GIVEN, State.WORKING, State.REPORTED, State.RETURNED})
AT_THE_OFFICE = frozenset({State.GIVEN, State.WORKING, State.RETURNED})
AGAIN = timedelta(days=7)

_AFTER: dict[Act, tuple[frozenset[State], State | None]] = {
    Act.START: (frozenset({State.GIVEN, State.RETURNED}), State.WORKING),
    Act.REPORT: (AT_THE_OFFICE, State.REPORTED),
    Act.PART: (AT_THE_OFFICE, None),
    Act.NOTE: (OPEN, None),
    Act.ACCEPT: (frozenset({State.REPORTED}), State.ACCEPTED),
    Act.RETURN: (frozenset({State.REPORTED}), State.RETURNED),
    Act.EXTEND: (AT_THE_OFFICE, None),
    Act.WITHDRAW: (OPEN, State.WITHDRAWN),
}
_LEADER = frozenset({Act.NOTE, Act.ACCEPT, Act.RETURN, Act.EXTEND, Act.WITHDRAW})
_MINE = {
    Part.LEAD: frozenset({Act.NOTE, Act.START, Act.REPORT}),
    Part.PARTNER: frozenset({Act.NOTE, Act.PART}),
}


def after(state: State, act: Act) -> State | Refusal:
    """The state after `act`."""
    allowed, then = _AFTER.get(act, (frozenset(), None))
    return then or state if state in allowed else Refusal.WRONG_STATE


def possible(state: State, leader: bool, part: Part | None = None, done: bool = False) -> list[Act]:
    """What someone may do now: as the leader's office, as an office with a `part` in it, or as both.

    `done` says that the partner has done its part already.
    """
    mine = (_LEADER if leader else frozenset()) | (_MINE[part] if part else frozenset())
    if done:
        mine -= {Act.PART}
    return [act for act in _AFTER if act in mine and state in _AFTER[act][0]]


def is_overdue(state: State, due: date, today: date) -> bool:
    """Late is what the office still has to answer; what waits for the leader's judgement is not."""
    return state in AT_THE_OFFICE and due < today


def reminder(state: State, due: date, reminded_on: date | None, today: date, next_working_day: date) -> bool:
    """Whether to remind today: once on the last working day before it is due, then when it is late and every week."""
    if state not in AT_THE_OFFICE or reminded_on == today:
        return False
    if due >= today:
        return due <= next_working_day and reminded_on is None
    return reminded_on is None or reminded_on <= due or today - reminded_on >= AGAIN
