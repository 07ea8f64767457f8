"""Clones over HTTP through the edge, against git's own `http-backend` behind the same kind of edge and `file://`.

Most of a clone is the client's own work, so this tells how much of it serving adds. The second half asks what others
feel while twenty people clone at once: pages of the catalog, as one visitor after another reads them. The clients run
on this machine, too, with the least priority: elsewhere they would take no processor time of it at all.
"""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.harness import Row, Way, ratio, rounds, seconds, spread
from bench.house import House
from bench.load import Load, Target, loop
from bench.stack import StackError
from registry.config import REPOSITORY
from registry.forge import git
from registry.forge.storage import Storage
from registry.operate import edge

APP, BRANCH = "bench", "large"
FILES, SIZE = 48, 2**20
ROUNDS, CLONES, VISITORS, CROWDS = 9, 20, 2, 5
QUIET_SECONDS = 4.0
PATIENCE = 120.0
LEAST = ("setsid", "nice", "-n", "19", "sh", "-c", 'echo 19 2> /dev/null > /proc/self/autogroup; exec "$@"', "sh")
"""Before a command: a session of its own that the kernel weighs least. Where it groups processes by session
(sched_autogroup), `nice` alone orders only those of one group.
"""

CADDYFILE = """\
{{
	admin off
	auto_https off
}}
:{port} {{
	encode zstd gzip
	reverse_proxy unix/{socket} {{
		flush_interval -1
	}}
}}
"""


def run(house: House) -> list[Row]:
    stack = house.stack
    upstream = Storage(stack.settings.data).upstream(APP)
    _grow(upstream)
    ours = f"http://localhost:{stack.settings.port}/git/{APP}.git"
    with ExitStack() as held:
        folder = house.folder / "serve"
        folder.mkdir()
        theirs = held.enter_context(_backend(folder, upstream))
        numbers = itertools.count()
        ways: dict[str, Way] = {
            name: seconds(lambda address=address: _cloned(address, folder / str(next(numbers))))
            for name, address in (("ours", ours), ("theirs", theirs), ("file", f"file://{upstream}"))
        }
        for way in ways.values():
            way()
        found = rounds(ROUNDS, **ways)
        what = f"a full clone of {FILES * SIZE // 2**20} MB, speed"
        rows = [
            Row("serve", what, "`git http-backend` behind the same edge", ratio(found["theirs"], found["ours"]), 0.95,
                floor=True),
            Row("serve", what, "`file://`", ratio(found["file"], found["ours"])),
            Row("serve", what, "", spread([FILES * SIZE / 2**20 / one for one in found["ours"]]), unit="MB/s"),
        ]  # fmt: skip
        return rows + _felt(stack.page(f"/apps/{APP}"), ours, folder)


def _felt(page: Target, address: str, folder: Path) -> list[Row]:
    """What a visitor feels while many clone, and how long the many take."""
    loop(page, 1.0, VISITORS)
    found = [_crowded(page, address, folder / f"crowd-{number}") for number in range(CROWDS)]
    what = f"a page of the catalog while {CLONES} clone at once, p95"
    return [
        Row("serve", what, "the same in quiet", spread([one.busy / one.quiet for one in found]), 3),
        Row("serve", what, "", spread([one.busy * 1000 for one in found]), unit="ms"),
        Row("serve", f"{CLONES} full clones at once, all of them", "", spread([one.took for one in found]), unit="s"),
    ]


@dataclass(frozen=True)
class Crowd:
    """Seconds: a page's p95 before many clone and while they do, and until all of them have."""

    quiet: float
    busy: float
    took: float


def _crowded(page: Target, address: str, folder: Path) -> Crowd:
    quiet = loop(page, QUIET_SECONDS, VISITORS)
    began = time.monotonic()
    clones = [_clone(address, folder / str(number), *LEAST) for number in range(CLONES)]
    busy = _asked_while(page, clones)
    failed = sum(clone.wait(PATIENCE) != 0 for clone in clones)
    took = time.monotonic() - began
    shutil.rmtree(folder)
    if failed:
        raise StackError(f"{failed} of {CLONES} clones at once failed")
    return Crowd(quiet.percentile(95), busy.percentile(95), took)


def _asked_while(page: Target, clones: Sequence[subprocess.Popen[bytes]]) -> Load:
    found = Load(0.0)
    while any(clone.poll() is None for clone in clones):
        piece = loop(page, 0.5, VISITORS)
        found = Load(found.seconds + piece.seconds, found.latencies + piece.latencies)
    return found


def _cloned(address: str, target: Path) -> None:
    if _clone(address, target).wait(PATIENCE):
        raise StackError(f"cloning {address} failed")
    shutil.rmtree(target)


def _clone(address: str, target: Path, *before: str) -> subprocess.Popen[bytes]:
    options = ("--quiet", "--bare", "--single-branch", "--branch", BRANCH)
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
           "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}  # fmt: skip
    return subprocess.Popen([*before, "git", "clone", *options, address, str(target)], env=env)


def _grow(repository: Path) -> None:
    """A branch whose every commit adds a file that neither packs nor shares anything."""
    stream = bytearray()
    for number in range(FILES):
        stream += b"commit refs/heads/%s\ncommitter Bench <bench@example.org> %d +0000\n" % (
            BRANCH.encode(), 1_700_000_000 + number,
        )  # fmt: skip
        stream += b"data 1\n.\nM 100644 inline %d\ndata %d\n" % (number, SIZE) + os.urandom(SIZE) + b"\n"
    config = {"core.compression": "0", "fastimport.unpackLimit": "1"}
    git.run(repository, "fast-import", "--quiet", stdin=bytes(stream) + b"done\n", config=config, seconds=120)


@contextmanager
def _backend(folder: Path, upstream: Path) -> Iterator[str]:
    """The address of ``upstream`` at an edge of its own, with `bench.backend` behind it."""
    port, listening = _free_port(), folder / "backend.sock"
    (folder / "Caddyfile").write_text(CADDYFILE.format(port=port, socket=listening))
    gunicorn = (
        sys.executable, "-m", "gunicorn", "bench.backend:app", "--worker-class", "gthread", "--workers", "1",
        "--threads", "24", "--bind", f"unix:{listening}", "--log-level", "error", "--no-control-socket",
    )  # fmt: skip
    caddy = (str(edge.program()), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile"))
    env = os.environ | {"BENCH_GIT_ROOT": str(upstream.parent), "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    quiet = subprocess.DEVNULL
    started = [subprocess.Popen(command, env=env, cwd=REPOSITORY, stdout=quiet, stderr=quiet)
               for command in (gunicorn, caddy)]  # fmt: skip
    try:
        _until_open(port, listening)
        yield f"http://localhost:{port}/{upstream.name}"
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(30)


def _until_open(port: int, listening: Path) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with socket.socket() as client:
            if listening.exists() and client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise StackError("git http-backend's edge did not start")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
