"""A storm of wakes from one city while another city has one visitor; more plugins than may be awake."""

from __future__ import annotations

import threading
import time

from .bundles import hello
from .house import Deployment, House, get, sandboxes
from .support import until

SLOW_START = "import time; time.sleep(0.4)\n" + hello("hai")


def test_a_storm_of_one_city_does_not_keep_another_waiting(house: House) -> None:
    storm = [house.asleep(SLOW_START, f"p{number}") for number in range(40)]
    calm = house.asleep(SLOW_START, "tenang", city="tanjungpinang")
    house.start(starts_at_once=4)
    until(lambda: all(one.place.exists() for one in (*storm, calm)))
    answered: list[str] = []

    def visit(one: Deployment) -> None:
        assert get(one, seconds=60).text == "hai"
        answered.append(one.name)

    visitors = [threading.Thread(target=visit, args=(one,)) for one in storm]
    for visitor in visitors:
        visitor.start()
    time.sleep(0.3)
    visit(calm)
    before = len(answered) - 1
    for visitor in visitors:
        visitor.join()
    assert len(answered) == 41, "nobody is refused"
    assert before < 10, f"{before} of the storm were served before the other city"


def test_more_plugins_than_may_be_awake_are_all_served_one_after_the_other(house: House) -> None:
    plugins = [house.asleep(hello(name), name) for name in ("satu", "dua", "tiga")]
    house.start(awake_per_city=2)
    until(lambda: all(one.place.exists() for one in plugins))
    assert [get(one, seconds=30).text for one in plugins] == ["satu", "dua", "tiga"]
    assert sum(bool(sandboxes(one)) for one in plugins) <= 2
