"""kill -9 of the host at every step of a switch: the next host ends at the old or the new, never between."""

from __future__ import annotations

import pytest

from .bundles import counter
from .house import Deployment, House, get, post
from .support import until

SLOW_TWO = counter("two").replace(
    'write_text("two")', 'write_text("half"); import time; time.sleep(1); (DATA / "schema").write_text("two")'
)
STEPS = ("pending", "draining", "snapshot", "migrating", "probing")


def _settled_after_kill(house: House, lapor: Deployment, switch: int, step: str) -> str:
    until(lambda: STEPS.index(step) <= _index(house.step(switch)), 20, 0.001)
    house.kill()
    house.start()
    return house.settled(switch)


def _index(step: str) -> int:
    return STEPS.index(step) if step in STEPS else len(STEPS)


@pytest.mark.parametrize("step", STEPS)
def test_killed_at(house: House, step: str) -> None:
    house.start()
    lapor = house.deployed(counter("one"))
    post(lapor)
    switch = house.switch(lapor, house.revision(lapor, SLOW_TWO, migrate="app:migrate"))
    end = _settled_after_kill(house, lapor, switch, step)
    until(lapor.place.exists)
    assert get(lapor).text == {"committed": "two two 1", "reverted": "one - 1"}[end]
    left = {path.name for path in lapor.paths.home.iterdir()}
    assert left == {"data", "snapshots", "log"}, "nothing half done is left"


def test_killed_in_the_middle_of_a_first_deployment(house: House) -> None:
    house.start()
    lapor = house.deployment()
    switch = house.switch(lapor, house.revision(lapor, SLOW_TWO, migrate="app:migrate"))
    end = _settled_after_kill(house, lapor, switch, "migrating")
    assert end == "reverted"
    assert list(lapor.paths.data.iterdir()) == []


def test_killed_twice_is_as_good_as_once(house: House) -> None:
    house.start()
    lapor = house.deployed(counter("one"))
    post(lapor)
    switch = house.switch(lapor, house.revision(lapor, SLOW_TWO, migrate="app:migrate"))
    until(lambda: house.step(switch) == "migrating", 20, 0.001)
    for _ in range(2):
        house.kill()
        house.start()
    assert house.settled(switch) == "reverted"
    assert get(lapor).text == "one - 1"
