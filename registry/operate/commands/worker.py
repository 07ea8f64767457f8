"""``lumbung worker``: the queue's work, inside of the application."""

from __future__ import annotations

import click

from registry.app import create_app
from registry.core import logs, worker
from registry.operate.parts import local_settings


@click.command("worker")
def worker_command() -> None:
    """Do the queued work (imports, builds). Started by 'up'."""
    logs.configure("worker")
    settings = local_settings()
    worker.run(create_app(settings), settings.database_url)
