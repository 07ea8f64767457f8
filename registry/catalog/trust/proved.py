"""What is known of a bundle's own tests: the values the checklist, the rating and pages speak of. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from registry.hosting.plain import ProvingState


@dataclass(frozen=True)
class Content:
    """What a run of tests is a run of. ``lock`` is that of ``requirements.txt``; ``version`` is told to people only."""

    tree: str
    lock: str
    runtime: str
    version: str


@dataclass(frozen=True)
class Result:
    """How the newest run of a tree's tests went, or that one is under way.

    The counts are what the tests say of themselves, in one process with the code they try: a bundle can lie about
    itself, so they show mistakes and no malice. ``reason`` with ``detail`` says why a run was broken.
    """

    id: int
    state: ProvingState
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    errors: int = 0
    seconds: float = 0.0
    reason: str = ""
    detail: str = ""
    failures: tuple[str, ...] = ()
    finished_at: datetime | None = None

    @property
    def running(self) -> bool:
        return self.state is ProvingState.RUNNING

    @property
    def under_way(self) -> bool:
        return self.state in (ProvingState.WANTED, ProvingState.RUNNING)
