"""Starting one sandbox: descriptors, user, cgroup, and the handle by which it is stopped."""

from __future__ import annotations

import json
import os
import platform
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from registry.core import stage
from registry.host import environment, limits, sandbox, seccomp
from registry.hosting.plain import RunSpec

SHIM = Path(__file__).resolve().parent / "shim"
START_SECONDS = 10
HURRY_CPU, HURRY_SECONDS = 2.0, 10.0
"""Processors a sandbox may use while it starts, and for how long: importing is what a cold start waits for."""

COMMAND = ("/env/bin/python3", "-I", "/lumbung/serve.py")


class StartError(Exception):
    """The sandbox could not be made; the message carries what bubblewrap said."""


@dataclass
class Sandbox:
    """A running sandbox. ``output`` is the reading end of stdout and stderr, to be closed by `close`."""

    process: subprocess.Popen[bytes]
    first: int
    """pidfd of the sandbox's process 1, the shim."""
    output: int
    group: limits.Group
    process_fd: int
    """pidfd of bubblewrap itself: readable when all is over."""
    started: float
    cpu: float
    """The processors its bundle is granted."""

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
        for descriptor in (self.first, self.process_fd, self.output):
            os.close(descriptor)

    def _signal(self, number: signal.Signals) -> None:
        try:
            signal.pidfd_send_signal(self.first, number)
        except ProcessLookupError:
            return


class Launcher:
    """Starts sandboxes; make it in the main thread (it opens the stage). Safe to use from several threads.

    A sandbox dies with the thread that started it (PR_SET_PDEATHSIG): only threads that outlive it may
    start one.
    """

    def __init__(self, data: Path, serving: environment.Serving, groups: limits.Cgroups) -> None:
        self.own_users = os.getuid() == 0
        self._serving = serving
        self._groups = groups
        self._tops: dict[Path, Path] = {}
        for name, mode in (("deployments", 0o711), ("builds", 0o755)):
            top = data / name
            top.mkdir(parents=True, exist_ok=True, mode=mode)
            self._tops[top.resolve()] = stage.reach(top)
        self._shim = stage.reach(SHIM)
        self._links = sandbox.system_links()
        self._plain = sandbox.system_folders()
        self._filter = seccomp.program(platform.machine())

    def start(self, spec: RunSpec, verb: str, listener: int | None = None) -> Sandbox:
        """Start the shim with ``serve`` (``listener`` is the socket it adopts) or ``migrate``. Raises
        StartError.
        """
        return self.run(spec, (*COMMAND, verb), listener)

    def run(self, spec: RunSpec, command: Sequence[str], listener: int | None = None) -> Sandbox:
        """Start any command in the sandbox of ``spec``."""
        try:
            group = self._groups.make(spec.deployment, spec.limits)
        except OSError as error:
            raise StartError(f"the limits could not be set: {error}") from error
        try:
            return self._start(spec, command, listener, group)
        except (OSError, stage.PathUnreachableError, subprocess.SubprocessError) as error:
            group.kill()
            raise StartError(f"the sandbox could not be started: {error}") from error
        except StartError:
            group.kill()
            raise

    def _start(self, spec: RunSpec, command: Sequence[str], listener: int | None, group: limits.Group) -> Sandbox:
        pipes = _Pipes()
        try:
            process = self._popen(spec, command, listener, pipes)
        except BaseException:
            pipes.close(*pipes.ours)
            raise
        finally:
            pipes.close(*pipes.theirs)
        try:
            first = _admit(process, group, pipes)
        except BaseException:
            process.kill()
            process.wait()
            pipes.close(pipes.output)
            raise
        finally:
            pipes.close(pipes.info, pipes.gate)
        os.set_blocking(pipes.output, False)
        ends = os.pidfd_open(process.pid)
        return Sandbox(process, first, pipes.output, group, ends, time.monotonic(), spec.limits.cpu)

    def _popen(
        self, spec: RunSpec, command: Sequence[str], listener: int | None, pipes: _Pipes
    ) -> subprocess.Popen[bytes]:
        user = spec.uid if self.own_users else None
        with ExitStack() as stack:
            filter_fd = _memory(stack, self._filter)
            contents = environment.files(spec, self._serving)
            files = {path: _memory(stack, content) for path, content in contents.items()}
            extra = ("--info-fd", str(pipes.info_child), "--block-fd", str(pipes.gate_child))
            variables = environment.variables(spec)
            words = sandbox.arguments(self._mounts(spec), variables, files, filter_fd, extra)
            arguments = _memory(stack, b"".join(os.fsencode(word) + b"\0" for word in words))
            line = ["bwrap", "--args", str(arguments), "--", *command]
            return subprocess.Popen(
                sandbox.limited(line, spec.limits, self.own_users),
                env={"PATH": "/usr/local/bin:/usr/bin:/bin"},
                cwd="/",
                stdin=subprocess.DEVNULL if listener is None else listener,
                stdout=pipes.output_child,
                stderr=pipes.output_child,
                pass_fds=(arguments, filter_fd, pipes.info_child, pipes.gate_child, *files.values()),
                start_new_session=True,
                user=user,
                group=user,
                extra_groups=None if user is None else [],
            )

    def _mounts(self, spec: RunSpec) -> sandbox.Mounts:
        return sandbox.Mounts(
            shim=self._shim,
            environment=self._reach(spec.environment),
            code=self._reach(spec.code),
            data=self._reach(spec.data),
            prefixes=sandbox.interpreter_prefixes(spec.environment, self._reach),
            links=self._links,
            plain=self._plain,
        )

    def _reach(self, path: Path) -> Path:
        """Through the few folders opened at the start, so that mounts do not grow with the deployments."""
        real = path.resolve(strict=True)
        for top, reached in self._tops.items():
            if real.is_relative_to(top):
                return reached / real.relative_to(top)
        return stage.reach(real)


