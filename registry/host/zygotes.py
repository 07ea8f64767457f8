"""Keeping zygotes: one per base environment, made anew when it dies, when it is old, and when the runtime changes.

None is ever waited for. While there is no ready one, starts take the plain way.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from registry.host.nest import Nest
from registry.host.zygote import Zygote

RENEW_SECONDS = 6 * 3600.0
"""Children of one zygote share the layout of their memory and the seed of their hashes: not for ever."""

PAUSE_SECONDS = 10.0
"""After one failed, before the next is made."""

KEPT = 2
"""Base environments that are served warm at once: while a new runtime comes, and the old one goes."""

logger = structlog.get_logger("lumbung.host")


class Zygotes:
    """Safe to use from several threads."""

    def __init__(self, nest: Callable[[Path], Nest], own_users: bool) -> None:
        self._nest = nest
        self._own_users = own_users
        self._lock = threading.Lock()
        self._kept: dict[Path, list[Zygote]] = {}
        self._not_before = 0.0
        self.problem = ""
        """Why the last one failed; empty while all is well."""

    def at_hand(self, base: Path) -> Zygote | None:
        """The newest ready zygote of this environment. Sees to it that there will be one."""
        with self._lock:
            mine = self._living(base)
            if not mine or time.monotonic() - mine[-1].born > RENEW_SECONDS:
                self._make(base, mine)
            ready = [zygote for zygote in mine if zygote.ready()]
            if not ready:
                return None
            for old in mine[: mine.index(ready[-1])]:
                mine.remove(old)
                old.close()
            self.problem = ""
            return ready[-1]

    def drop(self, zygote: Zygote, why: object) -> None:
        """It failed: it leaves, and after a pause there will be another."""
        with self._lock:
            for mine in self._kept.values():
                if zygote in mine:
                    mine.remove(zygote)
                    self._failed(zygote, str(why))

    def close(self) -> None:
        with self._lock:
            for mine in self._kept.values():
                for zygote in mine:
                    zygote.close()
            self._kept.clear()

    def _living(self, base: Path) -> list[Zygote]:
        """Oldest first. Asking makes this base the last to be let go."""
        mine = self._kept.pop(base, [])
        self._kept[base] = mine
        for zygote in list(mine):
            if not zygote.alive():
                mine.remove(zygote)
                self._failed(zygote, "it ended")
        return mine

    def _make(self, base: Path, mine: list[Zygote]) -> None:
        if time.monotonic() < self._not_before:
            return
        while len(self._kept) > KEPT:
            for zygote in self._kept.pop(next(iter(self._kept))):
                zygote.close()
        try:
            mine.append(Zygote(self._nest(base), self._own_users))
        except OSError as error:
            self._fail(str(error))

    def _failed(self, zygote: Zygote, why: str) -> None:
        zygote.close()
        self._fail(why)

    def _fail(self, why: str) -> None:
        self.problem = why
        self._not_before = time.monotonic() + PAUSE_SECONDS
        logger.warning("no warm starts for now", reason=why)


def base_of(environment: Path) -> Path | None:
    """The runtime's environment without anybody's own wheels, to which this one only adds; None when nobody said so.

    Its name is written into ``.whole`` by whoever builds environments, as the last thing.
    """
    try:
        name = (environment / ".whole").read_text().strip()
    except OSError:
        return None
    base = environment.parent / name
    return base if name and Path(name).name == name and (base / ".whole").exists() else None


def no_base(_environment: Path) -> Path | None:
    """Instead of `base_of`: everything starts plainly."""
    return None


def newest_base(environments: Path) -> Path | None:
    """The base most lately made, which the next start will most likely ask for."""
    marks = sorted(environments.glob("*/.whole"), key=lambda mark: mark.stat().st_mtime)
    bases = (mark.parent for mark in reversed(marks) if base_of(mark.parent) == mark.parent)
    return next(bases, None)
