"""``lumbung handovers``: documents of adoptions that were made before there were any."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge import handing
from registry.tenants.models import City


@click.group()
def handovers() -> None:
    """Handovers (Berita Acara Serah Terima) of the cities' forks."""


@handovers.command("make")
@with_appcontext
def make() -> None:
    """Make the handover of every fork that has none, noted as of later. It may be repeated."""
    scope.enter_programme()
    total = 0
    for city in db.session.scalars(select(City).where(City.state == "admitted").order_by(City.id)).all():
        with unit_of_work():
            numbers = [made.number for made in handing.make_missing(city)]
        for number in numbers:
            click.echo(f"{number}  {city.name}")
        total += len(numbers)
    click.echo(f"{total} handovers were made")
