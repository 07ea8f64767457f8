"""``lumbung audit``: the audit log checked here, and an exported one anywhere."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from registry.core import scope
from registry.core.chains import BrokenChainError
from registry.core.uow import unit_of_work
from registry.tenants.auditing import chain, service
from registry.tenants.auditing.jobs import tie
from registry.tenants.service import find_city

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("audit")
def audit() -> None:
    """The audit log and the chain that ties its lines."""


@audit.command("verify")
@click.argument("file", type=FILE, required=False)
@click.option("--earlier", type=FILE, help="A copy you kept: every line of it must still be there.")
@with_appcontext
def verify(file: Path | None, earlier: Path | None) -> None:
    """Read every line of this installation's log, or of FILE (audit-….jsonl): exit 0 when all hold, else 1."""
    if file is None:
        _verify_here()
        return
    try:
        kept = _head_of(earlier) if earlier else chain.EMPTY
        with file.open(encoding="utf-8", errors="replace") as lines:
            head = chain.grown(kept, lines)
    except BrokenChainError as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"{head.number} lines, each tied to the one before; the last: {head.chain}")


@audit.command("export")
@click.argument("city", required=False)
@with_appcontext
def export(city: str | None) -> None:
    """Write the log of CITY, or of the programme, as lines of JSON with their chain."""
    scope.enter_programme()
    tie()
    for line in service.lines(find_city(city).id if city else None):
        click.echo(line)


def _verify_here() -> None:
    scope.enter_programme()
    tie(everything=True)
    with unit_of_work():
        found = service.check_all()
        lines, fault = found.lines, found.fault
    for tenant in service.tenants():
        head = service.head(tenant)
        click.echo(f"{service.name_of(tenant):<14} {head.number:>9} lines  {head.chain}")
    if fault:
        raise click.ClickException(fault)
    click.echo(f"all {lines} lines hold")


def _head_of(path: Path) -> chain.Head:
    with path.open(encoding="utf-8", errors="replace") as lines:
        return chain.whole(lines)
