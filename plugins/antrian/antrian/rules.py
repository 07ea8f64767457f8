"""The rules of the queue: values in, a value or a named refusal out. No database, no request."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from math import ceil

from lumbung_plugin import identity

from antrian.models import Action, Need, OpenDay, Plan, Refusal, Slot, State

NAME_LENGTH = 60
SOON = 30 * 60
"""Seconds before its call in which a number is nearly due."""
CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")

TRANSITIONS: dict[tuple[State, Action], State] = {
    (State.WAITING, Action.CALL): State.CALLED,
    (State.WAITING, Action.CANCEL): State.CANCELLED,
    (State.CALLED, Action.RECALL): State.CALLED,
    (State.CALLED, Action.SKIP): State.SKIPPED,
    (State.CALLED, Action.TRANSFER): State.WAITING,
    (State.CALLED, Action.FINISH): State.FINISHED,
    (State.SKIPPED, Action.RETURN): State.WAITING,
}


def after(state: State, action: Action) -> State | Refusal:
    """The state an action leads to, or the refusal when it does not apply in this state."""
    return TRANSITIONS.get((state, action), Refusal.TICKET_STATE)


def clock_minutes(clock: str) -> int | None:
    """Minutes since midnight of ``HH:MM``; None when it is not a clock time."""
    if not CLOCK.fullmatch(clock):
        return None
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def as_clock(minutes: int) -> str:
    """``HH:MM`` of minutes since midnight."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def instant(day: date, clock: str, zone: tzinfo | None) -> int:
    """The epoch second of a clock time on the city's calendar day."""
    return int(datetime.combine(day, time.fromisoformat(clock), zone).timestamp())


def day_start(day: date, zone: tzinfo | None) -> str:
    """When a day of the city begins, as an ISO moment in UTC: what ``holder`` keeps, and is swept by."""
    return datetime.combine(day, time(), zone).astimezone(UTC).isoformat()


def day_refusal(day: date, today: date, days_ahead: int, closed: bool, has_slots: bool) -> Refusal | None:
    """Why no number can be taken for a day, whatever its quota."""
    if day < today:
        return Refusal.DAY_PAST
    if day > today + timedelta(days=days_ahead):
        return Refusal.DAY_TOO_FAR
    if closed:
        return Refusal.DAY_CLOSED
    return None if has_slots else Refusal.DAY_WITHOUT_SLOTS


def slot_refusal(slot: Slot, day: date, now: datetime, taken: int, last_minutes: int) -> Refusal | None:
    """Why a slot of an open day cannot be taken; it closes ``last_minutes`` before its end."""
    end = clock_minutes(slot.end) or 0
    if day == now.date() and now.hour * 60 + now.minute > end - last_minutes:
        return Refusal.SLOT_PAST
    return Refusal.SLOT_FULL if taken >= slot.quota else None


def open_day(
    day: date, refusal: Refusal | None, left_by_slot: Sequence[int], day_left: int, reason: str = ""
) -> OpenDay:
    """A day with the places really left: the sum of its slots, but never more than the day's own quota."""
    if refusal is not None:
        return OpenDay(day, 0, refusal, reason)
    left = max(0, min(sum(left_by_slot), day_left))
    return OpenDay(day, left, None if left else Refusal.DAY_FULL)


def estimate(dues_ahead: Sequence[int], due_at: int, now: int, minutes: int, counters: int) -> int:
    """When a ticket is likely to be called (epoch seconds).

    Those ahead are served one after the other, none before their own slot begins (``dues_ahead``, in order),
    each taking the service's usual minutes shared by the counters side by side; no counter counts as one.
    """
    free = now
    for due in dues_ahead:
        free = max(free, due) + minutes * 60 // max(1, counters)
    return max(free, due_at)


def waited_seconds(due_at: int, taken_at: int, called_at: int) -> int:
    """Waiting counts from the slot's start, or from taking the number when that was later."""
    return max(0, called_at - max(due_at, taken_at))


def percentile(values: Sequence[int], share: float) -> int | None:
    """Nearest-rank percentile (``share`` 0.5 is the median); None for no values."""
    if not values:
        return None
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


def clean_name(text: str) -> str | Refusal:
    """A name on one line, or nothing; the name is never required."""
    name = " ".join(text.split())
    return Refusal.NAME_LONG if len(name) > NAME_LENGTH else name


def clean_phone(text: str) -> str | Refusal:
    """An Indonesian number as ``+62…``, or nothing; the number is never required."""
    if not text.strip():
        return ""
    return identity.phone(text) or Refusal.PHONE_INVALID


def clean_need(text: str) -> Need | Refusal | None:
    """The reason for priority a person may state; None for nobody's."""
    if not text:
        return None
    if text == Need.UNSTATED or text not in set(Need):
        return Refusal.NEED_UNKNOWN
    return Need(text)


def is_nearly(ahead: int, nearly: int, estimate: int, now: int) -> bool:
    """Whether a holder should be on the way: few stand before, and the time is no more than half an hour off."""
    return ahead <= nearly and estimate - now <= SOON


def day_reason(closed: str | None, opened: bool, holiday: str | None) -> str | None:
    """Why a day is closed: what the administrator wrote, else the holiday, unless the administrator opened it."""
    if closed is not None:
        return closed
    return None if opened else holiday


def plan_refusal(plan: Plan) -> Refusal | None:
    """What is wrong with opening hours, if anything."""
    if not plan.weekdays or not set(plan.weekdays) <= set(range(7)):
        return Refusal.PLAN_DAYS
    start, end = clock_minutes(plan.start), clock_minutes(plan.end)
    if start is None or end is None or end <= start:
        return Refusal.PLAN_HOURS
    if not (10 <= plan.minutes <= 480 and 1 <= plan.quota <= 500):
        return Refusal.NUMBER_RANGE
    if plan.minutes > end - start:
        return Refusal.PLAN_SHORT
    if not plan.break_start and not plan.break_end:
        return None
    pause, resume = clock_minutes(plan.break_start), clock_minutes(plan.break_end)
    if pause is None or resume is None or not start <= pause < resume <= end:
        return Refusal.PLAN_BREAK
    return None


def cut(plan: Plan) -> list[tuple[str, str]] | Refusal:
    """The slots of one day as (start, end); a rest shorter than a slot before a break is left out."""
    refusal = plan_refusal(plan)
    if refusal is not None:
        return refusal
    start, end = clock_minutes(plan.start) or 0, clock_minutes(plan.end) or 0
    pause = clock_minutes(plan.break_start)
    resume = clock_minutes(plan.break_end)
    stretches = [(start, end)] if pause is None or resume is None else [(start, pause), (resume, end)]
    slots = [
        (as_clock(begin), as_clock(begin + plan.minutes))
        for opening, closing in stretches
        for begin in range(opening, closing - plan.minutes + 1, plan.minutes)
    ]
    return slots or Refusal.PLAN_SHORT
