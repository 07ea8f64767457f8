"""The words of the command centre as plain values.

Moments are ISO 8601 texts in UTC (`2026-11-23T08:00:00+00:00`), which sort as they follow; days are ISO days as the
city counts them.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Theme(StrEnum):
    """Where a figure stands on the board; the administrator may move it."""

    VOICE = "voice"
    SERVICE = "service"
    GOVERNANCE = "governance"
    ENVIRONMENT = "environment"
    OTHER = "other"


class Hearing(StrEnum):
    """How it stands with a sibling that should tell its figures."""

    NEVER = "never"
    SHOWN = "shown"
    DENIED = "denied"
    OFF = "off"
    ABSENT = "absent"
    NONSENSE = "nonsense"
    SILENT = "silent"


class Grain(StrEnum):
    """How closely history is kept: every five minutes, every hour, every day."""

    RAW = "raw"
    HOUR = "hour"
    DAY = "day"


class Side(StrEnum):
    """On which side of its bound a threshold is crossed."""

    ABOVE = "above"
    BELOW = "below"


class State(StrEnum):
    """Where a disposition stands."""

    GIVEN = "given"
    WORKING = "working"
    REPORTED = "reported"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class Part(StrEnum):
    """What an office is to a disposition: one leads and reports, partners do their part before."""

    LEAD = "lead"
    PARTNER = "partner"


class Act(StrEnum):
    """What happens to a disposition; `GIVE` and `REMIND` are only written down."""

    GIVE = "give"
    START = "start"
    NOTE = "note"
    REPORT = "report"
    PART = "part"
    ACCEPT = "accept"
    RETURN = "return"
    EXTEND = "extend"
    WITHDRAW = "withdraw"
    REMIND = "remind"


class Refusal(StrEnum):
    """Every reason to say no; `words.REFUSALS` has the sentence."""

    UNKNOWN = "unknown"
    WRONG_STATE = "wrong-state"
    NOT_YOURS = "not-yours"
    UNKNOWN_OFFICE = "unknown-office"
    UNKNOWN_ALERT = "unknown-alert"
    ALREADY_READ = "already-read"
    CLEAR_BEYOND = "clear-beyond"
    TOO_MANY = "too-many"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a leader's office may all but answer, an office answers what was given to it."""

    name: str
    leader: bool
    office_id: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A disposition as the leader writes it. `days` are working days; `alert_id` is what it follows from.

    `office_id` leads; `partners` are the offices that do a part of it.
    """

    title: str
    instruction: str
    office_id: int
    days: int
    urgent: bool = False
    alert_id: int | None = None
    partners: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What an act carries: words, a stored file and its title, a new due day."""

    text: str = ""
    file: str | None = None
    title: str = ""
    due: date | None = None
