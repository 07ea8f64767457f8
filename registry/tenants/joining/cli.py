"""``lumbung regions``: Kemendagri's list from the command line."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants.joining import lists, regions


@click.group("regions")
def regions_group() -> None:
    """Kabupaten and kota by their Kemendagri codes."""


@regions_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only tell what would change.")
@with_appcontext
def import_list(file: Path, dry_run: bool) -> None:
    """Take in the official list FILE (CSV: kode,nama,provinsi and, where codes changed, kode_lama).

    Running it again changes nothing; what the list does not have stays. Exit 1 and each bad line when lines are wrong.
    """
    with file.open("rb") as stream:
        content = stream.read(lists.MAX_BYTES + 1)
    try:
        with unit_of_work():
            reading, change = regions.take_in(content, file.name, dry_run)
            told = list(_told(reading, change))
    except RefusalError as error:
        for finding in error.findings:
            click.echo(f"{file.name}:{finding.line}: {finding.message}", err=True)
        raise click.ClickException(error.message) from None
    click.echo("\n".join(["nothing is changed, this would be:" if dry_run else "taken in:", *told]))


@regions_group.command("state")
@with_appcontext
def show_state() -> None:
    """How many regions are known, and when lists were taken in."""
    count, by_hand, former, last = regions.state()
    click.echo(f"{count} regions, {by_hand} of them by hand; {former} former codes")
    for one in last:
        click.echo(f"{one.at:%Y-%m-%d %H:%M} UTC  {one.name}  {one.added} new, {one.changed} changed, "
                   f"{one.renumbered} renumbered, {one.unchanged} as before  ({one.actor})")  # fmt: skip


def _told(reading: lists.Reading, change: regions.Change) -> list[str]:
    """What changes, one line each; long lists are cut."""
    counts = (f"{len(change.added)} new, {len(change.renamed)} changed, {len(change.renumbered)} renumbered, "
              f"{change.unchanged} as before")  # fmt: skip
    lines = [counts]
    if reading.left_out:
        lines.append("left out: " + ", ".join(f"{n} rows of {level}" for level, n in sorted(reading.left_out.items())))
    lines += [f"  + {row.code} {row.name}" for row in change.added[:20]]
    lines += [f"  ~ {row.code} {before} -> {row.name}" for before, row in change.renamed[:20]]
    lines += [f"  # {old} -> {row.code} {row.name}" for old, row in change.renumbered]
    if change.missing:
        lines.append(f"not in the list, kept: {', '.join(one.code for one in change.missing[:20])}"
                     + (f" and {len(change.missing) - 20} more" if len(change.missing) > 20 else ""))  # fmt: skip
    return lines
