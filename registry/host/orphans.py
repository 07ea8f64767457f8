"""Processes without a parent: what our own children leave behind, and what a killed host did.

A host killed in the middle of a start leaves bubblewrap's half-made inner process. It waits for its outer one before it
asks the kernel to die with its parent; killed in that moment, it waits for ever and keeps the sockets it inherited. It
is in no cgroup yet, so it is known by being an orphan: a living host is the parent of its bubblewraps.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from registry.core import process
from registry.hosting.plain import FIRST_UID, PROVER

INIT = 1
TURNS = 3
"""The inner one of a killed outer one becomes an orphan itself."""


def sweep(proc: Path = Path("/proc")) -> int:
    """Kill every orphaned bubblewrap of our users; says how many."""
    if os.getpid() == INIT:
        return 0
    ended: set[int] = set()
    for _turn in range(TURNS):
        for orphan in _orphans(proc):
            ended.add(orphan)
            with suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGKILL)
        time.sleep(0.02)
    return len(ended)


def collect(seen: set[int], proc: Path = Path("/proc")) -> set[int]:
    """Whatever our children leave behind becomes ours (PR_SET_CHILD_SUBREAPER), and nobody waits for it: those already
    ``seen`` dead a look ago are collected. Returns the dead of this look.
    """
    dead = {child for child in _children(proc) if process.has_ended(child, proc)}
    for child in dead & seen:
        with suppress(ChildProcessError):
            os.waitpid(child, os.WNOHANG)
    return dead - seen


def _children(proc: Path) -> Iterator[int]:
    for told in (proc / str(os.getpid()) / "task").glob("*/children"):
        with suppress(OSError):
            yield from (int(word) for word in told.read_text().split())


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
    return user >= FIRST_UID + PROVER if os.getuid() == 0 else user == os.getuid()
