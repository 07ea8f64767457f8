"""kill -9 of the host at every step of everything it does: the next host ends at the old or the new, never between.

The steps are the code's own: whoever adds one is asked here what a kill does to it.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.host.rules import CLOSED
from registry.hosting.plain import ErrandKind, ErrandState, SwitchStep

from .bundles import counter
from .house import Deployment, House, get, post, sandboxes
from .support import until

STEPS = [step for step in SwitchStep if step not in CLOSED]
ENDED = ("done", "failed")
UNDER_WAY = [state for state in ErrandState if state not in ENDED]
FOLDERS = {"data", "snapshots", "log", "copies", "incoming"}


def slow(version: str) -> str:
    """Its migration writes one half, waits, and writes the other."""
    whole = f'write_text("{version}")'
    half = f'write_text("half"); import time; time.sleep(1); (DATA / "schema").{whole}'
    return counter(version).replace(whole, half) + "\ndef work():\n    migrate()\n"


def contents(folder: Path) -> dict[str, str]:
    """Every file of a folder by name, as a digest."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def served(house: House, source: str = counter("one")) -> Deployment:
    """Serving "one", with data."""
    lapor = house.asleep(source)
    house.start()
    until(lapor.place.exists)
    post(lapor)
    return lapor


def upgraded(house: House) -> Deployment:
    """Serving "two", with the data of "one" in its snapshot and more of its own."""
    lapor = served(house)
    switch = house.switch(lapor, house.revision(lapor, counter("two"), migrate="app:migrate"))
    assert house.settled(switch) == "committed"
    post(lapor)
    return lapor


def killed_at(house: House, switch: int, step: str) -> str:
    """Killed when the switch has come to ``step``, or soon after; how the next host ended it."""
    until(lambda: _place(step) <= _place(house.step(switch)), 60, 0.001)
    house.revive()
    return house.settled(switch)


def _place(step: str) -> int:
    return STEPS.index(SwitchStep(step)) if step in STEPS else len(STEPS)


def nothing_half_done(lapor: Deployment) -> bool:
    home = lapor.paths.home
    return not home.exists() or {path.name for path in home.iterdir()} <= FOLDERS


@pytest.mark.parametrize("step", STEPS)
def test_killed_in_a_first_deployment(house: House, step: str) -> None:
    house.start()
    lapor = house.deployment()
    switch = house.switch(lapor, house.revision(lapor, slow("one"), migrate="app:migrate"))
    end = killed_at(house, switch, step)
    if end == "committed":
        until(lapor.place.exists)
        assert get(lapor).text == "one one 0"
    else:
        assert end == "reverted"
        assert contents(lapor.paths.data) == {}
        assert not lapor.place.exists()
    assert nothing_half_done(lapor)


@pytest.mark.parametrize("step", STEPS)
def test_killed_in_an_upgrade(house: House, step: str) -> None:
    lapor = served(house)
    before = contents(lapor.paths.data)
    switch = house.switch(lapor, house.revision(lapor, slow("two"), migrate="app:migrate"))
    end = killed_at(house, switch, step)
    until(lapor.place.exists)
    assert end == "committed" or contents(lapor.paths.data) == before, "byte for byte as it was"
    assert get(lapor).text == {"committed": "two two 1", "reverted": "one - 1"}[end]
    assert nothing_half_done(lapor)


@pytest.mark.parametrize("with_data", [True, False], ids=["with data", "code only"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_in_a_rollback(house: House, step: str, with_data: bool) -> None:
    lapor = upgraded(house)
    before, then = contents(lapor.paths.data), contents(lapor.paths.snapshot(1))
    end = killed_at(house, house.switch(lapor, 1, restore=with_data), step)
    wanted = then if with_data and end == "committed" else before
    assert contents(lapor.paths.data) == wanted, "byte for byte"
    until(lapor.place.exists)
    assert get(lapor).text.startswith({"committed": "one", "reverted": "two"}[end])
    assert nothing_half_done(lapor)


@pytest.mark.parametrize("step", STEPS)
def test_killed_in_a_restore_of_a_backup(house: House, step: str) -> None:
    lapor = served(house)
    backup = lapor.paths.incoming(1)
    shutil.copytree(lapor.paths.data, backup)
    brought = contents(backup)
    post(lapor)
    before = contents(lapor.paths.data)
    switch = house.switch(lapor, house.revision(lapor, counter("one")), source="incoming/1")
    end = killed_at(house, switch, step)
    assert contents(lapor.paths.data) == (brought if end == "committed" else before), "byte for byte"
    assert contents(backup) == brought
    until(lapor.place.exists)
    assert get(lapor).text == {"committed": "one - 1", "reverted": "one - 2"}[end]


def test_killed_twice_is_as_good_as_once(house: House) -> None:
    lapor = served(house)
    endless = slow("two").replace("time.sleep(1)", "time.sleep(600)")
    switch = house.switch(lapor, house.revision(lapor, endless, migrate="app:migrate"))
    until(lambda: house.step(switch) == "migrating", 60, 0.001)
    for _ in range(2):
        house.kill()
        house.start()
    assert house.settled(switch) == "reverted"
    assert get(lapor).text == "one - 1"


def _copied(house: House, lapor: Deployment) -> None:
    assert contents(lapor.paths.copy(1)) == contents(lapor.paths.data)


def _drilled(house: House, lapor: Deployment) -> None:
    assert house.row("select result from errands")["result"]["healthy"] is True


def _worked(house: House, lapor: Deployment) -> None:
    assert (lapor.paths.data / "schema").read_text() == "one"


def _purged(house: House, lapor: Deployment) -> None:
    assert not lapor.paths.home.exists()
    assert not lapor.place.exists()
    assert sandboxes(lapor) == []


CAME_OF_IT: dict[ErrandKind, Callable[[House, Deployment], None]] = {
    ErrandKind.COPY: _copied,
    ErrandKind.DRILL: _drilled,
    ErrandKind.TASK: _worked,
    ErrandKind.PURGE: _purged,
}
ARGUMENTS: dict[ErrandKind, dict[str, object]] = {
    ErrandKind.COPY: {"folder": "copies/1"},
    ErrandKind.DRILL: {"folder": "incoming/1", "revision": 1},
    ErrandKind.TASK: {"call": "app:work"},
}


@pytest.mark.parametrize("state", UNDER_WAY)
@pytest.mark.parametrize("kind", ErrandKind)
def test_killed_in_an_errand(house: House, kind: ErrandKind, state: ErrandState) -> None:
    lapor = served(house, slow("one"))
    before = contents(lapor.paths.data)
    shutil.copytree(lapor.paths.data, lapor.paths.incoming(1))
    if kind is ErrandKind.PURGE:
        house.tell("update deployments set enabled = false")
    errand = house.errand(lapor, kind, **ARGUMENTS.get(kind, {}))
    under_way = [*UNDER_WAY[UNDER_WAY.index(state) :], *ENDED]
    until(lambda: house.row("select state from errands where id = %s", errand)["state"] in under_way, 60, 0.001)
    house.revive()
    assert house.returned(errand)["state"] == "done"
    CAME_OF_IT[kind](house, lapor)
    if kind is not ErrandKind.PURGE:
        assert kind is ErrandKind.TASK or contents(lapor.paths.data) == before
        until(lapor.place.exists)
        assert get(lapor).text.endswith("1")
