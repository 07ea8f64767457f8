"""System calls the standard library does not offer, by ctypes. Every one raises OSError with its own name."""

from __future__ import annotations

import ctypes
import os
import struct

NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWNS = (
    0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000, 0x00020000,
)  # fmt: skip
NOSUID, NODEV, NOEXEC, BIND, RECURSIVE, SLAVE = 2, 4, 8, 4096, 1 << 14, 1 << 19

_READ_ONLY, _NO_SUID, _NO_DEV = 1, 2, 4
_DETACH = 2
_BELOW = 0x8000
_HERE = -100
_MOUNT_SETATTR = 442
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_PDEATHSIG, _DUMPABLE, _SECCOMP, _CAPBSET_READ, _CAPBSET_DROP, _NO_NEW_PRIVS, _NAME = 1, 4, 22, 23, 24, 38, 15
_FILTER = 2
_CAPABILITIES = 0x20080522
_libc = ctypes.CDLL(None, use_errno=True)


def unshare(flags: int) -> None:
    _checked(_libc.unshare(ctypes.c_int(flags)), "unshare")


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    given = (os.fsencode(source), os.fsencode(target), kind.encode(), ctypes.c_ulong(flags), options.encode() or None)
    _checked(_libc.mount(*given), f"mount {target}")


def bind(source: str, target: str) -> None:
    """With what is mounted below it."""
    _checked(_libc.mount(os.fsencode(source), os.fsencode(target), None, ctypes.c_ulong(BIND | RECURSIVE), None),
             f"bind {source} at {target}")  # fmt: skip


def narrow(target: str, read_only: bool, devices: bool = False, below: bool = True) -> None:
    """A mount, and what is mounted ``below`` it, runs no set-uid programs and opens no devices from now on."""
    flags = _NO_SUID | (_READ_ONLY if read_only else 0) | (0 if devices else _NO_DEV)
    attributes = struct.pack("=4Q", flags, 0, 0, 0)
    given = (ctypes.c_int(_HERE), os.fsencode(target), ctypes.c_uint(_BELOW if below else 0))
    size = ctypes.c_size_t(len(attributes))
    _checked(_libc.syscall(ctypes.c_long(_MOUNT_SETATTR), *given, attributes, size), f"mount_setattr {target}")


def enter_root(folder: str) -> None:
    """``folder``, a mount, becomes the root; the old one is gone."""
    os.chdir(folder)
    number = ctypes.c_long(_PIVOT_ROOT[os.uname().machine])
    _checked(_libc.syscall(number, b".", b"."), "pivot_root")
    _checked(_libc.umount2(b".", _DETACH), "umount")
    os.chdir("/")


def set_hostname(name: str) -> None:
    raw = name.encode()
    _checked(_libc.sethostname(raw, ctypes.c_size_t(len(raw))), "sethostname")


def drop_capabilities() -> None:
    """All of them, of every set. The ambient set follows the permitted one."""
    number = 0
    while _libc.prctl(_CAPBSET_READ, ctypes.c_ulong(number), 0, 0, 0) >= 0:
        _prctl(_CAPBSET_DROP, number)
        number += 1
    header, none = struct.pack("=Ii", _CAPABILITIES, 0), bytes(24)
    _checked(_libc.capset(header, none), "capset")


def gain_nothing() -> None:
    """Set-uid programs give nothing from now on."""
    _prctl(_NO_NEW_PRIVS, 1)


def filter_calls(program: bytes) -> None:
    """``program`` is ``struct sock_filter[]``."""
    body = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("@HP", len(program) // 8, ctypes.addressof(body))
    _checked(_libc.prctl(_SECCOMP, ctypes.c_ulong(_FILTER), described, 0, 0), "seccomp")


def die_with_parent(number: int) -> None:
    _prctl(_PDEATHSIG, number)


def be_readable() -> None:
    """A process that changed its user may not open its own files in /proc until this is said."""
    _prctl(_DUMPABLE, 1)


def be_named(name: str) -> None:
    _checked(_libc.prctl(_NAME, name.encode(), 0, 0, 0), "prctl")


def _prctl(option: int, value: int) -> None:
    _checked(_libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)),
             f"prctl {option}")  # fmt: skip


def _checked(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
