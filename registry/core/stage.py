"""Paths a lesser user can walk, when the folders above them are closed.

Started as root we give PostgreSQL and every deployment a user of its own. Such a user must reach the data
folder, the virtual environment and the interpreter, and these may lie below a folder of mode 0700
(``/root``, a folder made by ``mktemp -d``) whose mode is not ours to change. So the process moves into a
private mount namespace, mounts one small tmpfs there and binds each folder it needs under a stable name:
nothing is visible outside, and it all goes away with the last process. Child processes inherit the
namespace; a Lumbung process started inside one goes on using it.

The first call of a process must come from its main thread, before others start: a thread keeps the
namespace of the thread that made it.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import stat
import threading
from pathlib import Path

PLACES = (Path("/run/lumbung"), Path("/srv"), Path("/media"), Path("/mnt"))
"""Where the tmpfs is mounted: the first is made when it is missing, the others are used when they are
empty.
"""

_MARK = "namespace"
_TMPFS = "mode=0711,size=1m,nr_inodes=20k"
_CLONE_NEWNS = 0x00020000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 2, 4, 8
_MS_BIND, _MS_REC, _MS_SLAVE = 4096, 16384, 1 << 19
_MNT_DETACH = 2
_libc = ctypes.CDLL(None, use_errno=True)


class PathUnreachableError(Exception):
    """A lesser user cannot walk to this path and no way could be made; the message says what to do."""


class Stage:
    """One per process (`reach`); public for tests. Not for use by two threads before the first call
    returned.
    """

    def __init__(self) -> None:
        self._root: Path | None = None
        self._namespace = ""
        self._lock = threading.Lock()

    def reach(self, path: Path) -> Path:
        """The same file or folder under a name every user can walk to; raises PathUnreachableError.

        Returns the real path itself when this process is not root or when every folder above it is open
        (o+x). The mode of the folder itself stays its owner's affair. Raises FileNotFoundError when there
        is none.
        """
        real = path.resolve(strict=True)
        if os.getuid() != 0 or walkable(real):
            return real
        with self._lock:
            root = self._opened(real)
            target = root / hashlib.sha256(os.fsencode(real)).hexdigest()[:16]
            _bind(real, target)
            return target

    def _opened(self, wanted: Path) -> Path:
        here = _namespace()
        if self._root is not None:
            if here != self._namespace:
                raise PathUnreachableError(f"{wanted}: asked for by a thread older than the stage itself")
            return self._root
        self._root = _inherited(here) or _made(wanted)
        self._namespace = _namespace()
        return self._root


def walkable(path: Path) -> bool:
    """Whether any user may walk to ``path`` (an absolute, real path): each folder above it is o+x."""
    return all(os.stat(folder).st_mode & stat.S_IXOTH for folder in path.parents)


_process_stage = Stage()


def reach(path: Path) -> Path:
    """`Stage.reach` of this process."""
    return _process_stage.reach(path)


def _namespace() -> str:
    return os.readlink("/proc/thread-self/ns/mnt")


def _inherited(here: str) -> Path | None:
    """The stage of the process that started us, if we live in its namespace."""
    for place in PLACES:
        mark = place / _MARK
        try:
            if mark.stat().st_uid == 0 and mark.read_text() == here:
                return place
        except OSError:
            continue
    return None


def _made(wanted: Path) -> Path:
    if threading.current_thread() is not threading.main_thread():
        raise PathUnreachableError(f"{wanted}: the first call of stage.reach must come from the main thread")
    place = _free_place(wanted)
    try:
        _checked(_libc.unshare(_CLONE_NEWNS), "unshare")
        _mount("none", Path("/"), _MS_REC | _MS_SLAVE)
        _mount("tmpfs", place, _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, "tmpfs", _TMPFS)
    except OSError as error:
        raise PathUnreachableError(
            f"{wanted} lies below a folder other users cannot enter, and this system does not let us mount "
            f"it elsewhere ({error}). Choose a data folder like /var/lib/lumbung, or give CAP_SYS_ADMIN."
        ) from error
    (place / _MARK).write_text(_namespace())
    return place


def _free_place(wanted: Path) -> Path:
    first, *others = PLACES
    try:
        first.mkdir(mode=0o711, exist_ok=True)
        return first
    except OSError:
        for place in others:
            if place.is_dir() and not any(place.iterdir()):
                return place
    raise PathUnreachableError(f"{wanted}: no folder to mount at; make an empty {first}")


def _bind(source: Path, target: Path) -> None:
    if source.is_dir():
        target.mkdir(mode=0o711, exist_ok=True)
    else:
        target.touch(mode=0o600)
    if os.path.samestat(os.stat(source), os.stat(target)):
        return
    _libc.umount2(os.fsencode(target), _MNT_DETACH)  # of a folder that was since made anew; else it does nothing
    try:
        _mount(os.fspath(source), target, _MS_BIND | _MS_REC)
    except OSError as error:
        raise PathUnreachableError(f"{source} could not be bound at {target} ({error})") from error


def _mount(source: str, target: Path, flags: int, kind: str = "", options: str = "") -> None:
    given = (os.fsencode(source), os.fsencode(target), kind.encode() or None)
    _checked(_libc.mount(*given, ctypes.c_ulong(flags), options.encode()), f"mount {target}")


def _checked(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {errno.errorcode.get(code, code)}")
