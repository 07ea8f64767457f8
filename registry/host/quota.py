"""How much a plugin's data may take: looked at while it is awake, often when it could soon be too much.

Where the file system keeps no quotas of its own, this is what holds `Limits.disk` and `Limits.files`: a plugin over
either is started anew with its data read-only, and may write again below `AGAIN` of both. What it has deleted but
still holds open counts too. Between two looks a plugin can pass its limit by what it writes in that time; the disk
itself is kept by `SPARE`: when less is left, whoever grows fastest stops writing first.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from registry.host import data
from registry.host.limits import Group
from registry.hosting.plain import Limits

AGAIN = 0.95
SOONEST, LATEST = 0.5, 30.0
FASTEST_BYTES, FASTEST_FILES = 200 * 2**20, 20_000
"""Per second: what a plugin is believed able to write before it has shown more."""

COST = 20.0
"""A look is not repeated before this many times what it took: counting must not become the load."""

GROWN_BYTES, GROWN_FILES = 2**20, 20
SPARE = data.SPARE


@dataclass(frozen=True)
class Look:
    """One measurement: ``at`` and ``took`` in seconds of a clock that never goes back."""

    size: int
    files: int
    whole: bool
    at: float
    took: float = 0.0


@dataclass(frozen=True)
class Watch:
    """What is known of one plugin's data. ``bytes_rate`` and ``files_rate`` are the fastest growth seen, per second;
    ``growth`` is that of the last look, in bytes. ``read_only`` is how its data should be mounted.
    """

    last: Look | None = None
    bytes_rate: float = FASTEST_BYTES
    files_rate: float = FASTEST_FILES
    growth: float = 0.0
    read_only: bool = False


def after(watch: Watch, look: Look, limits: Limits) -> Watch:
    """What is known after one more look. Over a limit (or not countable): read-only, until below AGAIN of both."""
    share = max(look.size / limits.disk, look.files / limits.files) if look.whole else float("inf")
    read_only = share > (AGAIN if watch.read_only else 1)
    if watch.last is None:
        return replace(watch, last=look, read_only=read_only)
    seconds = max(look.at - watch.last.at, 0.001)
    grown, more = (look.size - watch.last.size) / seconds, (look.files - watch.last.files) / seconds
    return Watch(look, max(watch.bytes_rate, grown), max(watch.files_rate, more), max(grown, 0.0), read_only)


def wait(watch: Watch, limits: Limits) -> float:
    """Seconds until the next look: no later than the fastest writing seen could fill the room that is left."""
    if watch.last is None:
        return 0.0
    room = (limits.disk - watch.last.size) / watch.bytes_rate, (limits.files - watch.last.files) / watch.files_rate
    soon = LATEST if watch.read_only else min(max(min(room), SOONEST), LATEST)
    return max(soon, watch.last.took * COST)


class Guard:
    """Over a sandbox that writes and ends by itself: a task, or a migration, whose ``share`` is 2 because it may need
    room for a second copy. Who was over its limit before may go on as long as it adds nothing.
    """

    def __init__(self, folder: Path, limits: Limits, share: float = 1.0) -> None:
        self._folder = folder
        self._limits = replace(limits, disk=int(limits.disk * share), files=int(limits.files * share))
        self._watch = Watch()
        self._next = 0.0
        self._began: Look | None = None

    def over(self, group: Group) -> int | None:
        """The bytes its data takes when that is too much or the disk is nearly full; None while all is well. Looks
        only when it is time to.
        """
        now = time.monotonic()
        if now < self._next:
            return None
        seen = look(self._folder, group.pids(), now)
        seen = replace(seen, took=time.monotonic() - now)
        self._began = self._began or seen
        self._watch = after(self._watch, seen, self._limits)
        self._next = time.monotonic() + min(wait(self._watch, self._limits), max(seen.took * COST, SOONEST * 4))
        grown = seen.size > self._began.size + GROWN_BYTES or seen.files > self._began.files + GROWN_FILES
        full = disk_is_nearly_full(self._folder)
        return seen.size if grown and (self._watch.read_only or full) else None


def fastest(watches: dict[int, Watch]) -> int | None:
    """Who is stopped first when the disk is nearly full: who grew most at the last look; None when nobody grows."""
    writing = {one: watch.growth for one, watch in watches.items() if watch.growth > 0 and not watch.read_only}
    return max(writing, key=lambda one: writing[one]) if writing else None


def disk_is_nearly_full(folder: Path, spare: int = SPARE) -> bool:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize < spare


def look(folder: Path, pids: Iterable[int], clock: float, took: float = 0.0, proc: Path = Path("/proc")) -> Look:
    """Measure a data folder, and what ``pids`` still hold open of it without a name."""
    usage = data.measure(folder)
    hidden = sum(_nameless(folder, pids, proc).values())
    return Look(usage.size + hidden, usage.files, usage.complete, clock, took)


def _nameless(folder: Path, pids: Iterable[int], proc: Path) -> dict[int, int]:
    """Bytes of each open or mapped file (by inode) on the folder's device that has no name any more."""
    found: dict[int, int] = {}
    with suppress(OSError):
        device = os.stat(folder).st_dev
        for pid in pids:
            for place in (proc / str(pid) / "fd", proc / str(pid) / "map_files"):
                _add_nameless(place, device, found)
    return found


def _add_nameless(place: Path, device: int, found: dict[int, int]) -> None:
    with suppress(OSError), os.scandir(place) as entries:
        for entry in entries:
            with suppress(OSError):
                if not os.readlink(entry.path).endswith(" (deleted)"):
                    continue
                file = os.stat(entry.path)
                if file.st_dev == device and file.st_nlink == 0:
                    found[file.st_ino] = file.st_blocks * 512
