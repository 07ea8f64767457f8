"""The seccomp filter of a sandbox: a deny list after Flatpak's, written as a classic BPF program.

bubblewrap applies no filter unless it is given one. What is denied is what a plugin never needs and where
kernel bugs live: namespaces, mounts, tracing, keyrings, bpf, io_uring, module loading, clocks. Numbers from
the kernel's ``syscall_64.tbl`` and ``asm-generic/unistd.h``.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterator
from dataclasses import dataclass

LOAD, JUMP_EQUAL, JUMP_GREATER_OR_EQUAL, JUMP_SET, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000
_ERRNO = 0x00050000
DENY = _ERRNO | errno.EPERM
ABSENT = _ERRNO | errno.ENOSYS
NO_FAMILY = _ERRNO | errno.EAFNOSUPPORT

_NUMBER, _ARCH, _ARGUMENT_0, _ARGUMENT_1 = 0, 4, 16, 24
_X32 = 0x40000000
_CLONE_NEWUSER = 0x10000000
_TERMINAL_REQUESTS = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX type into the terminal the host was started from (CVE-2017-5226, CVE-2023-28100)."""
_FAMILIES = (1, 2, 10)
"""AF_UNIX, AF_INET, AF_INET6."""

# name: (x86_64, aarch64); None where the call does not exist.
DENIED: dict[str, tuple[int | None, int | None]] = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "adjtimex": (159, 171),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "delete_module": (176, 106),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "get_mempolicy": (239, 236),
    "init_module": (175, 105),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "ioperm": (173, None),
    "iopl": (172, None),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "lookup_dcookie": (212, 18),
    "mbind": (237, 235),
    "migrate_pages": (256, 238),
    "modify_ldt": (154, None),
    "mount": (165, 40),
    "move_pages": (279, 239),
    "open_by_handle_at": (304, 265),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "set_mempolicy": (238, 237),
    "setdomainname": (171, 162),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "settimeofday": (164, 170),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "uselib": (134, None),
    "userfaultfd": (323, 282),
    "vhangup": (153, 58),
}

# Answered with ENOSYS, so that libraries fall back to the older call that the filter can judge.
HIDDEN: dict[str, tuple[int | None, int | None]] = {
    "clone3": (435, 435),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
}


@dataclass(frozen=True)
class Machine:
    """What a filter must know of a processor: its AUDIT_ARCH, the table's column and three call numbers."""

    audit: int
    column: int
    clone: int
    ioctl: int
    socket: int


MACHINES = {
    "x86_64": Machine(0xC000003E, 0, 56, 16, 41),
    "aarch64": Machine(0xC00000B7, 1, 220, 29, 198),
}

Instruction = tuple[int, int, int, int]


def program(machine: str) -> bytes:
    """The filter for ``platform.machine()``, as ``struct sock_filter[]``; raises KeyError on another
    processor.
    """
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions(MACHINES[machine]))


def instructions(machine: Machine) -> list[Instruction]:
    """(code, jump if true, jump if false, operand) of each step."""
    return [
        (LOAD, 0, 0, _ARCH),
        (JUMP_EQUAL, 1, 0, machine.audit),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, _NUMBER),
        (JUMP_GREATER_OR_EQUAL, 0, 1, _X32),
        (RETURN, 0, 0, KILL),
        *_answered(DENIED, machine, DENY),
        *_answered(HIDDEN, machine, ABSENT),
        *_judged(machine.clone, _ARGUMENT_0, ((JUMP_SET, 0, 1, _CLONE_NEWUSER), (RETURN, 0, 0, DENY))),
        *_judged(machine.ioctl, _ARGUMENT_1, tuple(_refused(_TERMINAL_REQUESTS))),
        *_judged(machine.socket, _ARGUMENT_0, tuple(_only(_FAMILIES))),
        (RETURN, 0, 0, ALLOW),
    ]


def _answered(table: dict[str, tuple[int | None, int | None]], machine: Machine, answer: int) -> Iterator[Instruction]:
    for numbers in table.values():
        number = numbers[machine.column]
        if number is not None:
            yield (JUMP_EQUAL, 0, 1, number)
            yield (RETURN, 0, 0, answer)


def _judged(number: int, argument: int, body: tuple[Instruction, ...]) -> Iterator[Instruction]:
    """When the call is ``number``: load the low half of an argument, run ``body``, else allow."""
    yield (JUMP_EQUAL, 0, len(body) + 2, number)
    yield (LOAD, 0, 0, argument)
    yield from body
    yield (RETURN, 0, 0, ALLOW)


def _refused(values: tuple[int, ...]) -> Iterator[Instruction]:
    for value in values:
        yield (JUMP_EQUAL, 0, 1, value)
        yield (RETURN, 0, 0, DENY)


def _only(values: tuple[int, ...]) -> Iterator[Instruction]:
    for value in values:
        yield (JUMP_EQUAL, 0, 1, value)
        yield (RETURN, 0, 0, ALLOW)
    yield (RETURN, 0, 0, NO_FAMILY)
