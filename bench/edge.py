"""A plugin's page through the edge against its own socket: what the way in costs."""

from __future__ import annotations

from bench.harness import Row, ratio, rounds, spread
from bench.house import House
from bench.load import Target, loop

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
        label = "its socket, a connection per request as the edge makes them"
        rows += [
            Row("edge", f"{what}, requests/s", label, ratio(found["outside"], found["inside"]), 0.8, floor=True),
            Row("edge", f"{what}, compressed", "the same uncompressed", ratio(found["browser"], found["outside"])),
            Row("edge", what, "", spread(found["outside"]), unit="requests/s"),
        ]
    return rows


def _rate(target: Target):
    return lambda: loop(target, SECONDS).rate
