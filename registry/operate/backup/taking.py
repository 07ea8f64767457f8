"""``lumbung backup``: the whole registry, while it runs.

In this order: plugins' data, database, repositories, archives, builds, documents, secrets. A row names a release's tag,
an archive, a build or a document only after that is there, and none of these is ever taken away, so what is copied
after the database has all that its rows name. A plugin that changed its revision between its copy and the database is
copied again: its data and the revision on record belong together.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from registry.config import Settings
from registry.core.files import write_whole
from registry.loading import named
from registry.operate.backup import keys, manifest, places, plugins, repositories, tables
from registry.operate.backup.errors import BackupError
from registry.operate.backup.manifest import Copied, Manifest

DATABASE = "database.dump"
PLAIN = ("archives", "builds", "documents")
"""Folders of the data folder whose files never change once they are whole; a row names one after it is there."""

ROUNDS = 3
NOTE = "registry.json"
"""In ``data/backups``: when a backup last succeeded and where it is, for ``lumbung doctor``."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Taken:
    place: str
    name: str
    manifest: Manifest


@dataclass(frozen=True)
class Note:
    """Times are ISO 8601 in UTC; ``verified_at`` is empty until ``lumbung backup --verify`` found it good."""

    made_at: str
    place: str
    name: str
    problems: list[str]
    verified_at: str = ""


def backup(settings: Settings, target: str, keep: int, say: Say) -> Taken:
    """Make one, keep the newest ``keep``. Raises BackupError; a plugin that could not be copied is in the manifest."""
    key = keys.recovery_key(settings.secrets)
    place = places.at(settings, target)
    draft = place.draft()
    try:
        made = _fill(settings, draft, key, say)
        say("keeping it")
        name = place.keep(draft)
    except OSError as error:
        raise BackupError(f"the backup could not be written: {error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    place.thin(keep)
    _note(settings, Note(made.made_at, target, name, made.problems))
    return Taken(target, name, made)


def last(settings: Settings) -> Note | None:
    """What the newest backup left on record; None when there was none yet."""
    try:
        return Note(**json.loads((settings.data / "backups" / NOTE).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def note_verified(settings: Settings, name: str) -> None:
    """The newest backup was found good."""
    found = last(settings)
    if found and found.name == name:
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        _note(settings, Note(**{**asdict(found), "verified_at": moment}))


def _fill(settings: Settings, draft: Path, key: str, say: Say) -> Manifest:
    say("plugins")
    copied, dumped = _plugins_and_rows(settings, draft, say)
    say("repositories")
    count = repositories.copy(settings.data, draft)
    for name in PLAIN:
        say(name)
        copy_plain(settings.data / name, draft / name)
    keys.seal(settings.data, key, told_settings(), draft / keys.FILE)
    made = Manifest(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        version=version("lumbung"),
        schema=dumped.schema,
        server=dumped.server,
        repositories=count,
        archives=sum(path.suffix == ".sha256" for path in (draft / "archives").rglob("*")),
        plugins=copied,
    )
    say("checksums")
    manifest.write(draft, made)
    return made


def _plugins_and_rows(settings: Settings, draft: Path, say: Say) -> tuple[tuple[Copied, ...], tables.Dumped]:
    app = named("registry.app:create_app")(settings)
    copied = {one.deployment: one for one in plugins.copies(app, draft)}
    for _round in range(ROUNDS):
        say("database")
        dumped = tables.dump(settings.owner_url, draft / DATABASE)
        stale = {number for number, revision in dumped.serving.items() if _is_stale(copied.get(number), revision)}
        if not stale:
            break
        say("plugins that changed meanwhile")
        copied |= {one.deployment: one for one in plugins.copies(app, draft, stale)}
    return tuple(copied[number] for number in sorted(copied) if number in dumped.serving), dumped


def _is_stale(copied: Copied | None, serving: int | None) -> bool:
    return copied is None or (not copied.problem and copied.revision != serving)


def told_settings() -> dict[str, str]:
    """What the installation was told by its environment, the database's own addresses excepted."""
    return {name: text for name, text in os.environ.items() if name.startswith("LUMBUNG_")}


def copy_plain(source: Path, target: Path) -> None:
    """Our own files as they are; by cp, which keeps the links by which builds share very many of them."""
    target.mkdir()
    if not source.is_dir():
        return
    command = ["cp", "-a", "--reflink=auto", "--", f"{source}/.", str(target)]
    done = subprocess.run(command, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True)
    if done.returncode:
        raise BackupError(f"{source} could not be copied: {done.stderr.strip()[-500:]}")


def _note(settings: Settings, note: Note) -> None:
    folder = settings.data / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    write_whole(folder / NOTE, json.dumps(asdict(note)))
