"""The first request to a sleeping plugin, through its socket, against a process that merely imports Flask.

In that time the host makes the sandbox, the shim loads, the app is imported and answers. A start may use up to two
processors for ten seconds or until its first answer, then the bundle's own limit holds.
"""

from __future__ import annotations

import subprocess

from bench.harness import Row, Way, ratio, rounds, seconds, several, spread
from bench.house import House
from bench.load import once
from bench.stack import Stack, peers_environment

ROUNDS = 7


def run(house: House) -> list[Row]:
    apps = {"bench": "a plugin of one word", "lapor": "lapor"}
    names = {app: house.plugin(app) for app in apps}
    ways = {app: _woken(house.stack, name) for app, name in names.items()}
    found = rounds(ROUNDS, flask=flask_imported(house.stack), **ways)
    rows = []
    for app, what in apps.items():
        warm = rounds(ROUNDS, warm=several(_asked(house.stack, names[app]), 9))["warm"]
        asleep, flask = f"first request to {what}, asleep", "`python -c 'import flask'`"
        rows += [
            Row("start", asleep, flask, ratio(found[app], found["flask"]), 5),
            Row("start", f"a page of {what}, awake", "its first request", ratio(warm, found[app]), 0.25),
            Row("start", asleep, "", spread([value * 1000 for value in found[app]]), unit="ms"),
        ]
    return rows


def flask_imported(stack: Stack) -> Way:
    """Seconds of a Python of the plugins' own environment that imports Flask and ends."""
    command = [str(stack.environment() / "bin" / "python3"), "-I", "-c", "import flask"]
    return seconds(lambda: subprocess.run(command, check=True, env=peers_environment()))


def _woken(stack: Stack, name: str) -> Way:
    def woken() -> float:
        stack.sleep(name)
        return once(stack.inside(name))

    return woken


def _asked(stack: Stack, name: str) -> Way:
    return lambda: once(stack.inside(name))
