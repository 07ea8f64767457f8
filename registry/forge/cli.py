"""``lumbung publish``: releases from the command line, as the publisher city."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from registry.core import scope
from registry.core.db import db
from registry.core.errors import Finding, RefusalError
from registry.core.uow import unit_of_work
from registry.forge import importing, publishing
from registry.tenants.models import City


@click.command("publish")
@click.argument("source", metavar="PATH|URL")
@with_appcontext
def publish(source: str) -> None:
    """Release the app in the folder PATH, or in the git repository at an https URL."""
    scope.enter_programme()
    publisher = db.session.scalar(select(City).where(City.publisher))
    if publisher is None:
        raise click.ClickException("there is no publisher city yet")
    try:
        with unit_of_work():
            published = _publish(publisher, source)
            name = f"{published.release.app.slug} {published.release.version}"
    except RefusalError as error:
        _print(error.findings)
        raise click.ClickException(error.message) from None
    _print(published.findings)
    click.echo(f"published {name}" if published.new else f"{name} is published already with this content")


def _publish(publisher: City, source: str) -> publishing.Publication:
    if "://" in source:
        return importing.publish_repository(publisher, source, None)
    folder = Path(source)
    if not folder.is_dir():
        raise click.ClickException(f"{source} is not a folder")
    return publishing.publish_folder(publisher, folder, None)


def _print(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        click.echo(str(finding), err=finding.level == "error")
