"""``lumbung``: the operator's command. Rooms export their own commands as ``commands``."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import ScriptInfo

from registry import host
from registry.app import create_app
from registry.config import from_environment
from registry.connect.gateway import main as gateway
from registry.core import logs, worker
from registry.operate import commands, database, doctor, edge
from registry.operate.doctor import MissingError
from registry.operate.parts import local_settings
from registry.operate.postgres import PostgresError
from registry.operate.up import UpError, renew, up


def _app() -> Flask:
    """For the rooms' commands: the installation of this machine, wherever the command is called."""
    return create_app(local_settings())


@click.group(context_settings={"help_option_names": ["-h", "--help"], "obj": ScriptInfo(create_app=_app)})
@click.version_option(package_name="lumbung")
def main() -> None:
    """The registry of a city-to-city app-sharing programme."""


@main.command("up")
@click.option("--port", type=click.IntRange(1, 65535), help="Where the edge listens (8000).")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Data folder (var/ in the checkout).")
@click.option("--demo", is_flag=True, help="Fill an empty registry with demo cities, people and apps.")
def up_command(port: int | None, data: Path | None, demo: bool) -> None:
    """Run everything on this machine in the foreground, until Ctrl-C."""
    try:
        up(from_environment(port=port, data=data.resolve() if data else None, demo=demo or None))
    except (UpError, MissingError, PostgresError, ValueError) as error:
        sys.exit(f"lumbung up: {error}")


@main.command("upgrade")
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


@main.command("worker")
def worker_command() -> None:
    """Do the queued work (imports, builds). Started by 'up'."""
    logs.configure("worker")
    settings = local_settings()
    worker.run(create_app(settings), settings.database_url)


@main.command("gateway")
def gateway_command() -> None:
    """Let plugins out as far as their cities allow: mail, siblings, hosts. Started by 'up'."""
    logs.configure("gateway")
    settings = local_settings()
    sys.exit(gateway.run(create_app(settings), settings))


@main.command("host")
def host_command() -> None:
    """Own the plugins' sockets and run their sandboxes. Started by 'up'."""
    sys.exit(host.run(local_settings()))


@main.command("doctor")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Data folder of the installation.")
@click.option("--json", "as_json", is_flag=True, help="For programs: a list of level, name and text.")
def doctor_command(data: Path | None, as_json: bool) -> None:
    """Say what holds on this machine and what does not; exit 1 when something needed is missing."""
    sys.exit(doctor.report(local_settings(data), as_json))


@main.command("caddyfile")
@click.option("--write", is_flag=True, help="Into the run folder, where the edge's service reads it.")
def caddyfile_command(write: bool) -> None:
    """The edge's configuration, from the settings."""
    settings = from_environment()
    if write:
        settings.run.mkdir(parents=True, exist_ok=True, mode=0o711)
        (settings.run / "Caddyfile").write_text(edge.configuration(settings))
    else:
        print(edge.configuration(settings))


@main.group("db")
def db_group() -> None:
    """The database schema."""


@db_group.command("upgrade")
def db_upgrade() -> None:
    """Apply every migration."""
    database.upgrade(local_settings())


@db_group.command("downgrade")
@click.argument("revision")
def db_downgrade(revision: str) -> None:
    """Undo migrations down to REVISION (-1 for the last one)."""
    database.downgrade(local_settings(), revision)


@db_group.command("check")
def db_check() -> None:
    """Exit 1 when the models and the migrated tables differ."""
    found = database.drift(local_settings())
    if found:
        sys.exit(found)


@db_group.command("draft")
@click.argument("message")
def db_draft(message: str) -> None:
    """Write a new migration from the difference between models and database."""
    database.draft(local_settings(), message)


for command in commands.ROOMS:
    main.add_command(command)
