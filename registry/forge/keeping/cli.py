"""``lumbung forge``: the repositories, for the operator."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from registry.core import audit, scope
from registry.core.errors import ConflictError
from registry.core.uow import unit_of_work
from registry.forge import storage
from registry.forge.keeping import detaching, running, survey
from registry.forge.keeping.measuring import measure
from registry.forge.keeping.service import note_figures
from registry.forge.keeping.spots import Spot, spots
from registry.forge.signatures.cli_here import releases, rotate_key


@click.group("forge")
def forge() -> None:
    """The repositories: check and repair them, keep them in order, make a fork whole."""


forge.add_command(releases)
forge.add_command(rotate_key)


@forge.command("fsck")
@click.argument("which", metavar="[APP|CITY/APP]", default="")
@click.option("--repair", is_flag=True, help="Mend what can be mended; nothing is deleted that cannot be rebuilt.")
@click.option("--deep", is_flag=True, help="Read the content of every object, too: takes long.")
@with_appcontext
def fsck(which: str, repair: bool, deep: bool) -> None:
    """Check every repository, or those of APP, or one fork. Exit 0: all sound or repaired; 1: faults are left."""
    scope.enter_programme()
    well, count = True, 0
    city, _slash, app = which.rpartition("/")
    for report in survey.survey(app, city, repair, deep):
        well, count = well and report.well, count + 1
        click.echo(f"{report.state:9}{report.spot.name}")
        for fault in report.faults:
            click.echo(f"{'':9}{fault.state} {fault.kind} {fault.what} {fault.note}".rstrip())
    if which and not count:
        raise click.ClickException(f"there is no repository {which}")
    for path in survey.strangers(storage.here()) if not which else ():
        click.echo(f"{'unknown':9}{path} (no table names it; left as it is)")
    if not well:
        raise SystemExit(1)


@forge.command("keep")
@click.argument("which", metavar="[APP|CITY/APP]", default="")
@with_appcontext
def keep(which: str) -> None:
    """Do now what the worker does every hour: pack, write graphs and take away leftovers where it is needed."""
    scope.enter_programme()
    city, _slash, app = which.rpartition("/")
    done = running.run(app, city, tell=lambda name, _percent: click.echo(name))
    click.echo(f"{done.seen} repositories, {done.needed} needed something, {done.kept} kept, {done.failed} failed")
    if done.failed or done.kept < done.needed:
        raise SystemExit(1)


@forge.command("detach")
@click.argument("which", metavar="CITY/APP")
@with_appcontext
def detach(which: str) -> None:
    """Make a fork whole: it takes in what it borrows, and needs nothing of ours any more."""
    spot = _one(which)
    try:
        detaching.detach(storage.here(), spot, lambda step, percent: click.echo(f"{percent:3} % {step}"))
    except ConflictError as error:
        raise click.ClickException(error.message) from None
    _weigh(spot)


@forge.command("attach")
@click.argument("which", metavar="CITY/APP")
@with_appcontext
def attach(which: str) -> None:
    """Let a fork borrow from its original again."""
    spot = _one(which)
    detaching.attach(storage.here(), spot)
    _weigh(spot)


def _one(which: str) -> Spot:
    scope.enter_programme()
    city, _slash, app = which.rpartition("/")
    found = spots(storage.here(), app, city) if city and app else []
    if not found:
        raise click.ClickException(f"there is no fork {which}")
    return found[0]


def _weigh(spot: Spot) -> None:
    found = measure(spot.path)
    with unit_of_work():
        note_figures(spot.city_id, spot.app_id, spot.kind, found)
        audit.record("fork.attach" if found.borrows else "fork.detach", spot.name, tenant_id=spot.city_id)
    click.echo(f"{spot.name} {'borrows' if found.borrows else 'is whole'}: {found.bytes} bytes of its own")
