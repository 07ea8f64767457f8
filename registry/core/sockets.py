"""Listening sockets that have a name in a folder."""

from __future__ import annotations

import os
import socket
import struct
from pathlib import Path


def listen(path: Path, backlog: int, owner: int | None = None) -> socket.socket:
    """A socket at ``path``, in place of what lies there: whoever sees its name is let in, from its first moment on.

    Only its user may connect; as root it is given to ``owner``. The folder must belong to us, so that nobody can put
    another there.
    """
    draft = path.with_name(f"{path.name}~")
    draft.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.setblocking(False)
        listener.bind(str(draft))
        os.chmod(draft, 0o600)
        if owner is not None and os.getuid() == 0:
            os.chown(draft, owner, owner)
        listener.listen(backlog)
        draft.rename(path)
    except BaseException:
        listener.close()
        raise
    return listener


def is_of(connection: socket.socket, owner: int) -> bool:
    """Whether the kernel says the other end is the user ``owner``, or who we are."""
    _pid, uid, _gid = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return uid in (owner, os.getuid())
