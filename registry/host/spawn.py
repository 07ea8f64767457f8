"""Starting one sandbox, warm or plain, and the handle by which it is stopped. Both ways give the same handle."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from registry.core import stage
from registry.host import bubblewrap, environment, limits, sandbox, seccomp
from registry.host.nest import Nest
from registry.host.order import START_SECONDS, Order, Process, Started, StartError
from registry.host.zygote import ZygoteError
from registry.host.zygotes import Zygotes, base_of, newest_base
from registry.hosting.plain import RunSpec

SHIM = Path(__file__).resolve().parent / "shim"
HURRY_CPU, HURRY_SECONDS = 2.0, 10.0
"""Processors a sandbox may use while it starts, and for how long: importing is what a cold start waits for."""

FOLDERS = (("deployments", 0o711), ("builds", 0o755))
"""What sandboxes mount from, below the data folder."""

__all__ = ["HURRY_SECONDS", "Launcher", "Sandbox", "StartError"]


@dataclass
class Sandbox:
    """A running sandbox. ``output`` is the reading end of stdout and stderr, to be closed by `close`."""

    process: Process
    first: int
    """pidfd of the sandbox's process 1, the shim."""
    output: int
    group: limits.Group
    process_fd: int
    """pidfd of what is gone last: readable when all is over."""
    started: float
    cpu: float
    """The processors its bundle is granted."""
    gate: int | None = None
    """Of a warm start: stays open as long as the sandbox lives."""

    @property
    def warm(self) -> bool:
        """Whether it is a child of the zygote."""
        return self.gate is not None

    def ended(self) -> int | None:
        """The exit code, None while it runs; 128 + n when a signal ended it."""
        code = self.process.poll()
        return code if code is None or code >= 0 else 128 - code

    def ask_to_leave(self) -> None:
        """SIGTERM to the shim: it drains and leaves."""
        self._signal(signal.SIGTERM)

    def hurry(self) -> None:
        """More processor time than its bundle is granted, for a start; `settle` ends it."""
        self.group.allow(max(self.cpu, HURRY_CPU))

    def settle(self) -> None:
        """The bundle's own limit of processor time. Never raises."""
        self.group.allow(self.cpu)

    def kill(self) -> None:
        """End every process of it now; returns when they are gone."""
        self._signal(signal.SIGKILL)
        self.process.kill()
        self.group.kill()
        self.process.wait(START_SECONDS)

    def close(self) -> None:
        """Let go of descriptors and cgroup; kills whatever is left."""
        self.kill()
        for descriptor in (self.first, self.process_fd, self.output, self.gate):
            if descriptor is not None:
                os.close(descriptor)

    def _signal(self, number: signal.Signals) -> None:
        try:
            signal.pidfd_send_signal(self.first, number)
        except ProcessLookupError:
            return


