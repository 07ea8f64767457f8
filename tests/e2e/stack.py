"""All of Lumbung as an operator starts it: ``lumbung up --demo``, stopped by Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

from registry.operate.postgres import Cluster
from tests.apart import first_number
from tests.waiting import until

from .web import Client

LUMBUNG = Path(sys.executable).with_name("lumbung")
PASSWORD = "kata-sandi-panjang"
RUN = "bandung:lapor,antrian"
"""What runs from the start: the tests deploy the rest by themselves."""
MAX_PUSH = 300_000


@dataclass
class Stack:
    """A running Lumbung; ``pid`` is that of ``lumbung up`` itself."""

    data: Path
    port: int
    password: str = PASSWORD
    demo: bool = True
    second_factor: str = "required"
    process: subprocess.Popen[bytes] = field(init=False)
    people: dict[str, Client] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def output(self) -> str:
        return (self.data.parent / f"{self.data.name}.out").read_text()

    @property
    def anyone(self) -> Client:
        return Client(self.port)

    def person(self, email: str) -> Client:
        """A program of that person: one token for all tests."""
        if email not in self.people:
            self.people[email] = self.anyone.signed_in(email, self.password)
        return self.people[email]

    def plugin(self, name: str, city: str = "bontang") -> Client:
        return Client(self.port, f"{name}.{city}.localhost")

    def url(self, name: str, city: str = "bontang") -> str:
        return f"http://{name}.{city}.localhost:{self.port}"

    def start(self, seconds: float = 120.0) -> None:
        """Until it says that it is ready."""
        with (self.data.parent / f"{self.data.name}.out").open("wb") as output:
            command = [str(LUMBUNG), "up", "--port", str(self.port), "--data", str(self.data)]
            command += ["--demo"] if self.demo else []
            self.process = subprocess.Popen(
                command, env=self.environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        until(lambda: "is ready" in self.output or self.process.poll() is not None, seconds)
        assert self.process.poll() is None, self.output

    def borrow(self, other: Stack) -> None:
        """The environments that another installation has built, which this one would build of the same wheels."""
        for name in os.listdir(other.data / "builds" / "env"):
            mine, theirs = (one.data / "builds" / "env" / name for one in (self, other))
            if theirs.is_dir() and not mine.exists():
                shutil.copytree(theirs, mine, symlinks=True, copy_function=os.link)

    def settle(self) -> None:
        """Until the demo's own plugins serve: the first build fetches their libraries."""
        for name in ("lapor", "antrian"):
            until(lambda name=name: self.plugin(name, "bandung").get("/healthz").status == 200, 90, 0.2)  # type: ignore[misc]

    def set_apart(self) -> None:
        """Deployments from now on are numbered where no other installation on this machine has any: users follow."""
        cluster = Cluster(self.data / "postgres", self.data / "run" / "pg", self.data / "secrets")
        with psycopg.connect(cluster.owner_url()) as connection:
            restart = "select setval(pg_get_serial_sequence('deployments', 'id'), %s)"
            connection.execute(restart, (first_number(),))

    def stop(self) -> None:
        """Ctrl-C: it ends well and leaves no process behind."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(60)
        assert code == 0, self.output
        assert self.left() == []

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of the operator on this installation."""
        command = [str(LUMBUNG), *arguments]
        return subprocess.run(command, env=self.environment(), capture_output=True, text=True, timeout=120)

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LUMBUNG_", "DATABASE_"))}
        given = {"LUMBUNG_DATA": str(self.data), "LUMBUNG_DEMO_PASSWORD": self.password, "LUMBUNG_DEMO_RUN": RUN}
        given |= {"LUMBUNG_SECOND_FACTOR": self.second_factor}
        return {**kept, **given, "LUMBUNG_MAX_PUSH": str(MAX_PUSH), "LANG": "C.UTF-8"}

    def pids(self) -> dict[str, int]:
        """The parts that run: web, git, worker, gateway, host, edge. Of one that is being renewed, the younger."""
        found = {}
        for child in sorted(psutil.Process(self.process.pid).children(), key=psutil.Process.create_time):
            with contextlib.suppress(psutil.Error):
                if name := child.environ().get("LUMBUNG_PROCESS"):
                    found[name] = child.pid
        return found

    def kill(self, part: str) -> None:
        """Kill -9 of one part, with its forked workers."""
        os.killpg(self.pids()[part], signal.SIGKILL)

    def blackout(self) -> None:
        """Kill -9 of everything at once, the database too: what a power cut leaves."""
        for one in self._mine():
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        self.process.wait()
        until(lambda: not self.left(), 20)

    def left(self) -> list[str]:
        """Processes that still belong to this data folder, by their command line or their environment."""
        return [str(one) for one in self._mine()]

    def _mine(self) -> list[psutil.Process]:
        return [one for one in psutil.process_iter() if _names(one, str(self.data))]


def _names(process: psutil.Process, mark: str) -> bool:
    try:
        if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
            return False
        return any(mark in word for word in process.cmdline()) or process.environ().get("LUMBUNG_DATA") == mark
    except psutil.Error:
        return False
