"""The steps of ``registry.host.sandbox`` carried out by system calls: an empty root, filled, then entered."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import calls

STAND = "/stand"
"""An empty folder of the zygote's own root, where a child's root is built."""

_ROOT = f"{STAND}/newroot"
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_DEVICE_LINKS = {
    "stdin": "/proc/self/fd/0",
    "stdout": "/proc/self/fd/1",
    "stderr": "/proc/self/fd/2",
    "fd": "/proc/self/fd",
    "core": "/proc/kcore",
    "ptmx": "pts/ptmx",
}

Step = Mapping[str, Any]


def build(steps: Iterable[Step], files: Mapping[str, str]) -> None:
    """Leaves the process at the new root; nothing of the old one is reachable. ``files`` are in base64, by path."""
    before = os.umask(0)
    calls.mount("none", "/", "", calls.SLAVE | calls.RECURSIVE)
    calls.mount("tmpfs", STAND, "tmpfs", calls.NOSUID | calls.NODEV)
    os.mkdir(_ROOT, 0o755)
    calls.bind(_ROOT, _ROOT)
    for step in steps:
        target = _ROOT + step["path"]
        os.makedirs(os.path.dirname(target), 0o755, exist_ok=True)
        if step["kind"] == "file":
            _file(target, base64.b64decode(files[step["path"]]), step["mode"])
        else:
            _BUILDERS[step["kind"]](target, step)
    calls.enter_root(_ROOT)
    os.umask(before)


def _file(target: str, content: bytes, mode: int) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        os.write(descriptor, content)
    finally:
        os.close(descriptor)


def _bind(target: str, step: Step) -> None:
    os.makedirs(target, 0o755, exist_ok=True)
    calls.bind(step["source"], target)
    calls.narrow(target, read_only=not step["mode"])


def _link(target: str, step: Step) -> None:
    os.symlink(step["source"], target)


def _folder(target: str, step: Step) -> None:
    os.makedirs(target, step["mode"], exist_ok=True)


def _tmpfs(target: str, step: Step) -> None:
    os.makedirs(target, 0o755, exist_ok=True)
    options = f"mode={step['mode']:04o},size={step['size']}"
    calls.mount("tmpfs", target, "tmpfs", calls.NOSUID | calls.NODEV, options)


def _proc(target: str, _step: Step) -> None:
    os.mkdir(target, 0o755)
    calls.mount("proc", target, "proc", calls.NOSUID | calls.NODEV | calls.NOEXEC)


def _dev(target: str, _step: Step) -> None:
    """What bubblewrap's ``--dev`` makes: six harmless devices, terminals of its own, and the usual links."""
    os.mkdir(target, 0o755)
    calls.mount("tmpfs", target, "tmpfs", calls.NOSUID | calls.NODEV, "mode=0755")
    for name in _DEVICES:
        place = f"{target}/{name}"
        os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444))
        calls.bind(f"/dev/{name}", place)
        calls.narrow(place, read_only=False, devices=True)
    for name, wanted in _DEVICE_LINKS.items():
        os.symlink(wanted, f"{target}/{name}")
    os.mkdir(f"{target}/shm", 0o755)
    os.mkdir(f"{target}/pts", 0o755)
    terminals = "newinstance,ptmxmode=0666,mode=620"
    calls.mount("devpts", f"{target}/pts", "devpts", calls.NOSUID | calls.NOEXEC, terminals)


def _close(target: str, _step: Step) -> None:
    calls.narrow(target, read_only=True, below=False)


_BUILDERS: Mapping[str, Callable[[str, Step], None]] = {
    "bind": _bind,
    "link": _link,
    "proc": _proc,
    "dev": _dev,
    "tmpfs": _tmpfs,
    "folder": _folder,
    "close": _close,
}
