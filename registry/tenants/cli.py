"""``lumbung cities``: the cities from the command line."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants.joining import service
from registry.tenants.models import City
from registry.tenants.service import find_city


@click.group()
def cities() -> None:
    """Cities of the programme."""


@cities.command("list")
@with_appcontext
def list_cities() -> None:
    """All cities with code, name in addresses and state, one a line."""
    for city in db.session.scalars(select(City).order_by(City.name)):
        click.echo(f"{city.code}  {city.slug:<24} {city.state:<9} {city.name}")


@cities.command("admit")
@click.argument("slug")
@with_appcontext
def admit(slug: str) -> None:
    """Admit the city SLUG to the programme."""
    try:
        with unit_of_work():
            service.admit(find_city(slug))
    except RefusalError as error:
        raise click.ClickException(error.message) from None
    click.echo(f"{slug} is admitted")
