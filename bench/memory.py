"""What an awake plugin holds in memory, against a bare Flask process of the same environment."""

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
APPS = ("bench", "antrian", "lapor")
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
        for kind, bound in (("private", 2.0), ("shared", 2.0)):
            ours, peers = ([getattr(one, kind) for one in held[name]] for name in (app, "flask"))
            what = f"{app}, awake: {'private memory' if kind == 'private' else 'memory with its part of what is shared'}"
            own = bound if app == "bench" else None
            rows.append(Row("memory", what, "a bare Flask process", ratio(ours, peers), own))
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
