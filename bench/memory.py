"""What an awake plugin holds in memory, against a bare Flask process of the same environment that has answered once.

All processes of the sandbox are counted. Private is what ends with the plugin; the other figure adds its fair part of
what several processes map (PSS). A sleeping plugin holds nothing.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.harness import Row, ratio, rounds, spread
from bench.house import House
from bench.load import once
from bench.stack import Stack, peers_environment

ROUNDS = 3
MEGABYTE = 2**20
APPS = {"bench": 1.5, "antrian": 2.5, "lapor": 2.5}
"""What is weighed, and how many bare Flask processes it may weigh: a page of one word, and two whole apps."""

KINDS = {"private": "private memory", "shared": "with its part of what is shared"}

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


@dataclass(frozen=True)
class Held:
    """Bytes. ``private`` is nobody else's; ``shared`` is private and a fair part of what several processes map."""

    private: float
    shared: float


def run(house: House) -> list[Row]:
    names = {app: house.plugin(app) for app in APPS}
    held: dict[str, list[Held]] = {name: [] for name in (*names, "flask")}

    def weigh(app: str) -> float:
        held[app].append(_flask(house.stack) if app == "flask" else _plugin(house.stack, names[app]))
        return held[app][-1].private

    rounds(ROUNDS, **{app: lambda app=app: weigh(app) for app in held})
    rows = []
    for app in APPS:
        for kind, words in KINDS.items():
            ours, peers = ([getattr(one, kind) for one in held[name]] for name in (app, "flask"))
            rows.append(Row("memory", f"{app}, awake: {words}", "a bare Flask process", ratio(ours, peers), APPS[app]))
        private = [one.private / MEGABYTE for one in held[app]]
        rows.append(Row("memory", f"{app}, awake: private memory", "", spread(private), unit="MB"))
    return rows


def _plugin(stack: Stack, name: str) -> Held:
    """All processes of its sandbox, bubblewrap's own too, after one request."""
    stack.sleep(name)
    others = stack.sandboxes()
    once(stack.inside(name))
    return _held(stack.sandboxes().keys() - others.keys())


def _flask(stack: Stack) -> Held:
    command = [str(stack.environment() / "bin" / "python3"), "-I", "-c", FLASK]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=peers_environment()) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            return _held([process.pid])
        finally:
            process.terminate()


def _held(processes: Iterable[int]) -> Held:
    private = shared = 0
    for process in processes:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
        sizes = {name: int(size) * 1024 for name, size in re.findall(r"^(\w+):\s+(\d+) kB$", text, re.M)}
        private += sizes["Private_Clean"] + sizes["Private_Dirty"]
        shared += sizes["Pss"]
    return Held(private, shared)
