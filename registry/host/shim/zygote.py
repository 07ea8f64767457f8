"""The zygote: a Python that has imported what every plugin needs, and forks one child per start.

It is one process without threads, in an outer sandbox without a network, secrets or a registry, and it never reads
what a request says: it hands the descriptors to a child, forgets them and waits for the next. So nothing of one plugin
can reach another through it. What its children share is what any fork shares: where libraries lie in memory, and the
seed by which strings are hashed. The host renews it every few hours for that reason.
"""

from __future__ import annotations

import gc
import importlib
import os
import random
import select
import signal
import site
import socket
import time
import traceback
from contextlib import suppress

from . import calls, preload, rehearsal, wall

READY = b"r"
DESCRIPTORS = 5
"""Of one request: what is asked, standard input, output, the report, the gate."""

_CHANNEL = 0


def children() -> list[str]:
    """Serve the host until it closes the channel, which ends this process; returns in each child, with the words of
    its request, when it stands in its own sandbox and may become the plugin.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    calls.be_named("lumbung-zygote")
    preload.everything()
    _rehearse()
    gc.disable()
    gc.collect()
    gc.freeze()
    channel = socket.socket(fileno=os.dup(_CHANNEL))
    channel.send(READY)
    while True:
        asked = _received(channel)
        if not asked:
            os._exit(0)
        if len(asked) == DESCRIPTORS and os.fork() == 0:
            channel.close()
            return _born(*asked)
        for descriptor in asked:
            os.close(descriptor)


def _rehearse() -> None:
    """Without it children are slower, not wrong."""
    try:
        rehearsal.everything()
    except Exception:
        traceback.print_exc()


def _received(channel: socket.socket) -> list[int]:
    """The descriptors of the next request; none when the host has gone."""
    while True:
        with suppress(InterruptedError):
            return list(socket.recv_fds(channel, 1, DESCRIPTORS)[1])


def _born(asked: int, stdin: int, output: int, report: int, gate: int) -> list[str]:
    """The child's part. It never returns to the zygote's loop: it leaves, or becomes the plugin."""
    try:
        request = wall.read(asked)
        for descriptor, place in ((stdin, 0), (output, 1), (output, 2)):
            os.dup2(descriptor, place)
        os.close(stdin)
        os.close(output)
        wall.enter(request)
        heard, told = os.pipe()
        if (child := os.fork()) != 0:
            os.write(report, f"{child}\n".encode())
            os.write(told, b"t")
            os._exit(0)
        os.close(told)
        wall.build(request)
        wall.close(request)
        _settle(request)
        if not os.read(heard, 1):  # so that the host hears the two in their order
            os._exit(1)
        os.write(report, b"ready\n")
        os.close(report)
        _wait(gate)
    except BaseException as error:
        with suppress(OSError):
            os.write(report, f"failed: {error}\n".encode())
        os._exit(1)
    _meet_libraries(request["libraries"])
    words: list[str] = request["words"]
    return words


def _settle(request: wall.Request) -> None:
    """What a fresh interpreter would have found: its environment, folder, time zone and signals."""
    os.environ.clear()
    os.environ.update(request["variables"])
    os.chdir(request["folder"])
    time.tzset()
    random.seed()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    calls.be_named("lumbung-plugin")
    gc.enable()


def _meet_libraries(folder: str) -> None:
    """What the bundle's own wheels add. A ``.pth`` file among them runs code: not before this process is in its cgroup
    and has let go of the host's pipes.
    """
    if folder:
        importlib.invalidate_caches()
        site.addsitedir(folder)


def _wait(gate: int) -> None:
    """Until the host, our parent by now, has put us into our cgroup. We end with it: also when it is gone already."""
    if not os.read(gate, 1):
        os._exit(1)
    calls.die_with_parent(signal.SIGKILL)
    watch = select.poll()
    watch.register(gate, 0)
    if watch.poll(0):
        os._exit(1)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
