"""Talking to a plugin's socket, and running one sandbox without the host process."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from registry.host import data
from registry.host.environment import Serving
from registry.host.limits import Cgroups
from registry.host.spawn import Launcher, Sandbox
from registry.host.zygotes import no_base
from registry.hosting.plain import FIRST_UID, City, DeploymentPaths, Limits, Manifest, RunSpec
from tests.apart import first_number
from tests.waiting import until as until

BONTANG = City("64.74", "bontang", "Kota Bontang", timezone="Asia/Makassar")
TANJUNGPINANG = City("21.72", "tanjungpinang", "Kota Tanjungpinang")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, place: Path, seconds: float) -> None:
        super().__init__("plugin", timeout=seconds)
        self._place = place

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._place))


def is_alive(process: int) -> bool:
    """Whether it runs: neither gone, which it may be between two looks at it, nor dead and not collected."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def ask(
    place: Path,
    path: str = "/",
    method: str = "GET",
    body: str | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = 20,
) -> Answer:
    """One request through a unix socket."""
    connection = UnixConnection(place, seconds)
    try:
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def linked(environment: Path, copy: Path, base: str) -> None:
    """A copy of an environment that is warmed by the one named ``base``; "": by none. Its files are those of the other:
    to write into one is to write into both.
    """
    subprocess.run(["cp", "-al", environment, copy], check=True)
    (copy / ".whole").unlink()
    (copy / ".whole").write_text(base)


class Workshop:
    """A data folder in which single sandboxes are run, plainly or ``warm``."""

    def __init__(self, root: Path, runtime: Path, public_key: bytes, groups: Cgroups, warm: bool = False) -> None:
        self.root = root
        self.runtime = runtime
        self.warm = warm
        self.sockets = root / "sock"
        self.sockets.mkdir()
        (root / "builds").mkdir(mode=0o755)
        (root / "outside").mkdir(mode=0o711)
        self.public_key = public_key
        serving = Serving(public_key, idle_seconds=0)
        self.launcher = Launcher(root, serving, groups, root / "outside", self._base)
        self.plain = Launcher(root, serving, groups, root / "outside", no_base)
        self._next = first_number()  # no other installation here has the same users
        self._open: list[Plugin] = []
        if warm:
            self.await_zygote()

    def _base(self, environment: Path) -> Path | None:
        if not self.warm:
            return None
        return self.runtime if environment.is_relative_to(self.root) else environment

    def await_zygote(self) -> None:
        assert self.launcher.wait_warm(self.runtime, 30), self.launcher.not_warm

    def zygote_process(self, runtime: Path | None = None) -> int:
        """The zygote itself, inside its bubblewrap."""
        zygote = self.launcher.zygotes.at_hand(runtime or self.runtime)
        assert zygote is not None
        (child,) = Path(f"/proc/{zygote.pid}/task/{zygote.pid}/children").read_text().split()
        return int(child)

    def spec(
        self, source: str, city: City = BONTANG, manifest: Manifest | None = None, limits: Limits | None = None,
        **given: Any,
    ) -> RunSpec:  # fmt: skip
        """``given``: other fields of the spec; ``outside`` True makes the folder of its sockets to the host."""
        number, self._next = self._next, self._next + 1
        code = self.root / "builds" / f"code{number}"
        code.mkdir(mode=0o755)
        (code / "app.py").write_text(source)
        paths = DeploymentPaths(self.root, number)
        data.Store(paths, FIRST_UID + number if self.launcher.own_users else None).prepare()
        manifest = manifest or Manifest("app:application")
        if given.pop("outside", False):
            given["outside"] = self.root / "outside" / str(number)
            given["outside"].mkdir(mode=0o711)
        spec = RunSpec(
            number, f"app{number}", city, f"http://app{number}.{city.slug}.localhost:8000", 7, "1.0.0",
            manifest, limits or Limits(), code, self.runtime, paths.data, {"colour": "green"}, "canary-secret",
        )  # fmt: skip
        return replace(spec, **given)

    def launch(self, spec: RunSpec, verb: str, way: str = "", **given: Any) -> Sandbox:
        """``way`` is `warm`, `plain`, or `fallback`: warm was wanted and plain is expected. Default: the workshop's."""
        way = way or ("warm" if self.warm else "plain")
        sandbox = (self.plain if way == "plain" else self.launcher).start(spec, verb, **given)
        assert sandbox.warm == (way == "warm"), self.launcher.not_warm
        return sandbox

    def start(self, spec: RunSpec, way: str = "", **given: Any) -> Plugin:
        place = self.sockets / f"{spec.deployment}.sock"
        place.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(place))
        listener.listen(64)
        sandbox = self.launch(spec, "serve", way, listener=listener.fileno(), **given)
        plugin = Plugin(spec, place, listener, sandbox)
        self._open.append(plugin)
        return plugin

    def close(self) -> None:
        for plugin in self._open:
            plugin.close()
        self.launcher.close()


@dataclass
class Plugin:
    spec: RunSpec
    place: Path
    listener: socket.socket
    sandbox: Sandbox

    def run(self, code: str) -> Any:
        """What the OBEDIENT bundle makes of some Python."""
        return ask(self.place, "/", "POST", code).json

    def alive(self) -> bool:
        return ask(self.place).status == 200

    def output(self) -> str:
        try:
            return os.read(self.sandbox.output, 100_000).decode()
        except BlockingIOError:
            return ""

    def close(self) -> None:
        if not self.listener._closed:  # type: ignore[attr-defined]
            self.sandbox.close()
            self.listener.close()
