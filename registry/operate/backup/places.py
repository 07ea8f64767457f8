"""Where backups of the registry are kept: a folder of folders, or a repository of restic.

A folder named by its moment holds one backup; it gets that name when it is whole. In restic a backup is a snapshot with
the tag `TAG`, beside those of single plugins.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from registry.backups.complaints import RepositoryError
from registry.backups.restic import Restic
from registry.config import Settings
from registry.operate.backup.errors import BackupError
from registry.operate.backup.keys import NAME
from registry.operate.backup.manifest import MANIFEST

TAG = "lumbung-registry"
CONTENT = "registry"
STAMP = re.compile(r"\d{8}T\d{6}Z")
REMOTE = re.compile(r"(restic:|[a-z0-9]+:.)")


@dataclass(frozen=True)
class Folder:
    path: Path

    def draft(self) -> Path:
        """An empty folder to fill: kept by `keep`, or taken away by who made it."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Path(tempfile.mkdtemp(prefix=".new-", dir=self.path))

    def keep(self, draft: Path) -> str:
        """The name under which it is found again."""
        name = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        os.sync()
        draft.rename(self.path / name)
        return name

    def thin(self, keep: int) -> int:
        """Only the newest ``keep`` stay; answers how many went."""
        old = self.names[:-keep]
        for name in old:
            shutil.rmtree(self.path / name)
        return len(old)

    @property
    def names(self) -> list[str]:
        """Oldest first."""
        if not self.path.is_dir():
            return []
        return sorted(path.name for path in self.path.iterdir() if STAMP.fullmatch(path.name))

    @contextmanager
    def opened(self, name: str = "") -> Iterator[Path]:
        """A kept backup as a folder to read; without a name the newest. Raises BackupError when there is none."""
        if not name and (self.path / MANIFEST).exists():
            yield self.path
            return
        yield self.path / _chosen(self.names, name, str(self.path))


@dataclass(frozen=True)
class Repository:
    """``room`` is a folder for what is being made or read: as large as a whole backup."""

    restic: Restic
    room: Path

    def draft(self) -> Path:
        return self._scratch() / CONTENT

    def keep(self, draft: Path) -> str:
        try:
            self.restic.prepare()
            return self.restic.backup(draft.parent, [CONTENT], [TAG]).snapshot
        except RepositoryError as error:
            raise BackupError(str(error)) from error
        finally:
            shutil.rmtree(draft.parent, ignore_errors=True)

    def thin(self, keep: int) -> int:
        old = self.names[:-keep]
        if old:
            self.restic.forget(old)
        return len(old)

    @property
    def names(self) -> list[str]:
        try:
            return [snapshot.id for snapshot in self.restic.snapshots(TAG)]
        except RepositoryError as error:
            raise BackupError(str(error)) from error

    @contextmanager
    def opened(self, name: str = "") -> Iterator[Path]:
        scratch = self._scratch()
        try:
            self.restic.restore(_chosen(self.names, name, self.restic.repository), scratch)
            yield scratch / CONTENT
        except RepositoryError as error:
            raise BackupError(str(error)) from error
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _scratch(self) -> Path:
        self.room.mkdir(parents=True, exist_ok=True, mode=0o700)
        scratch = Path(tempfile.mkdtemp(prefix="registry-", dir=self.room))
        (scratch / CONTENT).mkdir()
        return scratch


Place = Folder | Repository


def at(settings: Settings, target: str) -> Place:
    """``target`` is a folder, or what restic takes for a repository (``restic:FOLDER`` is a local one).

    The recovery key in the folder of secrets opens a repository.
    """
    if not REMOTE.match(target) and not _is_restic(Path(target)):
        return Folder(Path(target).resolve())
    room = settings.data / "backups"
    password = settings.secrets / f"{NAME}.password"
    return Repository(Restic(target.removeprefix("restic:"), password, room / "cache"), room / "incoming")


def _is_restic(path: Path) -> bool:
    return (path / "config").is_file() and (path / "keys").is_dir() and (path / "snapshots").is_dir()


def _chosen(names: list[str], name: str, place: str) -> str:
    fit = [one for one in names if one.startswith(name)]
    if not fit:
        what = f"no backup {name}" if name else "no backup of a registry"
        raise BackupError(f"there is {what} in {place}")
    return fit[-1]