class Launcher:
    """Starts sandboxes; make it in the main thread (it opens the stage). Safe to use from several threads.

    A sandbox dies with the thread that started it when it was started plainly (PR_SET_PDEATHSIG), and with this
    process anyway: only threads that outlive it may start one.
    """

    def __init__(
        self,
        data: Path,
        serving: environment.Serving,
        groups: limits.Cgroups,
        outside: Path | None = None,
        bases: Callable[[Path], Path | None] = base_of,
    ) -> None:
        """``outside`` holds the deployments' folders of sockets to the host. ``bases`` tells for a runtime environment
        which one a zygote may load for it, None to start plainly.
        """
        self.own_users = os.getuid() == 0
        self._serving = serving
        self._groups = groups
        self._tops: dict[Path, Path] = {}
        tops = [(data / name, mode) for name, mode in FOLDERS]
        for top, mode in (*tops, (outside or data / "run" / "outside", 0o711)):
            top.mkdir(parents=True, exist_ok=True, mode=mode)
            self._tops[top.resolve()] = stage.reach(top)
        self._shim = stage.reach(SHIM)
        self._links = sandbox.system_links()
        self._plain = sandbox.system_folders()
        self._filter = seccomp.program(platform.machine())
        self._bases = bases
        self.zygotes = Zygotes(self._nest, self.own_users)

    @property
    def not_warm(self) -> str:
        """Why the last warm start failed; empty while all is well."""
        return self.zygotes.problem

    def wait_warm(self, runtime: Path, seconds: float) -> bool:
        """See to a zygote for plugins of this environment, and wait until it is ready. False when there is none."""
        base = self._bases(runtime)
        end = time.monotonic() + seconds
        while base is not None and time.monotonic() < end:
            if self.zygotes.at_hand(base) is not None:
                return True
            if self.not_warm:
                break
            time.sleep(0.02)
        return False

    def foresee(self, environments: Path) -> None:
        """Begin with a zygote of the newest runtime among these, before anybody asks. Returns at once."""
        base = newest_base(environments)
        if base is not None and (base := self._bases(base)) is not None:
            self.zygotes.at_hand(base)

    def close(self) -> None:
        """Let the zygotes go; sandboxes stay their owners' to close."""
        self.zygotes.close()

    def start(
        self, spec: RunSpec, verb: str, listener: int | None = None, *, call: str = "", read_only: bool = False
    ) -> Sandbox:
        """Start the shim with ``serve`` (``listener`` is the socket it adopts), ``migrate``, ``task`` (``call`` names
        the bundle's function, ``module:function``), ``check`` (of its SQLite files; prints what it found, exits with
        0 or 1) or ``prove`` (its own tests; ``listener`` gives the secret its word begins with). ``read_only``: its
        data cannot be written. Raises StartError.
        """
        words = (verb, call) if call else (verb,)
        try:
            group = self._groups.make(spec.deployment, spec.limits)
        except OSError as error:
            raise StartError(f"the limits could not be set: {error}") from error
        try:
            order = self._order(spec, words, listener, read_only)
            started = self._started(order, spec.environment, group)
        except (OSError, stage.PathUnreachableError, subprocess.SubprocessError) as error:
            group.kill()
            raise StartError(f"the sandbox could not be started: {error}") from error
        except StartError:
            group.kill()
            raise
        os.set_blocking(started.output, False)
        return Sandbox(
            started.process, started.first, started.output, group, started.ends,
            time.monotonic(), spec.limits.cpu, started.gate,
        )  # fmt: skip

    def _started(self, order: Order, runtime: Path, group: limits.Group) -> Started:
        """Warm when a zygote is ready and sees all that is needed, else plain."""
        base = self._bases(runtime)
        zygote = self.zygotes.at_hand(base) if base is not None else None
        if zygote is not None and zygote.nest.shows(order.root):
            try:
                return zygote.start(order, group)
            except ZygoteError as error:
                self.zygotes.drop(zygote, error)
        return bubblewrap.start(order, group)

    def _order(self, spec: RunSpec, words: Sequence[str], listener: int | None, read_only: bool) -> Order:
        files = environment.files(spec, self._serving)
        return Order(
            words=words,
            root=sandbox.steps(self._mounts(spec, read_only), files),
            files=files,
            variables=environment.variables(spec),
            resources=sandbox.resources(spec.limits, self.own_users, self._groups.holds("pids")),
            seccomp=self._filter,
            user=spec.uid if self.own_users else None,
            listener=listener,
        )

    def _mounts(self, spec: RunSpec, read_only: bool) -> sandbox.Mounts:
        outside = spec.outside if spec.outside and spec.outside.is_dir() else None
        return sandbox.Mounts(
            shim=self._shim,
            environment=self._reach(spec.environment),
            code=self._reach(spec.code),
            data=self._reach(spec.data),
            prefixes=sandbox.interpreter_prefixes(spec.environment, self._reach),
            links=self._links,
            plain=self._plain,
            outside=self._reach(outside) if outside else None,
            read_only=read_only,
        )

    def _nest(self, base: Path) -> Nest:
        deployments, *readable = self._tops.values()
        return Nest(
            environment=self._reach(base),
            shim=self._shim,
            prefixes=sandbox.interpreter_prefixes(base, self._reach),
            links=self._links,
            plain=self._plain,
            readable=readable,
            writable=[deployments],
        )

    def _reach(self, path: Path) -> Path:
        """Through the few folders opened at the start, so that mounts do not grow with the deployments."""
        real = path.resolve(strict=True)
        for top, reached in self._tops.items():
            if real.is_relative_to(top):
                return reached / real.relative_to(top)
        return stage.reach(real)
