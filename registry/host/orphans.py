"""What a host killed in the middle of a start leaves behind: bubblewrap's half-made inner process.

It waits for its outer one before it asks the kernel to die with its parent; killed in that moment, it waits for ever
and keeps the sockets it inherited. It is in no cgroup yet, so it is known by being an orphan: a living host is the
parent of its bubblewraps.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

from registry.hosting.plain import FIRST_UID

INIT = 1


def sweep(proc: Path = Path("/proc")) -> int:
    """Kill every orphaned bubblewrap of our users; says how many."""
    if os.getpid() == INIT:
        return 0
    found = list(_orphans(proc))
    for process in found:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            continue
    return len(found)


def _orphans(proc: Path) -> Iterator[int]:
    for folder in proc.glob("[0-9]*"):
        try:
            told = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
        except (OSError, ValueError):
            continue
        user = int(told["Uid"].split()[0])
        if told["Name"].strip() == "bwrap" and int(told["PPid"]) == INIT and _is_ours(user):
            yield int(folder.name)


def _is_ours(user: int) -> bool:
    return user >= FIRST_UID if os.getuid() == 0 else user == os.getuid()
