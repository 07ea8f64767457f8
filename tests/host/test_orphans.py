"""A host killed in the middle of a start leaves a bubblewrap that waits for ever; the next host ends it."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.host import orphans
from registry.hosting.plain import FIRST_UID
from tests.apart import first_number

from .support import is_alive, until

HALF_STARTED = "bwrap --dev-bind / / --block-fd 0 sleep 300 <>{pipe} >/dev/null 2>&1 & echo $!"
"""Stands at its gate; the shell that started it leaves, so it becomes an orphan."""

pytestmark = pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap is not installed")
PR_SET_CHILD_SUBREAPER, PR_GET_CHILD_SUBREAPER = 36, 37


@pytest.fixture
def no_adopter() -> Iterator[None]:
    """Whoever started a zygote before in this very process adopts orphans since."""
    libc, before = ctypes.CDLL(None), ctypes.c_int()
    libc.prctl(PR_GET_CHILD_SUBREAPER, ctypes.byref(before), 0, 0, 0)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
    yield
    libc.prctl(PR_SET_CHILD_SUBREAPER, before.value, 0, 0, 0)


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives each deployment a user of its own")
def test_the_next_host_ends_an_orphan_and_spares_who_has_a_parent(tmp_path, no_adopter):
    number = FIRST_UID + first_number()
    user = {"user": number, "group": number, "extra_groups": [], "cwd": "/"}
    gate = open_to_all(tmp_path)
    told = subprocess.run(["sh", "-c", HALF_STARTED.format(pipe=gate)], capture_output=True, text=True, **user)
    orphan = int(told.stdout)
    kept = subprocess.Popen(["bwrap", "--die-with-parent", "--dev-bind", "/", "/", "sleep", "60"], **user)
    try:
        until(lambda: not is_alive(orphan) or parent_of(orphan) == 1)
        orphans.sweep()
        until(lambda: not is_alive(orphan) and orphans.sweep() == 0)
        assert is_alive(kept.pid)
    finally:
        kept.kill()
        kept.wait()


def parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def open_to_all(folder: Path) -> Path:
    """A pipe that every user may open."""
    pipe = folder / "gate"
    os.mkfifo(pipe)
    pipe.chmod(0o666)
    for step in (folder, *folder.parents):
        if step.name.startswith("pytest-") or step == folder:
            step.chmod(0o755)
    return pipe


def test_the_dead_that_children_leave_behind_are_collected_at_the_second_look():
    child = os.fork()
    if child == 0:
        os._exit(0)
    until(lambda: not is_alive(child))
    seen = orphans.collect(set())
    assert child in seen
    orphans.collect(seen)
    with pytest.raises(ChildProcessError):
        os.waitpid(child, 0)
