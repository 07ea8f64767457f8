"""The first request to a sleeping plugin, through its socket, against a process that merely imports Flask.

In that time the host makes the sandbox, the shim loads, the app is imported and answers. A start may use up to two
processors for ten seconds or until its first answer, then the bundle's own limit holds. Warm is how a host starts: a
child of the zygote. Plain is what it falls back to: a Python of its own in bubblewrap.
"""

from __future__ import annotations

import subprocess
from contextlib import ExitStack

from bench.aside import WAYS, aside
from bench.harness import Row, Way, ratio, rounds, seconds, several, spread
from bench.house import House
from bench.load import once
from bench.stack import Stack, peers_environment

ROUNDS = 7
APPS = {"bench": "a plugin of one word", "lapor": "lapor"}
BOUNDS = {"bench": 0.35, "lapor": 0.6}
"""Of a process that imports Flask."""

FLASK = "`python -c 'import flask'`"


def run(house: House) -> list[Row]:
    names = {app: house.plugin(app) for app in APPS}
    hosted = {app: _woken(house.stack, name) for app, name in names.items()}
    with ExitStack() as stack:
        twins = {app: stack.enter_context(aside(house.stack, name)) for app, name in names.items()}
        ways = {
            f"{app} {way}": lambda twin=twin, way=way: twin.woken(way) for app, twin in twins.items() for way in WAYS
        }
        found = rounds(ROUNDS, flask=flask_imported(house.stack), **hosted, **ways)
    rows = []
    for app, what in APPS.items():
        awake = rounds(ROUNDS, awake=several(_asked(house.stack, names[app]), 9))["awake"]
        rows += _rows(app, what, found)
        rows.append(Row("start", f"a page of {what}, awake", "its first request", ratio(awake, found[app]), 0.5))
    return rows


def _rows(app: str, what: str, found: dict[str, list[float]]) -> list[Row]:
    asleep = f"first request to {what}, asleep"
    told = {asleep: app, f"{asleep}: start alone, warm": f"{app} warm", f"{asleep}: start alone, plain": f"{app} plain"}
    rows = [Row("start", asleep, FLASK, ratio(found[app], found["flask"]), BOUNDS[app])]
    rows.append(Row("start", f"{asleep}, warm", "started plainly", ratio(found[f"{app} warm"], found[f"{app} plain"])))
    rows += [
        Row("start", words, "", spread([one * 1000 for one in found[way]]), unit="ms") for words, way in told.items()
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
