"""``lumbung people invite``: the operator's way to the first people of an installation."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from registry.accounts.cli import people
from registry.core import scope
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import rules as policy
from registry.tenants.models import City
from registry.tenants.people import inviting
from registry.tenants.service import find_city

__all__ = ["people"]


@people.command("invite")
@click.argument("email")
@click.option("--city", "slug", default="", help="Name of the city in addresses; the publisher by default.")
@click.option("--role", default=policy.MAINTAINER, show_default=True,
              type=click.Choice([policy.MAINTAINER, policy.ADMIN, policy.AUDITOR]))  # fmt: skip
@click.option("--name", default="", help="Name or position of the person.")
@with_appcontext
def invite(email: str, slug: str, role: str, name: str) -> None:
    """Offer EMAIL a role, by mail; the link is printed, too, for an installation that sends no mail yet."""
    try:
        with unit_of_work():
            city = find_city(slug) if slug else _publisher()
            scope.enter_programme()
            done = inviting.invite(city, inviting.Wanted(email, role, name), roles=inviting.ALL)
    except RefusalError as error:
        raise click.ClickException(error.message) from None
    click.echo(f"{email} is invited: {done.address}" if done.address else f"{email} has the role now")


def _publisher() -> City:
    found = db.session.scalar(select(City).where(City.publisher))
    if found is None:
        raise click.ClickException("there is no publisher yet: name a city with --city")
    return found
