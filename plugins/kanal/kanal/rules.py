"""The rules of accounts and mentions, as values: no request, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median

ONE_MINUTE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
MOST_TRIES = 60
SOON = timedelta(days=14)


class State(StrEnum):
    """Where a mention stands. SENDING: lapor has not taken it yet; it is kept and tried again."""

    NEW = "new"
    SENDING = "sending"
    REPORTED = "reported"
    ANSWERED = "answered"
    IRRELEVANT = "irrelevant"
    SPAM = "spam"


OPEN = frozenset({State.NEW, State.SENDING})
# What staff may do from where. A mention that became a report stays one.
MOVES = {
    State.NEW: {State.SENDING, State.ANSWERED, State.IRRELEVANT, State.SPAM},
    State.SENDING: {State.NEW, State.ANSWERED},
    State.ANSWERED: {State.NEW, State.SENDING},
    State.IRRELEVANT: {State.NEW},
    State.SPAM: {State.NEW},
    State.REPORTED: set(),
}


class Due(StrEnum):
    """How an account's next check stands."""

    NEVER = "never"
    LATE = "late"
    SOON = "soon"
    FINE = "fine"


def may(state: str, wanted: State) -> bool:
    """Whether a mention may go from one state to another."""
    return wanted in MOVES[State(state)]


def due(checked: date | None, today: date, days: int) -> Due:
    """How a check stands that is repeated every `days`; soon is within two weeks."""
    if checked is None:
        return Due.NEVER
    next_day = checked + timedelta(days=days)
    if next_day < today:
        return Due.LATE
    return Due.SOON if next_day - today <= SOON else Due.FINE


def next_try(tries: int, now: datetime) -> datetime | None:
    """When to try again after `tries` attempts: 1, 2, 4 … minutes, at most every six hours; None: people must look."""
    if tries >= MOST_TRIES:
        return None
    return now + min(ONE_MINUTE * 2 ** min(tries, 12), LONGEST_WAIT)


@dataclass(frozen=True)
class Speed:
    """How fast mentions were responded to; `hours` is the median, None without any."""

    responded: int
    hours: float | None
    in_time: int

    @property
    def share(self) -> int | None:
        """Percent within the city's limit."""
        return round(100 * self.in_time / self.responded) if self.responded else None


def speed(waits: Sequence[timedelta], limit_hours: int) -> Speed:
    """From the waits between a mention's arrival and the response."""
    hours = [max(one.total_seconds(), 0) / 3600 for one in waits]
    return Speed(len(hours), round(median(hours), 1) if hours else None, sum(one <= limit_hours for one in hours))
