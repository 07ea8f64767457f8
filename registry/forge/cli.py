"""``lumbung publish``: releases from the command line, as the publisher city."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from registry.catalog.trust import checklist, proved_words
from registry.catalog.trust import proving as trust
from registry.catalog.trust.proved import Result
from registry.core import scope
from registry.core.db import db
from registry.core.errors import Finding, RefusalError, UnavailableError
from registry.core.uow import unit_of_work
from registry.forge import importing, proving, publishing
from registry.forge.looking import look_folder
from registry.tenants.models import City

MARKS = {checklist.OK: "ok", checklist.WARN: "warn", checklist.MISSING: "MISSING"}


@click.command("publish")
@click.argument("source", metavar="PATH|URL")
@click.option("--check", "only_check", is_flag=True, help="Show the checklist and release nothing. PATH only.")
@click.option("--test", "tested", is_flag=True, help="Run its tests in the sandbox first: they must pass.")
@with_appcontext
def publish(source: str, only_check: bool, tested: bool) -> None:
    """Release the app in the folder PATH, or in the git repository at an https URL.

    Its own tests are run with --test only; ones that have failed hold it up in any case.
    """
    scope.enter_programme()
    publisher = db.session.scalar(select(City).where(City.publisher))
    if publisher is None:
        raise click.ClickException("there is no publisher city yet")
    if only_check:
        _look(publisher, source)
        return
    try:
        published = _publish(publisher, source, tested)
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


def _publish(publisher: City, source: str, tested: bool) -> publishing.Publication:
    if "://" not in source:
        folder = _folder(source)
        if tested:
            with publishing.committed(publisher, folder) as (repository, _tree):
                _test(publisher, repository)
        with unit_of_work():
            return publishing.publish_folder(publisher, folder, None, tested)
    with importing.fetched(source) as repository:
        if tested:
            _test(publisher, repository)
        with unit_of_work():
            return importing.publish_fetched(publisher, repository, source, None, tested)


def _test(publisher: City, repository: Path) -> None:
    """By the running host, which must be there. Raises UnavailableError."""
    said: set[str] = set()

    def tell(result: Result) -> None:
        if result.state not in said:
            said.add(result.state)
            click.echo(proved_words.sentence(result))

    if not trust.host_is_there():
        raise UnavailableError("the plugin host, which runs tests, was not heard for a while: start Lumbung first")
    proving.try_repository(publisher, repository, "HEAD", None, tell)


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
