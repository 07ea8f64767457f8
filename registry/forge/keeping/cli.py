"""``lumbung forge``: the repositories, for the operator."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from registry.core import scope
from registry.forge import storage
from registry.forge.keeping import running, survey


@click.group("forge")
def forge() -> None:
    """The repositories: check and repair them, keep them in order, make a fork whole."""


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
