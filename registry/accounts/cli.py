"""``lumbung people``: accounts from the command line."""

from __future__ import annotations

import secrets

import click
from flask.cli import with_appcontext

from registry.accounts import service
from registry.accounts.factors import service as factors
from registry.accounts.models import User
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work


@click.group()
def people() -> None:
    """People and their accounts."""


@people.command("add")
@click.argument("email")
@click.option("--name", default="", help="What the person is called on screens; the address by default.")
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)
@click.option("--password", default=None, help="A password; by default one is made and printed once.")
@with_appcontext
def add(email: str, name: str, language: str, password: str | None) -> None:
    """Make an account for EMAIL."""
    given = password or secrets.token_urlsafe(12)
    try:
        with unit_of_work():
            service.register(email, name or email.partition("@")[0], given, language)
    except RefusalError as error:
        raise click.ClickException(error.message) from None
    click.echo(f"{email} has an account" + ("" if password else f", password {given}"))


@people.command("deactivate")
@click.argument("email")
@with_appcontext
def deactivate(email: str) -> None:
    """End every session and token of EMAIL's account and keep it closed."""
    with unit_of_work():
        service.deactivate(_known(email))
    click.echo(f"{email} can no longer sign in")


@people.command("activate")
@click.argument("email")
@with_appcontext
def activate(email: str) -> None:
    """Let EMAIL sign in again."""
    with unit_of_work():
        service.activate(_known(email))
    click.echo(f"{email} can sign in again")


@people.command("reset-second-factor")
@click.argument("email")
@with_appcontext
def reset_second_factor(email: str) -> None:
    """Take every second factor of EMAIL away and end every session; the person is told by mail.

    For somebody who lost phone and recovery codes. Make sure first that it is really this person who asks.
    """
    with unit_of_work():
        factors.reset(_known(email))
    click.echo(f"{email} signs in with the password alone and can set up a new second factor")


def _known(email: str) -> User:
    user = service.find_by_email(email)
    if user is None:
        raise click.ClickException(f"there is no account for {email}")
    return user
