"""``lumbung publish``: releases from the command line, as the publisher city."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from registry.catalog.trust import checklist
from registry.core import scope
from registry.core.db import db
from registry.core.errors import Finding, RefusalError
from registry.core.uow import unit_of_work
from registry.forge import importing, publishing
from registry.forge.looking import look_folder
from registry.tenants.models import City

MARKS = {checklist.OK: "ok", checklist.WARN: "warn", checklist.MISSING: "MISSING"}


@click.command("publish")
@click.argument("source", metavar="PATH|URL")
@click.option("--check", "only_check", is_flag=True, help="Show the checklist and release nothing. PATH only.")
@with_appcontext
def publish(source: str, only_check: bool) -> None:
    """Release the app in the folder PATH, or in the git repository at an https URL."""
    scope.enter_programme()
    publisher = db.session.scalar(select(City).where(City.publisher))
    if publisher is None:
        raise click.ClickException("there is no publisher city yet")
    if only_check:
        _look(publisher, source)
        return
    try:
        with unit_of_work():
            published = _publish(publisher, source)
            name = f"{published.release.app.slug} {published.release.version}"
    except RefusalError as error:
        _print(error.findings)
        raise click.ClickException(error.message) from None
    _print(published.findings)
    _print_checks([one for one in published.checks if one.state != checklist.OK])
    click.echo(f"published {name}" if published.new else f"{name} is published already with this content")


def _look(publisher: City, source: str) -> None:
    look = look_folder(publisher, _folder(source))
    _print(look.findings)
    _print_checks(look.checks)
    if not look.may_release:
        raise click.ClickException("this cannot be released as it is")
    click.echo(f"{look.version} can be released")


def _publish(publisher: City, source: str) -> publishing.Publication:
    if "://" in source:
        return importing.publish_repository(publisher, source, None)
    return publishing.publish_folder(publisher, _folder(source), None)


def _folder(source: str) -> Path:
    folder = Path(source)
    if not folder.is_dir():
        raise click.ClickException(f"{source} is not a folder")
    return folder


def _print(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        click.echo(str(finding), err=finding.level == "error")


def _print_checks(checks: Sequence[checklist.Check]) -> None:
    for one in checks:
        click.echo(f"{MARKS[one.state]:8}{one.title}: {one.why} {one.todo}".rstrip())
        for place in one.places if one.state != checklist.OK else ():
            click.echo(f"{'':8}{place.path}{f':{place.line}' if place.line else ''} {place.what}".rstrip())
