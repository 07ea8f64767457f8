"""Gunicorn's settings: a server that has loaded the application says so, for its socket answers long before."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

READY = "LUMBUNG_READY"
"""The environment's name of the file that the server writes its process id to."""


def when_ready(server: Any) -> None:
    """Called by gunicorn's master process."""
    Path(os.environ[READY]).write_text(str(server.pid))
