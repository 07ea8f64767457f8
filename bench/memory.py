"""What an awake plugin holds in memory, against a bare Flask process of the same environment that has answered once.

All processes of the sandbox are counted, and of each what ends with it (private). A sleeping plugin holds nothing. Warm
is how a host starts, and shares what its zygote has loaded; plain is what it falls back to.
"""

from __future__ import annotations

import subprocess
from contextlib import ExitStack

from bench.aside import WAYS, Held, aside, held
from bench.harness import Row, ratio, rounds, spread
from bench.house import House
from bench.load import once
from bench.stack import Stack, peers_environment

ROUNDS = 3
MEGABYTE = 2**20
MACHINE = 16 * 2**30
APPS = {"bench": 0.5, "antrian": 1.0, "lapor": 1.0}
"""What is weighed, and how many bare Flask processes it may weigh: a page of one word, and two whole apps."""

ONE_WORD = 9.0
"""Megabytes that a plugin of one word may hold for itself."""

FLASK = """
from flask import Flask
from werkzeug.serving import make_server
app = Flask("bare")
app.add_url_rule("/", "hello", lambda: "hello")
server = make_server("127.0.0.1", 0, app, threaded=True)
app.test_client().get("/")
print(server.server_port, flush=True)
server.serve_forever()
"""


def run(house: House) -> list[Row]:
    names = {app: house.plugin(app) for app in APPS}
    weighed: dict[str, list[Held]] = {}

    def weigh(what: str, found: Held) -> float:
        weighed.setdefault(what, []).append(found)
        return found.private

    with ExitStack() as stack:
        twins = {app: stack.enter_context(aside(house.stack, name)) for app, name in names.items()}
        ways = {
            f"{app} {way}": lambda app=app, way=way: weigh(f"{app} {way}", twins[app].held(way))
            for app in APPS for way in WAYS
        }  # fmt: skip
        rounds(ROUNDS, flask=lambda: weigh("flask", _flask(house.stack)), **ways)
    return [row for app in APPS for row in _rows(app, weighed)]


def _rows(app: str, weighed: dict[str, list[Held]]) -> list[Row]:
    rows = []
    warm, flask = weighed[f"{app} warm"], weighed["flask"]
    peers = ratio([one.private for one in warm], [one.private for one in flask])
    rows.append(Row("memory", f"{app}, awake: private memory", "a bare Flask process", peers, APPS[app]))
    for way in WAYS:
        private = [one.private for one in weighed[f"{app} {way}"]]
        bound = ONE_WORD if (app, way) == ("bench", "warm") else None
        sizes = spread([value / MEGABYTE for value in private])
        rows.append(Row("memory", f"{app}, awake, started {way}: private memory", "", sizes, bound, unit="MB"))
        fit = spread([MACHINE // value for value in private])
        rows.append(Row("memory", f"{app}, started {way}: awake at once in 16 GiB", "", fit, unit="plugins"))
    return rows


def plugin_held(stack: Stack, name: str) -> Held:
    """All processes of a hosted plugin's sandbox after one request."""
    stack.sleep(name)
    others = stack.sandboxes()
    once(stack.inside(name))
    return held(stack.sandboxes().keys() - others.keys())


def _flask(stack: Stack) -> Held:
    command = [str(stack.environment() / "bin" / "python3"), "-I", "-c", FLASK]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=peers_environment()) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            return held([process.pid])
        finally:
            process.terminate()


__all__ = ["MEGABYTE", "Held", "held", "plugin_held", "run"]
