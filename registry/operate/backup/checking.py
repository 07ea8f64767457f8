"""``lumbung backup --verify``: whether the newest backup could be restored, without restoring it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from registry.config import Settings
from registry.operate.backup import keys, manifest, places, plugins, repositories, tables, taking
from registry.operate.backup.errors import BackupError
from registry.operate.backup.manifest import Manifest


def verify(settings: Settings, target: str) -> tuple[Manifest, list[str]]:
    """The newest backup's manifest and everything wrong with it. Raises BackupError when there is none to read."""
    place = places.at(settings, target)
    name = (place.names or [""])[-1]
    with place.opened(name) as folder:
        found = manifest.read(folder)
        wrong = [*check(folder, found, keys.recovery_key(settings.secrets))]
    if not wrong:
        taking.note_verified(settings, name)
    return found, wrong


def check(folder: Path, found: Manifest, key: str) -> Iterator[str]:
    """Every checksum, the database to its end, each repository's objects, each plugin's data, the key."""
    yield from manifest.changed(folder)
    for act in (
        lambda: tables.check(folder / taking.DATABASE, found.server),
        lambda: keys.check(folder / keys.FILE, key),
    ):
        try:
            act()
        except (BackupError, OSError) as error:
            yield str(error)
    yield from repositories.broken(folder)
    for one in found.plugins:
        if one.revision and not one.problem and not (folder / plugins.FOLDER / str(one.deployment) / "data").is_dir():
            yield f"{one.plugin}: its data is missing"
