"""``lumbung gateway``: the only way out of a sandbox."""

from __future__ import annotations

import sys

import click

from registry.bare import bare_app
from registry.connect.gateway import main as gateway
from registry.core import logs
from registry.operate.parts import local_settings


@click.command("gateway")
def gateway_command() -> None:
    """Let plugins out as far as their cities allow: mail, siblings, hosts. Started by 'up'."""
    logs.configure("gateway")
    settings = local_settings()
    sys.exit(gateway.run(bare_app(settings), settings))
