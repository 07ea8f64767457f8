"""More processor time for a start, and only for a start."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.host.limits import Group
from registry.host.rules import Exit, is_rash
from registry.host.spawn import HURRY_SECONDS
from registry.hosting.plain import Limits

from .bundles import OBEDIENT
from .house import House, get
from .support import Workshop, ask, until

BURN = """
import time
began, used = time.time(), time.process_time()
while time.time() - began < 1.5: pass
result = (time.process_time() - used) / (time.time() - began)
"""


def test_a_hurried_sandbox_has_more_until_it_settles(workshop: Workshop) -> None:
    guest = workshop.start(workshop.spec(OBEDIENT, limits=Limits(cpu=0.1)))
    guest.sandbox.hurry()
    until(lambda: guest.run(BURN) > 0.2)
    guest.sandbox.settle()
    assert guest.run(BURN) < 0.2


def test_the_first_answer_ends_the_hurry(house: House) -> None:
    house.start()
    plugin = house.deployed(OBEDIENT)
    assert get(plugin).status == 200
    until(lambda: float(ask(plugin.place, "/", "POST", BURN).text) < Limits().cpu + 0.2, HURRY_SECONDS - 2)


@pytest.mark.parametrize(("name", "content"), [("cpu.cfs_quota_us", "150000"), ("cpu.max", "150000 100000")])
def test_either_version_of_cgroups_is_told(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text("")
    Group((tmp_path,)).allow(1.5)
    assert (tmp_path / name).read_text() == content


def test_a_group_that_is_gone_is_left(tmp_path: Path) -> None:
    Group((tmp_path / "gone",)).allow(1.5)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("asked", "seconds", "rash"), [(False, 5, True), (False, 300, False), (True, 5, False)])
def test_who_leaves_by_itself_at_once_is_not_hurried_again(asked: bool, seconds: float, rash: bool) -> None:
    assert is_rash(Exit(0, True, True, asked, seconds)) is rash
