"""``lumbung up``, ``upgrade`` and ``caddyfile``: this machine's processes, without the web application."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from registry.config import from_environment
from registry.operate import edge
from registry.operate.parts import local_settings
from registry.operate.postgres import PostgresError
from registry.operate.programs import MissingError
from registry.operate.up import UpError, renew, up


@click.command("up")
@click.option("--port", type=click.IntRange(1, 65535), help="Where the edge listens (8000).")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Data folder (var/ in the checkout).")
@click.option("--demo", is_flag=True, help="Fill an empty registry with demo cities, people and apps.")
def up_command(port: int | None, data: Path | None, demo: bool) -> None:
    """Run everything on this machine in the foreground, until Ctrl-C."""
    try:
        up(from_environment(port=port, data=data.resolve() if data else None, demo=demo or None))
    except (UpError, MissingError, PostgresError, ValueError) as error:
        sys.exit(f"lumbung up: {error}")


@click.command("upgrade")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Data folder of the installation.")
def upgrade_command(data: Path | None) -> None:
    """Go on as the program now on disk: migrations, then every part of the running 'up', without losing a request."""
    try:
        renewed = renew(local_settings(data))
    except UpError as error:
        sys.exit(f"lumbung upgrade: {error}")
    if renewed.message:
        sys.exit(f"lumbung upgrade: {renewed.message}\nWhat could not be renewed goes on as before.")
    print("Every part is the program now on disk.")


@click.command("caddyfile")
@click.option("--write", is_flag=True, help="Into the run folder, where the edge's service reads it.")
def caddyfile_command(write: bool) -> None:
    """The edge's configuration, from the settings."""
    settings = from_environment()
    if write:
        settings.run.mkdir(parents=True, exist_ok=True, mode=0o711)
        (settings.run / "Caddyfile").write_text(edge.configuration(settings))
    else:
        print(edge.configuration(settings))
