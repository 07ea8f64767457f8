"""What figures say: percentiles, and when somebody must be told. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import accumulate

from registry.hosting.plain import DeploymentState, Limits

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Upper ends, in seconds, of the histogram the shim counts (`registry.host.shim.stats`); one more bucket is open."""

LONGEST = 60.0
"""What a request of the open bucket is taken for."""

RECENT, LATELY = timedelta(minutes=10), timedelta(hours=1)
"""Load is judged over `RECENT`; what ended or held the plugin stays an alert for `LATELY`."""

FEW, ERRORS, SLOW, NEARLY = 20, 0.05, 2.0, 0.9

CRASHED, MEMORY, PROCESSES, STUCK = "crashed", "memory", "processes", "stuck"
DISK_FULL, DISK_NEARLY, FAILING, SLUGGISH = "disk_full", "disk_nearly", "errors", "slow"
HOST_SILENT = "host_silent"
KINDS = (CRASHED, DISK_FULL, DISK_NEARLY, MEMORY, PROCESSES, STUCK, FAILING, SLUGGISH)
"""Judged here, per plugin. Others (`HOST_SILENT`, those of backups) are raised by whoever knows."""

DISK_KINDS = frozenset({DISK_FULL, DISK_NEARLY})


def percentile(histogram: Sequence[int], hundredth: float) -> float | None:
    """Seconds within which that share of the requests was answered, read between a bucket's ends; None of none."""
    total = sum(histogram)
    if not total:
        return None
    wanted = total * hundredth / 100
    ends = (*BUCKETS, LONGEST)
    for index, reached in enumerate(accumulate(histogram)):
        if reached >= wanted:
            low = BUCKETS[index - 1] if index else 0.0
            inside = (wanted - (reached - histogram[index])) / histogram[index] if histogram[index] else 1.0
            return low + (ends[index] - low) * inside
    return LONGEST


def total(histograms: Iterable[Sequence[int]]) -> list[int]:
    """Bucket by bucket; of nothing, all zeros."""
    summed = [0] * (len(BUCKETS) + 1)
    for histogram in histograms:
        summed = [a + b for a, b in zip(summed, histogram, strict=True)]
    return summed


@dataclass(frozen=True)
class Load:
    """Of the last `RECENT`; ``killed`` and ``stuck`` of the last `LATELY`."""

    requests: int = 0
    errors: int = 0
    histogram: Sequence[int] = ()
    processes: int = 0
    killed: int = 0
    stuck: int = 0


@dataclass(frozen=True)
class Disk:
    """As it was last seen, whenever that was."""

    size: int
    files: int
    read_only: bool


@dataclass(frozen=True)
class Facts:
    """One deployment as the judge sees it. ``disk`` is None when it was never measured."""

    state: str
    limits: Limits = field(default_factory=Limits)
    load: Load = field(default_factory=Load)
    disk: Disk | None = None


def judge(facts: Facts) -> dict[str, dict[str, object]]:
    """What is wrong now: kind → what its sentence needs."""
    found: dict[str, dict[str, object]] = {}
    load, limits = facts.load, facts.limits
    if facts.state == DeploymentState.CRASHED:
        found[CRASHED] = {}
    found.update(_disk(facts.disk, limits))
    if load.killed:
        found[MEMORY] = {"times": load.killed, "limit": limits.memory}
    if load.stuck:
        found[STUCK] = {"times": load.stuck, "seconds": limits.request}
    if load.processes >= limits.processes:
        found[PROCESSES] = {"limit": limits.processes}
    if load.requests >= FEW and load.errors > load.requests * ERRORS:
        found[FAILING] = {"errors": load.errors, "requests": load.requests}
    slow = percentile(load.histogram, 95)
    if load.requests >= FEW and slow is not None and slow > SLOW:
        found[SLUGGISH] = {"seconds": slow}
    return found


def _disk(disk: Disk | None, limits: Limits) -> dict[str, dict[str, object]]:
    if disk is None:
        return {}
    share = max(disk.size / limits.disk, disk.files / limits.files)
    told: dict[str, object] = {"size": disk.size, "limit": limits.disk, "files": disk.files, "most": limits.files}
    if disk.read_only or share >= 1:
        return {DISK_FULL: told}
    return {DISK_NEARLY: told} if share >= NEARLY else {}
