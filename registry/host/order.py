"""What one start asks for and what it gives back, whichever way it goes: plainly by bubblewrap, or by the zygote."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from registry.host import sandbox

START_SECONDS = 10
_POLL = 0.002


class StartError(Exception):
    """The sandbox could not be made; the message carries what was said about it."""


@dataclass(frozen=True)
class Order:
    """One sandbox to be started. ``words`` are the shim's: a verb and what belongs to it.

    ``user`` is the host's name (uid and gid) for the plugin's user, None for the host's own. ``listener`` becomes its
    standard input.
    """

    words: Sequence[str]
    root: Sequence[sandbox.Step]
    files: Mapping[str, bytes] = field(repr=False)
    variables: Mapping[str, str] = field(repr=False)
    resources: Mapping[str, int]
    seccomp: bytes = field(repr=False)
    user: int | None = None
    listener: int | None = None


class Process(Protocol):
    """What is known of a started process; `subprocess.Popen` and `Child` are such."""

    pid: int

    def poll(self) -> int | None: ...
    def kill(self) -> None: ...
    def wait(self, timeout: float | None = None) -> int: ...


@dataclass(frozen=True)
class Started:
    """``first`` and ``ends`` are pidfds: of the shim, and of what is gone when all is over. ``output`` is the reading
    end of what it prints, ``gate`` one that must stay open as long as it lives. Whoever gets them closes them.
    """

    process: Process
    first: int
    ends: int
    output: int
    gate: int | None = None


class Child:
    """A direct child of this process known by its pidfd, which stays its owner's to close.

    Unlike Popen it need not have been started here: one that was inherited, or left to us by its parent, will do.
    """

    def __init__(self, pid: int, descriptor: int) -> None:
        self.pid = pid
        self._descriptor = descriptor
        self._code: int | None = None

    def poll(self) -> int | None:
        """The exit code, None while it runs; -n when signal n ended it."""
        if self._code is None and (ended := _collected(self._descriptor)) is not None:
            self._code = ended
        return self._code

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Raises TimeoutExpired."""
        end = time.monotonic() + (timeout if timeout is not None else float("inf"))
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
            time.sleep(_POLL)
        return code


def _collected(descriptor: int) -> int | None:
    try:
        ended = os.waitid(os.P_PIDFD, descriptor, os.WEXITED | os.WNOHANG)
    except ChildProcessError:
        return -signal.SIGKILL  # somebody else collected it: it is gone, and nobody can say how
    if ended is None:
        return None
    return ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status


def memory(name: str, content: bytes) -> int:
    """A descriptor of an anonymous file with this content, rewound; the caller closes it."""
    descriptor = os.memfd_create(name)
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
