"""Gunicorn's settings: a server says so when it has loaded all it needs, for its socket answers long before.

`registry.operate.watch` knows this module, so it imports nothing of the application.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from registry.loading import named

READY, PROCESS = "LUMBUNG_READY", "LUMBUNG_PROCESS"
"""The environment's names of the file that the server writes its process id to, and of which part it is."""

PRELOAD = "registry.catalog.search.preload:preload"


def on_starting(server: Any) -> None:
    """Called by gunicorn's master process when it has loaded the application, before it tells systemd and forks."""
    if os.environ.get(PROCESS) == "web":
        named(PRELOAD)(server.app.wsgi())


def when_ready(server: Any) -> None:
    """Called by gunicorn's master process; systemd is told by gunicorn itself."""
    if READY in os.environ:
        Path(os.environ[READY]).write_text(str(server.pid))
