"""Takes as much as it gets of what its path names, for ``?seconds=N``, in threads of its own; answers at once."""

import os
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs

THREADS = 6
DATA = Path(os.environ.get("DATA_DIR", "."))


def cpu(end):
    while time.monotonic() < end:
        sum(range(10_000))


def memory(end):
    """What is freed is kept a while by each thread, so all together stay just below the usual limit: who goes over it
    is ended, and burns nothing any more.
    """
    while time.monotonic() < end:
        len(b"x" * (6 * 2**20))


def disk(end):
    path = DATA / f"waste-{threading.get_ident()}"
    while time.monotonic() < end:
        with path.open("wb") as file:
            for _ in range(8):
                file.write(os.urandom(2**20))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


def sockets(end):
    while time.monotonic() < end:
        pairs = []
        with suppress(OSError):
            while len(pairs) < 70:
                pairs.append(socket.socketpair())
        for left, right in pairs:
            left.sendall(b"x" * 4096)
            right.recv(4096)
            left.close()
            right.close()


APPETITES = {"cpu": cpu, "memory": memory, "disk": disk, "sockets": sockets}


def application(environ, start_response):
    appetite = APPETITES.get(environ["PATH_INFO"].strip("/"))
    wanted = parse_qs(environ.get("QUERY_STRING", "")).get("seconds", ["1"])[0]
    if appetite is not None and wanted.isdigit():
        end = time.monotonic() + min(int(wanted), 60)
        for _ in range(THREADS):
            threading.Thread(target=appetite, args=(end,), daemon=True).start()
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", "8")])
    return [b"glutton\n"]
