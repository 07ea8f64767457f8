"""From a child of the zygote to a sandbox: the same walls, in the same order, as bubblewrap makes them.

Two processes: the first takes the deployment's user, enters namespaces of its own and leaves; the second is process 1
there, builds its root, gives up everything and becomes the plugin. All of it runs before any code of the plugin.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import resource
import socket
import struct
from collections.abc import Mapping
from typing import Any

from . import calls, root

Request = Mapping[str, Any]
"""What the host asks for; its keys are written by ``registry.host.zygote``."""

_NAMESPACES = calls.NEWUSER | calls.NEWNS | calls.NEWIPC | calls.NEWUTS | calls.NEWNET | calls.NEWPID | calls.NEWCGROUP
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 1
_INTERFACE = "16sH22x"
"""``struct ifreq``: a name and its flags."""


def read(descriptor: int) -> Request:
    """The request, out of the anonymous file it arrived in."""
    with os.fdopen(descriptor, "rb") as file:
        found: Request = json.load(file)
    return found


def enter(request: Request) -> None:
    """Be the deployment's user in namespaces of its own; the next child is the first process there."""
    for name, value in request["resources"].items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    user = request["user"]
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    calls.gain_nothing()
    calls.be_readable()
    user, group = os.getuid(), os.getgid()
    calls.unshare(_NAMESPACES)
    _be_known_as(0, user, group)


def build(request: Request) -> None:
    """As process 1: its session, its names, its network and its root."""
    os.setsid()
    calls.set_hostname(request["hostname"])
    _raise_loopback()
    root.build(request["root"], request["files"])


def close(request: Request) -> None:
    """Give up what was needed to build: capabilities, further namespaces, system calls. There is no way back."""
    with open("/proc/sys/user/max_user_namespaces", "w") as limit:
        limit.write("1")
    calls.unshare(calls.NEWUSER)
    _be_known_as(request["inside"], 0, 0)
    calls.drop_capabilities()
    calls.filter_calls(base64.b64decode(request["seccomp"]))


def _be_known_as(inside: int, user: int, group: int) -> None:
    """The one user and group of the namespace just entered; everybody else is nobody there."""
    with open("/proc/self/setgroups", "w") as file:
        file.write("deny")
    for kind, outside in (("uid", user), ("gid", group)):
        with open(f"/proc/self/{kind}_map", "w") as file:
            file.write(f"{inside} {outside} 1")


def _raise_loopback() -> None:
    """A network of one's own begins with its loopback down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        asked = struct.pack(_INTERFACE, b"lo", 0)
        flags = struct.unpack(_INTERFACE, fcntl.ioctl(control, _GET_FLAGS, asked))[1]
        fcntl.ioctl(control, _SET_FLAGS, struct.pack(_INTERFACE, b"lo", flags | _UP))
