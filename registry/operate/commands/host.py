"""``lumbung host``: the plugin host, which never carries the web application."""

from __future__ import annotations

import sys

import click

from registry.host.start import run
from registry.operate.parts import local_settings


@click.command("host")
def host_command() -> None:
    """Own the plugins' sockets and run their sandboxes. Started by 'up'."""
    sys.exit(run(local_settings()))
