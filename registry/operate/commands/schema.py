"""``lumbung db``: the database's schema."""

from __future__ import annotations

import sys

import click

from registry.operate import database
from registry.operate.parts import local_settings


@click.group("db")
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
