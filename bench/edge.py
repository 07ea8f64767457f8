"""A plugin's page through the edge against its own socket: eight connections, each asking again when answered.

The edge keeps its clients' connections open and makes one to the plugin per request: a request that meets a change
or a plugin falling asleep then waits in the socket's backlog and is not lost. Plugins answer `Connection: close` for
the same reason, so there is no other direct way to compare with. Client, edge and plugin share the processors of this
machine: on two of them the page of one word is bounded by their sum, which the last row tells apart.
"""

from __future__ import annotations

from collections.abc import Iterable

import psutil

from bench.harness import Row, Way, ratio, rounds, spread
from bench.house import House
from bench.load import Target, loop
from bench.stack import Stack

ROUNDS = 7
SECONDS = 1.0
BROWSER = ("Accept-Encoding: gzip, deflate, br, zstd",)


def run(house: House) -> list[Row]:
    rows = []
    for app, what in (("bench", "a page of one word"), ("lapor", "lapor's front page")):
        name = house.plugin(app)
        stack = house.stack
        inside, outside = stack.inside(name), stack.outside(name)
        ways = {"inside": inside, "outside": outside, "browser": stack.outside(name, headers=BROWSER)}
        for target in ways.values():
            loop(target, 0.5)
        found = rounds(ROUNDS, **{way: _rate(target) for way, target in ways.items()})
        label = "its socket"
        rows += [
            Row("edge", f"{what}, requests/s", label, ratio(found["outside"], found["inside"]), 0.8, floor=True),
            Row("edge", f"{what}, compressed", "the same uncompressed", ratio(found["browser"], found["outside"])),
            Row("edge", what, "", spread(found["outside"]), unit="requests/s"),
        ]
    return [*rows, _cost(house.stack, house.stack.outside("bench"))]


def _rate(target: Target) -> Way:
    return lambda: loop(target, SECONDS).rate


def _cost(stack: Stack, target: Target) -> Row:
    family = psutil.Process(stack.process.pid).children(recursive=True)
    edge, plugins = [one for one in family if one.name() == "caddy"], list(stack.sandboxes().values())
    costs: list[float] = []
    for _ in range(ROUNDS):
        before = _used(edge), _used(plugins)
        loop(target, SECONDS)
        costs.append((_used(edge) - before[0]) / (_used(plugins) - before[1]))
    return Row("edge", "a page of one word, processor time of the edge", "the plugin's own", spread(costs))


def _used(processes: Iterable[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)
