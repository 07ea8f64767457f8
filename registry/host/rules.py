"""What follows from what, without a process or a database: exits, back-off, and how an open switch goes on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from registry.hosting.plain import SwitchStep

GIVE_UP_AFTER = 5
LONGEST_WAIT = 60.0
SHORTEST_LIFE = 1.0
RASH_LIFE = 60.0

PERCENT = {
    SwitchStep.PENDING: 0,
    SwitchStep.DRAINING: 10,
    SwitchStep.SNAPSHOT: 25,
    SwitchStep.MIGRATING: 50,
    SwitchStep.PROBING: 75,
    SwitchStep.COMMITTED: 100,
}
CLOSED = frozenset({SwitchStep.COMMITTED, SwitchStep.REVERTED, SwitchStep.FAILED})


@dataclass(frozen=True)
class Exit:
    """How a sandbox ended. ``announced``: the shim said it was leaving; ``asked``: the host had told it to."""

    code: int
    announced: bool
    served: bool
    asked: bool
    seconds: float


@dataclass(frozen=True)
class Verdict:
    """``failures`` in a row so far; ``wait`` seconds before listening again; ``give_up``: switch it off."""

    failures: int
    wait: float = 0.0
    give_up: bool = False


def after_exit(failures: int, ended: Exit) -> Verdict:
    """Leaving on purpose is no failure, unless it happens at once (a loop of starts would follow).

    A request served since the last failure starts the count anew.
    """
    before = 0 if ended.served else failures
    if ended.asked or (ended.announced and ended.code == 0 and ended.seconds >= SHORTEST_LIFE):
        return Verdict(before)
    count = before + 1
    wait = min(2.0 ** (count - 1), LONGEST_WAIT)
    return Verdict(count, wait, give_up=count >= GIVE_UP_AFTER)


def is_rash(ended: Exit) -> bool:
    """Left by itself soon after its start: no extra processor time for the next one, or leaving would pay."""
    return not ended.asked and ended.seconds < RASH_LIFE


class Course(Enum):
    """How to go on with an open switch that nobody is working on."""

    BEGIN = "begin"
    REVERT_STEP = "nothing was changed yet: only say so"
    REVERT_DATA = "the data may have been changed: put the snapshot back"
    NOTHING = "closed"


def course(step: SwitchStep) -> Course:
    """Before ``committed`` the old revision and its snapshot win; untouched ones simply begin."""
    if step in CLOSED:
        return Course.NOTHING
    if step in (SwitchStep.PENDING, SwitchStep.DRAINING):
        return Course.BEGIN
    return Course.REVERT_STEP if step is SwitchStep.SNAPSHOT else Course.REVERT_DATA
