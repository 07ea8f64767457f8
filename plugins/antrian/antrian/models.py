"""The words of the queue as plain values.

Instants are UTC epoch seconds. A day is the city's own calendar day, and a clock time such as a slot's
start is ``HH:MM`` on that day.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class State(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"
    CALLED = "called"
    FINISHED = "finished"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What people do to a ticket after it is taken."""

    CALL = "call"
    RECALL = "recall"
    SKIP = "skip"
    RETURN = "return"
    TRANSFER = "transfer"
    FINISH = "finish"
    CANCEL = "cancel"


class Origin(StrEnum):
    """How the number was given: from a citizen's own device, or by staff at the place."""

    ONLINE = "online"
    ONSITE = "onsite"


class Need(StrEnum):
    """Why somebody comes first within the same time.

    The groups are those of UU 25/2009 on public services, article 29 and its explanation (people who are vulnerable get
    special treatment): the elderly, people with a disability, pregnant women, children. UNSTATED is a priority given by
    release 1.0.0, which did not ask for the reason. The reason is erased after the day; that there was priority stays.
    """

    ELDERLY = "elderly"
    DISABILITY = "disability"
    PREGNANT = "pregnant"
    CHILD = "child"
    UNSTATED = "unstated"


class Refusal(StrEnum):
    """Every reason to say no. ``antrian.messages`` holds the sentence for each."""

    SERVICE_CLOSED = "service-closed"
    DAY_PAST = "day-past"
    DAY_TOO_FAR = "day-too-far"
    DAY_CLOSED = "day-closed"
    DAY_WITHOUT_SLOTS = "day-without-slots"
    DAY_FULL = "day-full"
    SLOT_UNKNOWN = "slot-unknown"
    SLOT_PAST = "slot-past"
    SLOT_FULL = "slot-full"
    TOO_MANY = "too-many"
    LOOKS_AUTOMATIC = "looks-automatic"
    NAME_LONG = "name-long"
    PHONE_INVALID = "phone-invalid"
    NEED_UNKNOWN = "need-unknown"
    TICKET_UNKNOWN = "ticket-unknown"
    TICKET_STATE = "ticket-state"
    TICKET_ELSEWHERE = "ticket-elsewhere"
    COUNTER_UNKNOWN = "counter-unknown"
    COUNTER_BUSY = "counter-busy"
    LINE_EMPTY = "line-empty"
    LINE_EARLY = "line-early"
    TARGET_SAME = "target-same"
    TARGET_UNSERVED = "target-unserved"
    TARGET_AWAY = "target-away"
    CODE_INVALID = "code-invalid"
    CODE_TAKEN = "code-taken"
    NAME_MISSING = "name-missing"
    NAME_TAKEN = "name-taken"
    NUMBER_RANGE = "number-range"
    PLAN_HOURS = "plan-hours"
    PLAN_BREAK = "plan-break"
    PLAN_DAYS = "plan-days"
    PLAN_SHORT = "plan-short"
    DAY_INVALID = "day-invalid"
    REASON_MISSING = "reason-missing"


class Refused(Exception):  # noqa: N818 - a refusal is an expected answer, not an error
    """Raised by the service modules; undoes the transaction. ``facts`` fill in the sentence."""

    def __init__(self, reason: Refusal, /, **facts: str | int) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Service:
    """Something people queue for. ``minutes`` is the usual time at the counter, used for estimates."""

    id: int
    code: str
    name: str
    name_en: str
    needs: str
    needs_en: str
    minutes: int
    day_quota: int
    active: bool
    office_id: int | None = None
    office: str = ""


@dataclass(frozen=True, slots=True)
class Counter:
    """A place where operators serve; ``services`` are the ids of the lines it calls from.

    ``seated_id`` and ``seated_by`` are the id and name of the person who sits there, both empty for nobody.
    """

    id: int
    name: str
    active: bool
    seated_id: str
    seated_by: str
    services: frozenset[int]


@dataclass(frozen=True, slots=True)
class Slot:
    """A weekly stretch of time with its own quota. ``weekday`` 0 is Monday."""

    id: int
    service_id: int
    weekday: int
    start: str
    end: str
    quota: int


@dataclass(frozen=True, slots=True)
class OpenSlot:
    """A slot on one day, with the places left and why it cannot be taken, if so."""

    slot: Slot
    left: int
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A day a citizen may look at, with the places left and why it cannot be taken, if so."""

    day: date
    left: int
    refusal: Refusal | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One number. ``service_id`` gave the number, ``line_id`` is the service whose line it stands in.

    ``wanted_id`` is the only counter that may call it, after a transfer to that counter. ``name``, ``phone``,
    ``visitor`` and ``need`` are kept for its day only and empty afterwards.
    """

    id: int
    code: str
    service_id: int
    line_id: int
    day: str
    number: int
    label: str
    slot_start: str
    slot_end: str
    state: State
    origin: Origin
    priority: bool
    due_at: int
    taken_at: int
    called_at: int | None
    finished_at: int | None
    waited: int | None
    calls: int
    counter_id: int | None
    wanted_id: int | None
    name: str
    phone: str
    visitor: str
    need: Need | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a citizen asked for. ``nonce`` is one per shown form; ``visitor`` one per browser session; ``need`` is a
    ``Need`` or empty.
    """

    service_id: int
    day: date
    slot_id: int
    name: str
    phone: str
    nonce: str
    visitor: str
    need: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Opening hours from which a service's weekly slots are cut; an empty break is no break."""

    weekdays: tuple[int, ...]
    start: str
    end: str
    break_start: str
    break_end: str
    minutes: int
    quota: int
