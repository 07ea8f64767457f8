"""Clones of the world's repositories, and the server as it runs in production."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from flask import Flask

from registry.config import REPOSITORY, Settings
from tests.apart import free_port
from tests.forge.conftest import World, commit, git
from tests.forge.serving.waiting import until

LARGE_PUSH = 128 * 2**20
GUNICORN = "--worker-class gthread --workers 1 --threads 24 --timeout 60 --keep-alive 5 --log-level warning".split()


@pytest.fixture
def upstream(world: World, tmp_path: Path) -> Path:
    git("clone", "-q", f"{world.origin}/git/lapor.git", tmp_path / "upstream")
    return tmp_path / "upstream"


@pytest.fixture
def fork(world: World, tmp_path: Path) -> Path:
    git("clone", "-q", f"{world.origin}/git/bontang/lapor.git", tmp_path / "fork")
    return tmp_path / "fork"


@dataclass(frozen=True)
class Served:
    """A gunicorn of its own: its address, the process that serves, and how much it takes."""

    port: int
    process: psutil.Process
    log: Path

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def worker(self) -> psutil.Process:
        return self.process.children()[0]


@pytest.fixture(scope="session")
def gunicorn(forge_app: Flask) -> Iterator[Served]:
    """The web as `lumbung-git.service` starts it, with room for large pushes and little patience."""
    told: Settings = forge_app.extensions["lumbung"]
    port, log = free_port(), told.data / "gunicorn.log"
    env = os.environ | {"SERVED": json.dumps({"data": str(told.data), "url": told.database_url, "push": LARGE_PUSH})}
    command = [sys.executable, "-m", "gunicorn", "tests.forge.serving.wsgi:app", "--bind", f"127.0.0.1:{port}"]
    with log.open("wb") as output:
        started = subprocess.Popen([*command, *GUNICORN], stdout=output, stderr=output, cwd=REPOSITORY, env=env)
    assert until(lambda: _answers(port), 60), log.read_text()
    yield Served(port, psutil.Process(started.pid), log)
    started.terminate()
    started.wait(30)


def pushed(fork: Path, world: World, name: str, size: int, origin: str = "") -> str:
    """One more commit in Bontang's fork, with a file of so many bytes that no packing makes smaller."""
    made = commit(fork, name, os.urandom(size))
    git("push", "-q", f"{origin or world.origin}/git/bontang/lapor.git", "HEAD:main", cwd=fork, token=world.admin)
    return made


def _answers(port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0
