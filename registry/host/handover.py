"""How one host program gives what runs to the next without stopping it (an upgrade of Lumbung itself).

On SIGHUP the process replaces its own program (`execve`): it keeps its id, so its children stay its children, and
descriptors that are told to stay open do. What they mean is written into an anonymous file whose descriptor travels in
the environment. A signal that comes meanwhile waits until the next program listens to it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

FORMAT = 1
"""Of what is handed on: another number means that the two programs do not understand each other."""

VARIABLE = "LUMBUNG_HANDOVER"
TRY_SECONDS = 60


@dataclass(frozen=True)
class KeptLife:
    """A running sandbox: ``first``, ``output``, ``ends`` and ``gate`` are descriptors, ``groups`` its cgroup folders,
    ``started`` a time of the machine's monotonic clock.
    """

    pid: int
    first: int
    output: int
    ends: int
    gate: int | None
    groups: list[str]
    started: float
    cpu: float
    flags: dict[str, bool]

    def descriptors(self) -> list[int]:
        return [self.first, self.output, self.ends, *([] if self.gate is None else [self.gate])]


@dataclass(frozen=True)
class Kept:
    """One plugin: ``door`` is the descriptor of its listening socket at ``place``."""

    deployment: int
    place: str
    locale: str
    door: int | None
    life: KeptLife | None
    revision: int | None
    failures: int
    last_use: float
    said: str
    standing: str
    crashed: bool
    read_only: bool

    def descriptors(self) -> list[int]:
        return [*([] if self.door is None else [self.door]), *(self.life.descriptors() if self.life else [])]


@dataclass(frozen=True)
class Handover:
    """All of one host. ``lock`` is the descriptor of its locked file, ``facts`` what it found to hold here."""

    lock: int
    facts: dict[str, object]
    plugins: list[Kept]

    def groups(self) -> set[str]:
        return {folder for one in self.plugins if one.life for folder in one.life.groups}


def speaks(command: Iterable[str] = (sys.executable, "-m", "registry.host.successor")) -> int:
    """The format the program now on disk understands. Raises OSError, ValueError with what it said when it does not
    even load.
    """
    done = subprocess.run([*command], capture_output=True, stdin=subprocess.DEVNULL, text=True, timeout=TRY_SECONDS)
    if done.returncode or not done.stdout.strip().isdigit():
        raise ValueError(done.stderr.strip()[-2000:] or f"it answered {done.stdout[:100]!r}")
    return int(done.stdout)


def become_successor(handover: Handover | None) -> None:
    """Replace this process's program by the one now on disk; None: it begins with nothing. Only for the main thread,
    whose children survive: what other threads started ends here. A SIGHUP waits from now on until the successor calls
    `hear`: who sends it may have put yet another program there.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    if handover is not None:
        for descriptor in (handover.lock, *(d for one in handover.plugins for d in one.descriptors())):
            os.set_inheritable(descriptor, True)
        environment[VARIABLE] = str(_written(handover))
    signal.set_wakeup_fd(-1)
    os.execve(sys.executable, sys.orig_argv, environment)  # noqa: S606 - the same command once more


def hear() -> None:
    """Let in the SIGHUP that has waited since the predecessor left; whoever starts children has to have called this."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})


def received() -> Handover | None:
    """What a predecessor of this very process left; None when there was none. Its descriptors are closed on the next
    exec again. Raises ValueError when it is not of this format.
    """
    descriptor = os.environ.pop(VARIABLE, "")
    if not descriptor.isdigit():
        return None
    with os.fdopen(int(descriptor), "rb") as file:
        told = json.load(file)
    if told.get("format") != FORMAT or told.get("pid") != os.getpid():
        raise ValueError("what the predecessor left is not for this program")
    found = Handover(told["lock"], told["facts"], [_kept(one) for one in told["plugins"]])
    for kept in (found.lock, *(d for one in found.plugins for d in one.descriptors())):
        os.set_inheritable(kept, False)
    return found


def _written(handover: Handover) -> int:
    descriptor = os.memfd_create("handover", 0)
    told = {"format": FORMAT, "pid": os.getpid(), **asdict(handover)}
    with os.fdopen(os.dup(descriptor), "wb") as file:
        file.write(json.dumps(told).encode())
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _kept(told: dict[str, Any]) -> Kept:
    life = told.pop("life")
    return Kept(**told, life=KeptLife(**life) if life else None)
