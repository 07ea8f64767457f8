"""``lumbung restore``: an installation from a backup, into an empty data folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from registry.backups import folders
from registry.config import Settings
from registry.host.copying import copy
from registry.hosting.plain import FIRST_UID, DeploymentPaths
from registry.operate.backup import checking, keys, manifest, places, plugins, settling, tables, taking
from registry.operate.backup.errors import BackupError
from registry.operate.backup.manifest import Copied, Manifest
from registry.operate.parts import embedded

MOVED = ("git", *taking.PLAIN)
Say = Callable[[str], None]


@dataclass(frozen=True)
class Restored:
    """``settings`` is what the old installation was told by its environment."""

    manifest: Manifest
    settings: dict[str, str]


def restore(settings: Settings, source: str, key: str, name: str, say: Say) -> Restored:
    """All of a backup into ``settings.data``. Raises BackupError; then what it had made there is gone again.

    The database is the embedded one, or the empty one that DATABASE_OWNER_URL names.
    """
    _refuse_unless_empty(settings.data)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o755)
    try:
        _place_key(settings, key)
        with places.at(settings, source).opened(name) as folder:
            return _restore(settings, folder, key, say)
    except BaseException:
        for path in settings.data.iterdir():
            shutil.rmtree(path, ignore_errors=True)
        raise


def _restore(settings: Settings, folder: Path, key: str, say: Say) -> Restored:
    say("checking")
    found = manifest.read(folder)
    wrong = [*checking.check(folder, found, key)]
    if wrong:
        raise BackupError("this backup is not whole: " + "; ".join(wrong[:10]))
    told = keys.open_sealed(folder / keys.FILE, key, settings.data)
    for part in MOVED:
        say(part)
        taking.copy_plain(folder / part, settings.data / part)
    say("plugins")
    for one in found.plugins:
        _plugin(settings, folder / plugins.FOLDER / str(one.deployment), one)
    say("database")
    _database(settings, folder / taking.DATABASE, found)
    return Restored(found, told)


def _refuse_unless_empty(data: Path) -> None:
    there = sorted(path.name for path in data.iterdir()) if data.is_dir() else []
    if there:
        shown = ", ".join(there[:8]) + (" …" if len(there) > 8 else "")
        raise BackupError(f"{data} is not empty ({shown}): a backup is restored into an empty folder only")


def _place_key(settings: Settings, key: str) -> None:
    settings.secrets.mkdir(mode=0o700)
    path = settings.secrets / f"{keys.NAME}.password"
    path.touch(mode=0o600)
    path.write_text(key.strip())


def _plugin(settings: Settings, place: Path, one: Copied) -> None:
    """Folders with their modes and owners as the plugin host makes them."""
    paths = DeploymentPaths(settings.data, one.deployment)
    owner = FIRST_UID + one.deployment if os.getuid() == 0 else None
    for open_folder in (paths.home.parent, paths.home):
        open_folder.mkdir(exist_ok=True)
        open_folder.chmod(0o711)
    for closed in (paths.snapshots, paths.home / folders.INCOMING):
        closed.mkdir(mode=0o700)
    if (place / "log").is_dir():
        copy(place / "log", paths.plugin_log.parent, None)
    if not (place / "data").is_dir():
        return
    target = paths.home / settling.source_of(one) if one.dumped else paths.data
    copy(place / "data", target, owner)
    if owner is not None:
        os.chown(target, owner, owner)
    if one.dumped:
        shutil.copyfile(place / folders.DUMP, target.with_name(f"{target.name}.pgdump"))


def _database(settings: Settings, dump: Path, found: Manifest) -> None:
    if settings.owner_url:
        tables.load(settings.owner_url, dump)
        settling.settle(settings.owner_url, found.plugins)
        return
    settings.run.mkdir(parents=True, exist_ok=True, mode=0o711)
    cluster = embedded(settings)
    cluster.prepare()
    try:
        tables.load(cluster.owner_url(), dump)
        settling.settle(cluster.owner_url(), found.plugins)
    finally:
        cluster.stop()
