"""Listening sockets in a deployment's folder: only its own user can reach them."""

from __future__ import annotations

import os
import socket
import struct
from pathlib import Path

BACKLOG = 64


def listen(path: Path, owner: int) -> socket.socket:
    """A socket at ``path``, whole from its first moment, also where one of a gateway before still lies.

    As root it is given to the deployment's user; the folder above belongs to us, so nobody can put another there.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
    draft = path.with_name(f"{path.name}~")
    draft.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(str(draft))
        os.chmod(draft, 0o600)
        if os.getuid() == 0:
            os.chown(draft, owner, owner)
        listener.listen(BACKLOG)
        listener.setblocking(False)
        draft.rename(path)
    except BaseException:
        listener.close()
        raise
    return listener


def is_of(connection: socket.socket, owner: int) -> bool:
    """Whether the kernel says the other end is the deployment's user, or who we are (its folder is mounted nowhere
    else; this is the second lock of that door).
    """
    _pid, uid, _gid = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return uid in (owner, os.getuid())
