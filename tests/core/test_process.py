"""Locks between processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from registry.core import process

HOLD = """
import pathlib, sys, time
from registry.core import process
lock = process.claim(pathlib.Path(sys.argv[1]))
print("held" if lock else "refused", flush=True)
sys.stdin.read()
"""


def another(lock: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_a_lock_is_held_by_one_process_and_free_when_that_is_killed(tmp_path: Path) -> None:
    lock = tmp_path / "a.lock"
    with another(lock) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        assert process.claim(lock) is None
        holder.kill()
    mine = process.claim(lock)
    assert mine is not None
    mine.close()


def test_a_turn_holds_the_lock_until_it_is_over(tmp_path: Path) -> None:
    lock = tmp_path / "new" / "a.lock"
    with process.turn(lock):
        assert process.claim(lock) is None
    again = process.claim(lock)
    assert again is not None
    again.close()
