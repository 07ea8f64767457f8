"""``lumbung backup`` and ``lumbung restore``: the whole registry."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click
import psycopg

from registry.config import Settings, from_environment
from registry.operate.backup import checking, keys, places, restoring, taking
from registry.operate.backup.errors import BackupError
from registry.operate.backup.manifest import Manifest
from registry.operate.parts import embedded, local_settings
from registry.operate.up import UpError, only_one

KEY = "LUMBUNG_RECOVERY_KEY"
FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command("backup")
@click.option("--to", "target", help="A folder, or what restic calls a repository (s3:…, sftp:…, restic:FOLDER).")
@click.option("--data", type=FOLDER, help="Data folder of the installation.")
@click.option("--keep", type=click.IntRange(1), default=14, show_default=True, help="How many backups stay there.")
@click.option("--verify", "verifying", is_flag=True, help="Make none: see whether the newest could be restored.")
@click.option("--list", "listing", is_flag=True, help="Make none: name those that are there.")
@click.option("--key", "telling", is_flag=True, help="Make none: print the recovery key, to be kept elsewhere.")
def backup_command(
    target: str | None, data: Path | None, keep: int, verifying: bool, listing: bool, telling: bool
) -> None:
    """Back up the whole registry while it runs; exit 1 when a plugin could not be copied, 2 when nothing was kept."""
    settings = local_settings(data)
    place = target or settings.backup_repository or str(settings.data / "backups" / "registry")
    try:
        if telling:
            click.echo(keys.recovery_key(settings.secrets))
        elif listing:
            click.echo("\n".join(places.at(settings, place).names))
        elif verifying:
            _told_wrong(*checking.verify(settings, place))
        else:
            with _database(settings):
                _told_taken(taking.backup(settings, place, keep, _say))
    except (BackupError, UpError) as error:
        click.echo(f"lumbung backup: {error}", err=True)
        sys.exit(2)


@click.command("restore")
@click.argument("source", metavar="FROM")
@click.option("--data", type=FOLDER, required=True, help="The folder to fill: new or empty.")
@click.option("--key-file", type=click.File(), help=f"Holds the recovery key; else {KEY}, else you are asked.")
@click.option("--name", default="", help="Which one ('lumbung backup --list'); the newest when not given.")
def restore_command(source: str, data: Path, key_file: TextIO | None, name: str) -> None:
    """Restore the whole registry from a backup into an empty data folder."""
    key = key_file.read() if key_file else os.environ.get(KEY) or click.prompt("Recovery key", hide_input=True)
    settings = from_environment(data=data.resolve())
    try:
        restored = restoring.restore(settings, source, key.strip(), name, _say)
    except BackupError as error:
        click.echo(f"lumbung restore: {error}", err=True)
        sys.exit(2)
    _told_restored(settings, restored)


@contextmanager
def _database(settings: Settings) -> Iterator[None]:
    """The database, started for as long as it is needed when Lumbung does not run."""
    cluster = embedded(settings)
    if settings.database_url != cluster.app_url() or _answers(settings.database_url):
        yield
        return
    with only_one(settings.data):
        cluster.prepare()
        try:
            yield
        finally:
            cluster.stop()


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def _say(text: str) -> None:
    click.echo(f"  · {text}", err=True)


def _told_taken(taken: taking.Taken) -> None:
    click.echo(f"Backup {taken.name} is in {taken.place}: {_counted(taken.manifest)}.")
    click.echo("Its secrets open only with the recovery key ('lumbung backup --key'): keep that outside this machine.")
    _told_problems(taken.manifest.problems)


def _told_wrong(found: Manifest, wrong: list[str]) -> None:
    click.echo(f"Backup of {found.made_at}: {_counted(found)}.")
    if not wrong:
        click.echo("It is whole: every checksum, the database, the repositories, the secrets.")
    _told_problems([*wrong, *found.problems])


def _told_problems(problems: list[str]) -> None:
    for problem in problems:
        click.echo(f"not whole: {problem}", err=True)
    if problems:
        sys.exit(1)


def _told_restored(settings: Settings, restored: restoring.Restored) -> None:
    click.echo(
        f"Restored into {settings.data}, as it was at {restored.manifest.made_at}: {_counted(restored.manifest)}."
    )
    for problem in restored.manifest.problems:
        click.echo(f"off, without its data: {problem}")
    told = {name: text for name, text in sorted(restored.settings.items()) if name != "LUMBUNG_DATA"}
    if told:
        click.echo("It was told by its environment (give the same, unless this is another place):")
        click.echo("\n".join(f"  {name}={text}" for name, text in told.items() if "SMTP" not in name))
    command = f"lumbung up --data {settings.data}"
    click.echo(f"Next: LUMBUNG_DATA={settings.data} lumbung doctor, then {command}")


def _counted(found: Manifest) -> str:
    plugins = [one for one in found.plugins if not one.problem]
    return f"{len(plugins)} plugins, {found.repositories} repositories, {found.archives} archives"
