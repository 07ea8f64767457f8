"""What the demo brings once Lumbung is ready: the rest of the plugins and their releases, in a process of its own.

It takes a while the first time, and nobody should wait for it to look around. What a stop leaves undone is done at the
next start.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from registry.config import Settings, from_environment
from registry.operate import demo
from registry.operate.parts import environment
from registry.operate.watch import die_with_parent

LOG = "demo.log"
NICER = 10
"""People who look around already come first."""


@contextmanager
def beside(settings: Settings) -> Iterator[None]:
    """Runs until it is done or the block is left; nothing runs where there is no demo."""
    if not settings.demo:
        yield
        return
    log = settings.data / "log" / LOG
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            env=environment(settings),
            cwd=settings.data,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    os.nice(NICER)
    demo.fill(from_environment())
