"""What a process asks of the kernel: to be the only one, to wait for its turn, room for open files, who has ended."""

from __future__ import annotations

import fcntl
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


def claim(path: Path) -> IO[str] | None:
    """The lock ``path``, held until it is closed or we die; None when another process holds it."""
    lock = path.open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Wait until no other process holds the lock ``path``, and hold it meanwhile. Its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def allow_many_files() -> None:
    """As many open files and sockets as the machine gives us: each deployment takes a few."""
    _now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def has_ended(pid: int, proc: Path = Path("/proc")) -> bool:
    """Gone, or waiting to be collected by a parent, which may never do so: a signal of 0 still reaches that one."""
    try:
        return (proc / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def works_in(folder: Path, proc: Path = Path("/proc")) -> bool:
    """Whether a living process has ``folder`` as its working directory."""
    wanted = os.path.realpath(folder)
    for link in proc.glob("[0-9]*/cwd"):
        with suppress(OSError):
            if os.readlink(link) == wanted:
                return True
    return False