class _Pipes:
    """The three pipes of a start: what bubblewrap reports, what it waits for, what the plugin prints."""

    def __init__(self) -> None:
        self.info, self.info_child = os.pipe2(os.O_CLOEXEC)
        self.gate_child, self.gate = os.pipe2(os.O_CLOEXEC)
        self.output, self.output_child = os.pipe2(os.O_CLOEXEC)
        self.ours = (self.info, self.gate, self.output)
        self.theirs = (self.info_child, self.gate_child, self.output_child)

    def close(self, *descriptors: int) -> None:
        for descriptor in descriptors:
            os.close(descriptor)


def _memory(stack: ExitStack, content: bytes) -> int:
    """An anonymous file with this content, rewound; closed with the stack."""
    file = stack.enter_context(os.fdopen(os.memfd_create("lumbung"), "w+b"))
    file.write(content)
    file.seek(0)
    return file.fileno()


def _admit(process: subprocess.Popen[bytes], group: limits.Group, pipes: _Pipes) -> int:
    """Put the waiting sandbox into its cgroup, then let it run; returns the pidfd of its process 1."""
    report = _report(pipes.info)
    if report is None:
        said = os.read(pipes.output, 2000).decode("utf-8", "replace").strip()
        raise StartError(f"bubblewrap refused: {said or 'no reason given'}")
    first = os.pidfd_open(report)
    try:
        group.add(process.pid)
        group.add(report)
        os.write(pipes.gate, b"g")
    except OSError:
        os.close(first)
        raise
    return first


def _report(info: int) -> int | None:
    """The process id bubblewrap reports for its child; None when it ended without."""
    text = b""
    end = time.monotonic() + START_SECONDS
    while (left := end - time.monotonic()) > 0:
        if not select.select([info], [], [], left)[0]:
            break
        piece = os.read(info, 1000)
        text += piece
        if b"}" in text:
            return int(json.loads(text)["child-pid"])
        if not piece:
            return None
    return None
