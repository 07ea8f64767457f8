"""``lumbung forge``: what the operator reads, and what a script learns from the exit code."""

from __future__ import annotations

import pytest

from registry.forge import storage
from registry.forge.keeping.cli import forge
from tests.forge.keeping.conftest import commit


@pytest.fixture
def run(world):
    """Runs a command; answers its exit code and output."""

    def told(*words: str) -> tuple[int, str]:
        done = world.app.test_cli_runner().invoke(forge, list(words))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return told


def test_all_is_sound(run):
    assert run("fsck") == (0, "sound    lapor (pool)\nsound    lapor\nsound    bontang/lapor\n")


def test_a_fault_is_exit_1_and_a_repair_exit_0(world, run):
    (world.storage.fork("bontang", "lapor") / "objects/info/alternates").unlink()
    code, told = run("fsck", "bontang/lapor")
    assert code == 1 and "broken   bontang/lapor\n         broken objects" in told
    code, told = run("fsck", "bontang/lapor", "--repair")
    assert code == 0 and "repaired bontang/lapor" in told
    assert run("fsck", "lapor")[0] == 0


def test_what_is_lost_stays_exit_1(world, run):
    storage.remove(world.storage.fork("bontang", "lapor"))
    assert run("fsck", "--repair")[0] == 1


def test_who_asks_for_what_is_not_there_is_told(run):
    code, told = run("fsck", "bontang/nothing")
    assert code == 1 and "no repository bontang/nothing" in told


def test_keep_does_the_hours_work_at_once(world, run):
    commit(world.storage.fork("bontang", "lapor"), "own")
    assert run("keep")[0] == 0
    assert "0 needed something" in run("keep")[1]
