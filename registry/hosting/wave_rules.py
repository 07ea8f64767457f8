"""How an upgrade of many cities goes on: which city is in which step, and what follows from what happened. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

MAX_CANARY, MAX_SIZE, MAX_PAUSE_MINUTES, MAX_TOLERATED = 10, 50, 7 * 24 * 60, 50
ENDED = frozenset({"done", "failed", "skipped"})


class Course(StrEnum):
    """What to do with a wave that is running: ``begin`` the waiting ones of its step, ``wait``, go to the ``next``
    step, ``stop`` (too many failed), or ``end`` it.
    """

    BEGIN = "begin"
    WAIT = "wait"
    NEXT = "next"
    STOP = "stop"
    END = "end"


def step_of(position: int, canary: int, size: int) -> int:
    """The step of the city at ``position`` (from 0): step 0 are the canaries."""
    return 0 if position < canary else 1 + (position - canary) // size


def course(states: Sequence[str], failures: int, tolerated: int, last: bool) -> Course:
    """``states`` are those of the members of the step under way; ``failures`` those of all steps that still count."""
    if failures > tolerated:
        return Course.STOP if "running" not in states else Course.WAIT
    if "waiting" in states:
        return Course.BEGIN
    if not all(state in ENDED for state in states):
        return Course.WAIT
    return Course.END if last else Course.NEXT


def may(act: str, state: str) -> bool:
    """Whether a maintainer may ``resume``, ``stop`` or ``abort`` a wave in this state."""
    return state in {"resume": ("stopped",), "stop": ("running",), "abort": ("running", "stopped")}[act]
