"""``lumbung forge releases`` and ``rotate-key``: this machine against the transparency log, a new key for commits."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from registry.core import scope
from registry.core.chains import BrokenChainError
from registry.core.uow import unit_of_work
from registry.forge.signatures import own
from registry.forge.signatures.journal import differences, note


@click.command("releases")
@with_appcontext
def releases() -> None:
    """Compare what lies here with the transparency log, line by line: exit 1 when anything differs."""
    scope.enter_programme()
    with unit_of_work():
        added = note()
    try:
        found = list(differences())
    except BrokenChainError as error:
        found = [str(error)]
    for told in [*found, *([f"{added} files were not listed yet and are now"] if added else [])]:
        click.echo(told)
    if not found:
        click.echo("Every file of every release is what the log says.")
    sys.exit(1 if found else 0)


@click.command("rotate-key")
@click.option("--leaked", is_flag=True, help="Somebody else may have the old key: believe nothing it signed.")
@with_appcontext
def rotate_key(leaked: bool) -> None:
    """Sign what is committed here for people with a new key; the old public key stays listed for what it signed."""
    made = own.rotate(leaked)
    click.echo(made)
    click.echo("Who verifies commits in a clone fetches the list of signers anew.")
