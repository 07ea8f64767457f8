"""The plain way to start a sandbox: bubblewrap builds it and runs the shim in a Python of its own.

A sandbox started so dies with the thread that started it (PR_SET_PDEATHSIG): only threads that outlive it may start
one.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from contextlib import ExitStack, suppress

from registry.host import limits, sandbox, waiting
from registry.host.order import START_SECONDS, Child, Order, Started, StartError, memory

COMMAND = ("/env/bin/python3", "-I", "/lumbung/serve.py")
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin"}


class Bubble:
    """bubblewrap and its process 1, which is ours to collect when bubblewrap was killed before it."""

    def __init__(self, outer: subprocess.Popen[bytes], first: int) -> None:
        self.pid = outer.pid
        self._outer = outer
        self._inner = Child(0, first)

    def poll(self) -> int | None:
        return self._outer.poll()

    def kill(self) -> None:
        self._outer.kill()

    def wait(self, timeout: float | None = None) -> int:
        code = self._outer.wait(timeout)
        with suppress(subprocess.TimeoutExpired):
            self._inner.wait(timeout)
        return code


def start(order: Order, group: limits.Group) -> Started:
    """Raises StartError, OSError."""
    pipes = _Pipes()
    try:
        process = _popen(order, pipes)
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
    return Started(Bubble(process, first), first, os.pidfd_open(process.pid), pipes.output)


def _popen(order: Order, pipes: _Pipes) -> subprocess.Popen[bytes]:
    with ExitStack() as stack:

        def kept(content: bytes) -> int:
            descriptor = memory("lumbung", content)
            stack.callback(os.close, descriptor)
            return descriptor

        seccomp = kept(order.seccomp)
        files = {path: kept(content) for path, content in order.files.items()}
        extra = ("--info-fd", str(pipes.info_child), "--block-fd", str(pipes.gate_child))
        words = sandbox.arguments(order.root, order.variables, files, seccomp, extra)
        arguments = kept(b"".join(os.fsencode(word) + b"\0" for word in words))
        line = ["bwrap", "--args", str(arguments), "--", *COMMAND, *order.words]
        return subprocess.Popen(
            sandbox.limited(line, order.resources),
            env=ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL if order.listener is None else order.listener,
            stdout=pipes.output_child,
            stderr=pipes.output_child,
            pass_fds=(arguments, seccomp, pipes.info_child, pipes.gate_child, *files.values()),
            start_new_session=True,
            user=order.user,
            group=order.user,
            extra_groups=None if order.user is None else [],
        )


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
        if not waiting.readable(info, left):
            break
        piece = os.read(info, 1000)
        text += piece
        if b"}" in text:
            return int(json.loads(text)["child-pid"])
        if not piece:
            return None
    return None
