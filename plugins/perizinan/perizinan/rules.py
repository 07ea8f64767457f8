"""What may happen to an application and to a permit. Values in, values out: no request, no database.

Where a rule has a source it is named: UU 25/2009 (public services) and PP 96/2012, which carries it out, oblige the
office to publish a service standard and to keep it; the standard's days are promised to the applicant here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median


class State(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    CHECKING = "checking"
    CORRECTION = "correction"
    SURVEYING = "surveying"
    DECIDING = "deciding"
    ISSUED = "issued"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What somebody does to an application."""

    SEND = "send"
    ASK = "ask"
    ANSWER = "answer"
    RESUME = "resume"
    PASS = "pass"  # noqa: S105 - no password
    SURVEY = "survey"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


class Refusal(StrEnum):
    """Why an act was not done; `words.REFUSALS` says it."""

    NOT_NOW = "not_now"
    TYPE_CLOSED = "type_closed"
    INCOMPLETE = "incomplete"
    ZONE_FORBIDS = "zone_forbids"
    NOTHING_ASKED = "nothing_asked"
    NOT_CORRECTED = "not_corrected"
    TOO_EARLY = "too_early"
    REVOKED_ALREADY = "revoked_already"
    STILL_NEEDED = "still_needed"
    SAME_PERSON = "same_person"
    IN_THE_FUTURE = "in_the_future"


class Kind(StrEnum):
    """What an officer did to an application, as a row of `step`."""

    VERIFICATION = "verification"
    SURVEY = "survey"
    DECISION = "decision"


class Standing(StrEnum):
    """What a permit is worth on a given day."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Verdict(StrEnum):
    """What the spatial plan says of a use at a place. `AWAY`: nobody answered, the office looks by hand."""

    ALLOWED = "allowed"
    LIMITED = "limited"
    CONDITIONAL = "conditional"
    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"
    AWAY = "away"


RUNNING = (State.CHECKING, State.CORRECTION, State.SURVEYING, State.DECIDING)
"""Sent and not yet closed."""

CLOSED = (State.ISSUED, State.REFUSED, State.WITHDRAWN)

MOVES: Mapping[Act, tuple[Collection[State], State]] = {
    Act.SEND: ((State.DRAFT,), State.CHECKING),
    Act.ASK: ((State.CHECKING, State.SURVEYING), State.CORRECTION),
    Act.ANSWER: ((State.CORRECTION,), State.CHECKING),
    Act.RESUME: ((State.CORRECTION,), State.CHECKING),
    Act.PASS: ((State.CHECKING,), State.DECIDING),
    Act.SURVEY: ((State.SURVEYING,), State.DECIDING),
    Act.APPROVE: ((State.DECIDING,), State.ISSUED),
    Act.REFUSE: ((State.DECIDING,), State.REFUSED),
    Act.WITHDRAW: (RUNNING, State.WITHDRAWN),
}


def moved(state: State, act: Act) -> State | Refusal:
    """The state after `act`, or why it cannot be done now."""
    starts, end = MOVES[act]
    return end if state in starts else Refusal.NOT_NOW


def possible(state: State) -> frozenset[Act]:
    """The acts a state allows."""
    return frozenset(act for act, (starts, _) in MOVES.items() if state in starts)


def after_verification(survey: bool) -> State:
    """Where a verified application goes: to the place first, where its type asks for a survey."""
    return State.SURVEYING if survey else State.DECIDING


@dataclass(frozen=True)
class Officer:
    """A member of staff; `id` is empty for what was done before numbers were kept."""

    id: str
    name: str


def may_decide(officer: Officer, verifiers: Collection[Officer], four_eyes: bool) -> bool:
    """Four eyes: who verified does not decide (PP 60/2008 on internal control: functions are kept apart).

    People are told apart by their number; where none was kept, by their name.
    """
    if not four_eyes:
        return True
    return not any(officer.id == one.id if one.id else officer.name == one.name for one in verifiers)


@dataclass(frozen=True)
class Sending:
    """What counts when an application is to be sent. `place` is None where the type asks for none."""

    open_type: bool
    missing: int
    place: bool | None
    verdict: Verdict | None
    blocks: bool


def sendable(sending: Sending) -> Refusal | None:
    """Why it cannot be sent yet. A forbidden use stops only where the type says so: the office may know better."""
    if not sending.open_type:
        return Refusal.TYPE_CLOSED
    if sending.missing or sending.place is False:
        return Refusal.INCOMPLETE
    if sending.blocks and sending.verdict is Verdict.FORBIDDEN:
        return Refusal.ZONE_FORBIDS
    return None


def late(deadline: date | None, paused: bool, today: date) -> bool:
    """Whether the promised day has passed. While the applicant corrects, the clock stands."""
    return deadline is not None and not paused and today > deadline


def may_resume(asked: date, today: date, wait_days: int) -> bool:
    """Whether the office may go on without the applicant's correction: when they had `wait_days` days for it."""
    return (today - asked).days >= wait_days


def standing(valid_until: date | None, revoked: bool, today: date) -> Standing:
    """A permit is valid through its last day; revoked weighs more than expired."""
    if revoked:
        return Standing.REVOKED
    return Standing.EXPIRED if valid_until is not None and today > valid_until else Standing.VALID


def last_day(first: date, months: int) -> date | None:
    """The last day of a permit of `months` months that begins on `first`; None when it has no end (0 months).

    It ends the day before the same day of the month; where that month is too short, at its end.
    """
    if months < 1:
        return None
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    same = date(year, month + 1, min(first.day, _days_in(year, month + 1)))
    return date.fromordinal(same.toordinal() - 1) if same.day == first.day else same


def _days_in(year: int, month: int) -> int:
    after = date(year + month // 12, month % 12 + 1, 1)
    return (after - date(year, month, 1)).days


def may_work(own_office: int | None, office: int | None, administrator: bool) -> bool:
    """Whether an operator may work on a type: that of their own office, of none, or all when they belong to none."""
    return administrator or own_office is None or office is None or own_office == office


@dataclass(frozen=True)
class Punctuality:
    """How decided applications fared. `share` is the per cent decided in time, None when nothing was decided."""

    decided: int
    median_days: float | None
    share: int | None


def punctuality(cases: Sequence[tuple[int, bool]]) -> Punctuality:
    """From (working days used, in time?) of each decided application."""
    if not cases:
        return Punctuality(0, None, None)
    in_time = sum(good for _, good in cases)
    return Punctuality(len(cases), float(median(days for days, _ in cases)), round(100 * in_time / len(cases)))
