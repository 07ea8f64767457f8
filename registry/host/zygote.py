"""The warm way to start a sandbox: a child of the zygote, a Python that has imported the runtime already.

The zygote lives in an outer sandbox that holds no secret: no network, an empty environment, the runtime and the
deployments' folders. A request travels as descriptors of anonymous files, which only the child reads. Once its parent
has left, the child is this process's own (PR_SET_CHILD_SUBREAPER), and it ends with it.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import signal
import socket
import subprocess
import time
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path

from registry.host import limits, sandbox, waiting
from registry.host.bubblewrap import COMMAND, ENVIRONMENT
from registry.host.nest import Nest, arguments
from registry.host.order import Child, Order, Started, memory

ANSWER_SECONDS = 5.0
FAILED = "failed: "
_READY = b"r"
_PAUSE = 0.0005
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)


class ZygoteError(Exception):
    """It did not do what it was asked; another start may take the plain way."""


class Zygote:
    """A running zygote. `start` may be called from several threads at once."""

    def __init__(self, nest: Nest, own_users: bool) -> None:
        """Returns at once; `ready` says when it can be asked. Raises OSError."""
        _adopt_orphans()
        self.nest = nest
        self.born = time.monotonic()
        self._ready = False
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            listed = memory("zygote", b"".join(os.fsencode(word) + b"\0" for word in arguments(nest, own_users)))
            try:
                self._process = subprocess.Popen(
                    ["bwrap", "--args", str(listed), "--", *COMMAND, "zygote"],
                    env=ENVIRONMENT,
                    cwd="/",
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    pass_fds=(listed,),
                    start_new_session=True,
                )
            finally:
                os.close(listed)

    @property
    def pid(self) -> int:
        """Of its bubblewrap, whose only child it is."""
        return self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def ready(self) -> bool:
        """Whether it has imported all it wants to."""
        if not self._ready:
            with suppress(BlockingIOError):
                self._ready = self._channel.recv(1, socket.MSG_DONTWAIT) == _READY
        return self._ready

    def start(self, order: Order, group: limits.Group) -> Started:
        """Raises ZygoteError; OSError when the group takes nobody."""
        with ExitStack() as stack:
            output, report, gate = self._ask(order, stack)
            told = _Report(report)
            pid = int(told.line())
            stack.callback(_discard, pid)
            group.add(pid)  # takes the kernel milliseconds, in which the child builds its sandbox
            told.line()
            _until_ours(pid)
            descriptor = os.pidfd_open(pid)
            stack.callback(os.close, descriptor)
            try:
                os.write(gate, b"g")
            except BrokenPipeError as error:
                raise ZygoteError("the child left before it was let in") from error
            stack.pop_all()
        os.close(report)
        return Started(Child(pid, descriptor), descriptor, os.dup(descriptor), output, gate)

    def close(self) -> None:
        """It ends now, even when it hangs; its children stay, they are this process's own."""
        self._channel.close()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        with suppress(ChildProcessError):
            while True:  # what bubblewrap left behind is ours by now
                os.waitpid(-self._process.pid, 0)

    def _ask(self, order: Order, stack: ExitStack) -> tuple[int, int, int]:
        """Send one request; our ends of its pipes (what it prints, what it reports, its gate) are closed with the
        stack.
        """
        with ExitStack() as theirs:

            def passed(descriptor: int) -> int:
                theirs.callback(os.close, descriptor)
                return descriptor

            output, output_child = os.pipe2(os.O_CLOEXEC)
            report, report_child = os.pipe2(os.O_CLOEXEC)
            gate_child, gate = os.pipe2(os.O_CLOEXEC)
            for descriptor in (output, report, gate):
                stack.callback(os.close, descriptor)
            for descriptor in (output_child, report_child, gate_child):
                passed(descriptor)
            nothing = order.listener if order.listener is not None else passed(os.open(os.devnull, os.O_RDONLY))
            asked = passed(memory("request", request(order, self.nest)))
            try:
                socket.send_fds(self._channel, [b"f"], [asked, nothing, output_child, report_child, gate_child])
            except OSError as error:
                raise ZygoteError(f"the zygote cannot be reached: {error}") from error
            return output, report, gate


def request(order: Order, nest: Nest) -> bytes:
    """What a child reads; the keys are those of ``shim/wall.py`` and ``shim/zygote.py``."""
    environment = next(step.source for step in order.root if step.path == "/env")
    python = next(nest.environment.glob("lib/python*/site-packages")).relative_to(nest.environment)
    return json.dumps(
        {
            "words": list(order.words),
            "root": [asdict(step) for step in order.root],
            "files": {path: base64.b64encode(content).decode() for path, content in order.files.items()},
            "variables": {name: value.replace("\0", "") for name, value in order.variables.items()},
            "resources": dict(order.resources),
            "seccomp": base64.b64encode(order.seccomp).decode(),
            "user": order.user,
            "inside": sandbox.INSIDE_UID,
            "hostname": sandbox.HOSTNAME,
            "folder": sandbox.HOME,
            "libraries": "" if environment == str(nest.environment) else f"/env/{python}",
        }
    ).encode()


def _adopt_orphans() -> None:
    """A process whose parent leaves becomes the child of this one, instead of the machine's process 1."""
    if _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "this process cannot adopt its grandchildren")


class _Report:
    """What the first of the two processes says, its child's process id, and what that says: that it is ready."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._rest = b""
        self._end = time.monotonic() + ANSWER_SECONDS

    def line(self) -> str:
        """The next line. Raises ZygoteError when there is none in time, and with what went wrong."""
        while b"\n" not in self._rest:
            left = self._end - time.monotonic()
            if left <= 0 or not waiting.readable(self._descriptor, left):
                raise ZygoteError("the zygote did not answer")
            piece = os.read(self._descriptor, 4096)
            if not piece:
                raise ZygoteError("the zygote left")
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        text = line.decode("utf-8", "replace")
        if text.startswith(FAILED):
            raise ZygoteError(text)
        return text


def _until_ours(pid: int) -> None:
    """Wait for the child's parent to leave: it does so at once, and only our own children can be waited for."""
    end = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < end:
        parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
        if int(parent) == os.getpid():
            return
        time.sleep(_PAUSE)
    raise ZygoteError("the child's parent does not leave")


def _discard(pid: int) -> None:
    """A child that will not be used; it waits at its gate, or has left."""
    with suppress(ZygoteError, OSError):
        os.kill(pid, signal.SIGKILL)
        _until_ours(pid)
        os.waitpid(pid, 0)
