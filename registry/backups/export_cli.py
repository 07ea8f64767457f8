"""``lumbung export`` and ``lumbung import``: a city taken along and brought in, by the operator."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
import uuid
from pathlib import Path

import click
from flask.cli import with_appcontext

from registry.backups import export_archive, import_reading, import_service
from registry.backups.export_format import FormatError
from registry.core import audit, scope
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.jobs import DONE, Job
from registry.core.uow import unit_of_work
from registry.hosting.reading import settings
from registry.tenants import service

PATIENCE = 3_600.0
"""Seconds to wait for the worker and the host with one plugin."""

WAY = "export"


@click.command("export")
@click.argument("city")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--with-secrets", is_flag=True, help="Settings with their secrets: for a move by the operator only.")
@with_appcontext
def export_command(city: str, file: Path, with_secrets: bool) -> None:
    """Write everything CITY owns to FILE (.tar.gz) while it runs; exit 1: something was left out, 2: no FILE."""
    if file.exists():
        raise click.ClickException(f"{file} is there already: name a new file")
    try:
        found = service.find_city(city)
        scope.enter_city(found.id)
        with unit_of_work():
            audit.record("city.export", found.slug, found.id, with_secrets=with_secrets)
        made = export_archive.write(found, file.resolve(), WAY, with_secrets, _tell)
    except (RefusalError, OSError) as error:
        click.echo(f"lumbung export: {error}", err=True)
        sys.exit(2)
    click.echo(f"{file}: {len(made.forks)} forks, {len(made.plugins)} plugins, {len(made.files)} files")
    for what in made.left_out:
        click.echo(f"left out: {what}", err=True)
    sys.exit(1 if made.left_out else 0)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--scratch", type=click.Path(path_type=Path, file_okay=False), help="Where to unpack (the data folder).")
@click.option("--no-wait", is_flag=True, help="Do not wait until the plugins' data is in place.")
@with_appcontext
def import_command(file: Path, scratch: Path | None, no_wait: bool) -> None:
    """Bring in a city from an archive; its plugins stay off. May be repeated; exit 1 when a plugin did not come."""
    place = scratch or settings().data / "exports"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = Path(tempfile.mkdtemp(prefix="import-", dir=place))
    try:
        manifest = import_reading.unpack(file, folder / "city")
        import_service.check(folder / "city", manifest)
        done = import_service.bring(folder / "city", manifest)
    except RefusalError as error:
        raise click.ClickException("\n".join([error.message, *map(str, error.findings)])) from None
    except (FormatError, OSError, KeyError, TypeError, ValueError) as error:
        raise click.ClickException(f"{file}: {error}") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _told(done)
    sys.exit(0 if no_wait else _waited(done.jobs))


def _tell(step: str, percent: int) -> None:
    click.echo(f"  · {step} {percent} %", err=True)


def _told(done: import_service.Imported) -> None:
    click.echo(f"{done.city} is here: {len(done.jobs)} plugins come, {done.agreements} agreements were added.")
    for name in done.already:
        click.echo(f"{name}: was here already, left as it is")
    for what in done.left_out:
        click.echo(f"left out: {what}", err=True)
    for email, password in done.passwords.items():
        click.echo(f"first password of {email}: {password}")


def _waited(wanted: dict[str, uuid.UUID]) -> int:
    """How each ended; 1 when one did not come."""
    failed = 0
    for name, job_id in wanted.items():
        job = _ended(job_id)
        good = job.state == DONE
        failed |= not good
        click.echo(f"{name}: in place, off: switch it on in the console" if good else f"{name}: {job.message}")
    return int(failed)


def _ended(job_id: uuid.UUID) -> Job:
    end = time.monotonic() + PATIENCE
    while True:
        db.session.rollback()
        job = db.session.get_one(Job, job_id, populate_existing=True)
        if job.finished or time.monotonic() > end:
            return job
        time.sleep(0.5)
