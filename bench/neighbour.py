"""A noisy neighbour: how long a page of one word takes at the 95th of a hundred while another plugin, with the usual
limits (half a processor, 128 MB), takes all it gets of one thing; against the same page in quiet.

Two connections ask the neighbour through its own socket, each again when it was answered. Client and both plugins
share the processors of this machine.
"""

from __future__ import annotations

from pathlib import Path

from bench.harness import Row, Way, ratio, rounds, spread
from bench.house import PUBLISHER, House
from bench.load import Target, loop, once
from registry.core.uow import unit_of_work
from registry.forge import publishing
from registry.tenants.service import find_city

GLUTTON = Path(__file__).parent / "glutton"
ROUNDS = 7
SECONDS = 2
CONNECTIONS = 2
APPETITES = {"cpu": "processor time", "memory": "memory", "disk": "disk", "sockets": "sockets"}
BOUND = 2.0


def run(house: House) -> list[Row]:
    stack = house.stack
    with stack.app.test_request_context(), unit_of_work():
        publishing.publish_folder(find_city(PUBLISHER), GLUTTON, user_id=None)
    neighbour = stack.inside(house.plugin("bench"))
    glutton = house.plugin("glutton")
    ways: dict[str, Way] = {"quiet": lambda: _p95(neighbour)}
    for appetite in APPETITES:
        ways[appetite] = _beside(neighbour, stack.inside(glutton, f"/{appetite}?seconds={SECONDS + 1}"))
    loop(neighbour, 0.5, CONNECTIONS)
    found = rounds(ROUNDS, **ways)
    rows = [
        Row("neighbour", f"beside a plugin that burns {what}", "in quiet", ratio(found[name], found["quiet"]), BOUND)
        for name, what in APPETITES.items()
    ]
    return [*rows, Row("neighbour", "in quiet", "", spread([1000 * one for one in found["quiet"]]), unit="ms")]


def _p95(neighbour: Target) -> float:
    return loop(neighbour, SECONDS, CONNECTIONS).percentile(95)


def _beside(neighbour: Target, glutton: Target) -> Way:
    def measured() -> float:
        """Its last appetite is over before the next one is measured."""
        once(glutton)
        found = _p95(neighbour)
        loop(neighbour, 1.2, 1)
        return found

    return measured
