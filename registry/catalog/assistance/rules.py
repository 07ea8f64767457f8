"""How a request for assistance goes from question to end. Pure: values in, a value or a refusal's code out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

CITY, HELPER = "city", "helper"
SIDES = (CITY, HELPER)
OPEN, WAITS_CITY, WAITS_HELPER, SOLVED, CLOSED = "open", "city", "helper", "solved", "closed"
STATES = (OPEN, WAITS_CITY, WAITS_HELPER, SOLVED, CLOSED)
RUNNING = (OPEN, WAITS_CITY, WAITS_HELPER)
FOR_HELPER = (OPEN, WAITS_HELPER)
ENDED = (SOLVED, CLOSED)

SAY, SOLVE, CLOSE, REOPEN = "say", "solve", "close", "reopen"
ACTS = (SAY, SOLVE, CLOSE, REOPEN)
LOW, NORMAL, HIGH = "low", "normal", "high"
URGENCIES = (LOW, NORMAL, HIGH)
INSTALLATION, OPERATION, NONE = "installation", "operation", "none"
PHASES = (INSTALLATION, OPERATION)
PROMISES = (NONE, INSTALLATION, OPERATION)

TITLE, TEXT, TRIED = (5, 120), (2, 4_000), (0, 2_000)
QUESTION, ANSWER = (10, 500), (10, 4_000)
"""Fewest and most characters of a text."""

MAX_VERSION = 40
MAX_FILES = 5
MOST_FILES = 50
MOST_MESSAGES = 500
REOPENS = timedelta(days=30)
"""So long a solved or closed request can be opened again; what was solved closes by itself after it."""

_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_NUMBER = re.compile(r"(?:\d[ .()-]?){9,}\d")
_LINK = re.compile(r"(?i)\b(?:https?://|www\.)\S+")


def after(state: str, act: str, side: str, ended_at: datetime | None, moment: datetime) -> tuple[str, str | None]:
    """The state that follows, and why the act is refused (a stable code) or None."""
    if act == REOPEN:
        if state not in ENDED:
            return state, "not-ended"
        late = ended_at is not None and moment - ended_at > REOPENS
        return (state, "too-late") if late else (waits_after(OPEN, side, True), None)
    if act == CLOSE:
        return (state, "closed") if state == CLOSED else (CLOSED, None)
    if state in ENDED:
        return state, "ended"
    return (SOLVED, None) if act == SOLVE else (waits_after(state, side, state != OPEN), None)


def waits_after(state: str, side: str, answered: bool) -> str:
    """Whose turn it is when ``side`` has spoken; what nobody has answered yet stays open."""
    if side == HELPER:
        return WAITS_CITY
    return WAITS_HELPER if answered else state


def is_covered(phase: str, promised: str) -> bool:
    """Whether help for this phase is within what the PKS promises: operation includes installation."""
    return promised != NONE and PROMISES.index(phase) <= PROMISES.index(promised)


def private_problem(text: str, names: Collection[str]) -> str | None:
    """Why words cannot be for everybody: an address, a number of a person, a link into the city, somebody's name."""
    if _MAIL.search(text):
        return "mail"
    if _NUMBER.search(text):
        return "number"
    if _LINK.search(text):
        return "link"
    folded = text.casefold()
    return "name" if any(name.strip() and name.strip().casefold() in folded for name in names) else None


def median_hours(spans: Iterable[timedelta]) -> float | None:
    """The middle one in hours, None of nothing."""
    found = sorted(span.total_seconds() / 3600 for span in spans)
    if not found:
        return None
    middle = len(found) // 2
    return found[middle] if len(found) % 2 else (found[middle - 1] + found[middle]) / 2
