"""All a deployment holds: its files (`registry.host.data`) and, when it has one, its database. They change together.

The methods are those of `data.Store`. A copy of the database lies beside the copy of the files: ``snapshots/3`` and
``snapshots/3.pgdump``. Where there is none, there was no database then: putting that copy back leaves none. Whether a
revision wants a database is its manifest's affair (`provide`); everything else goes by what is there.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from registry.config import Settings
from registry.core.pgwire import DRILL
from registry.host import data, pgdump, postgres
from registry.hosting.plain import FIRST_UID, DeploymentPaths, Manifest

POSTGRESQL = "postgresql"
DOOR = ".s.PGSQL.5432"
"""The gateway's socket in the folder a sandbox sees."""

DOOR_SECONDS = 10.0


class NoServerError(postgres.StoreError):
    """A plugin wants PostgreSQL and this host has no admin connection to one."""

    def __init__(self) -> None:
        super().__init__("this host keeps no PostgreSQL for plugins: DATABASE_ADMIN_URL is not set")


@dataclass(frozen=True)
class Keeper:
    """The holdings of every deployment. ``server`` is None where plugins cannot have a database."""

    files: data.Stores
    server: postgres.Server | None
    outside: Callable[[int], Path]

    @property
    def offered(self) -> list[str]:
        """How a plugin may keep its data here, as ``[data] store`` says it."""
        return ["sqlite", *([POSTGRESQL] if self.server else [])]

    def of(self, deployment: int) -> Holdings:
        database = self.server.of(deployment) if self.server else None
        user = FIRST_UID + deployment if self.files.own_users else None
        return Holdings(self.files.of(deployment), database, user, self.outside(deployment) / DOOR)


def keeper(settings: Settings, own_users: bool) -> Keeper:
    """To be called in the main thread."""
    return Keeper(data.Stores(settings.data, own_users), postgres.server(settings), settings.outside)


@dataclass(frozen=True)
class Holdings:
    """Of one deployment; ``user`` is its own, None when the host is not root.

    Raises OSError (`postgres.StoreError` is one), and psycopg.OperationalError while the server is away: then the same
    can be done again later.
    """

    files: data.Store
    database: postgres.Database | None
    user: int | None
    door: Path

    @property
    def paths(self) -> DeploymentPaths:
        return self.files.paths

    def prepare(self) -> None:
        self.files.prepare()

    def provide(self, manifest: Manifest) -> None:
        """The database this revision wants, and the way to it. Raises NoServerError, StoreError."""
        if manifest.store != POSTGRESQL:
            return
        if self.database is None:
            raise NoServerError
        self.database.provide()
        end = time.monotonic() + DOOR_SECONDS
        while not self.door.exists():
            if time.monotonic() > end:
                raise postgres.StoreError("the gateway does not open the way to the database: is it running?")
            time.sleep(0.05)

    def snapshot(self, revision: int) -> None:
        """Keep a copy of everything as what ``revision`` left, in place of an older one."""
        self.files.snapshot(revision)
        self._dump(self.paths.snapshot(revision))

    def keep_snapshots(self, revisions: Collection[int]) -> None:
        """Remove the snapshots of all other revisions."""
        self.files.keep_snapshots(revisions)
        for dump in self.paths.snapshots.glob("*.pgdump"):
            if dump.stem not in map(str, revisions):
                dump.unlink()

    def restore(self, revision: int) -> None:
        """Make everything a copy of what ``revision`` left. Raises FileNotFoundError without that snapshot."""
        self.files.restore(revision)
        self._undump(self.paths.snapshot(revision))

    def take_over(self, source: Path) -> None:
        """Make everything a copy of ``source``. Raises FileNotFoundError without it."""
        self.files.take_over(source)
        self._undump(source)

    def empty(self) -> None:
        """Start over without data."""
        self.files.empty()
        if self.database is not None:
            self.database.empty()

    def settle(self) -> None:
        self.files.settle()
        if self.database is not None:
            self.database.settle()

    def copy_to(self, target: Path) -> int:
        """A copy of everything for the registry: ``target`` and ``{target}.pgdump``, whose bytes are returned."""
        self.files.copy_to(target)
        self._dump(target)
        if not _beside(target).exists():
            return 0
        if self.user is not None:
            keeper = self.paths.root.stat()
            os.chown(_beside(target), keeper.st_uid, keeper.st_gid)
        return _beside(target).stat().st_size

    def lend(self, folder: Path) -> None:
        self.files.lend(folder)

    def take_back(self, folder: Path) -> None:
        self.files.take_back(folder)

    def drill(self, folder: Path) -> str | None:
        """Fill a scratch database with the copy beside ``folder``; its name, None without a copy. `drilled` ends it.

        Raises StoreError when the copy cannot be read: then it is worth nothing.
        """
        source = _beside(folder)
        if not source.is_file():
            return None
        if self.database is None:
            raise NoServerError
        made = self.database.fresh(DRILL)
        with source.open("rb") as file:
            pgdump.fill(self.database, made, file, self.user)
        return made

    def drilled(self) -> None:
        """The scratch database of a drill goes."""
        if self.database is not None:
            self.database.settle()

    def purge(self) -> None:
        """Remove everything of this deployment for good."""
        if self.database is not None:
            self.database.drop()
        self.files.purge()

    def _dump(self, copy: Path) -> None:
        target = _beside(copy)
        if self.database is None or not self.database.exists():
            target.unlink(missing_ok=True)
            return
        disk = os.statvfs(copy.parent)
        if disk.f_bavail * disk.f_frsize < self.database.size() + data.spare(copy.parent):
            raise OSError(errno.ENOSPC, "the disk is nearly full")
        pgdump.dump(self.database, target, self.user)

    def _undump(self, copy: Path) -> None:
        source = _beside(copy)
        if not source.exists():
            if self.database is not None:
                self.database.empty()
        elif self.database is None:
            raise NoServerError
        else:
            pgdump.restore(self.database, source, self.user)


def _beside(copy: Path) -> Path:
    return copy.with_name(f"{copy.name}.pgdump")
