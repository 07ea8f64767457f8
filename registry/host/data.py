"""A deployment's data on disk: made, copied, put back, emptied, measured. All of it is written by a
stranger.

Every step works on open folders and never follows a symbolic link; fifos, devices and sockets are not
copied. Only to be called while no sandbox of the deployment runs (`measure` excepted). Each change is built
beside and renamed, and `settle` finishes or undoes what a kill left half done.
"""

from __future__ import annotations

import errno
import itertools
import os
import stat
import subprocess
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from registry.host.copying import FOLDER, copy, give, opened
from registry.hosting.plain import FIRST_UID, DeploymentPaths

MAX_MEASURED = 300_000
SPARE = 512 * 2**20
"""Bytes a snapshot leaves free on the disk it shares with the database and with every other city: this, or of a small
disk a twentieth.
"""


@dataclass(frozen=True)
class Usage:
    """``size`` in bytes as the disk counts them; ``complete`` is False when there were too many files to
    count, or some too deep to reach.
    """

    size: int
    files: int
    complete: bool


@dataclass(frozen=True)
class Stores:
    """The data of every deployment below ``root``; with ``own_users`` each belongs to a user of its own."""

    root: Path
    own_users: bool

    def of(self, deployment: int) -> Store:
        return Store(DeploymentPaths(self.root, deployment), FIRST_UID + deployment if self.own_users else None)


class Store:
    """The data of one deployment; ``owner`` is its user, None when the host is not root.

    Copies for others (`copy_to`) and what others bring belong to whoever owns the data folder of the installation: the
    registry's processes, which need not be root.
    """

    def __init__(self, paths: DeploymentPaths, owner: int | None) -> None:
        self.paths = paths
        self._owner = owner

    def prepare(self) -> None:
        """Make the folders with their modes: others may walk to ``data`` but only its owner enters it."""
        for folder in (self.paths.home.parent, self.paths.home):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o711)
        for private in (self.paths.snapshots, self.paths.plugin_log.parent):
            private.mkdir(mode=0o700, exist_ok=True)
        for shared in (self.paths.home / "copies", self.paths.home / "incoming"):
            shared.mkdir(mode=0o711, exist_ok=True)
            self._share(shared)
        self.settle()
        if not self.paths.data.exists():
            self.paths.data.mkdir(mode=0o700)
        self._own(self.paths.data)

    def snapshot(self, revision: int) -> None:
        """Keep a copy of the data as what ``revision`` left, in place of an older one. Raises OSError: no room."""
        self._replace(self.paths.snapshot(revision), source=self.paths.data, spare=spare(self.paths.home))

    def restore(self, revision: int) -> None:
        """Make the data a copy of what ``revision`` left. Raises FileNotFoundError without that snapshot.

        On a full disk what is there now goes first: only to be called when it is worth nothing without the snapshot.
        """
        source = self.paths.snapshot(revision)
        try:
            self.take_over(source)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT) or not source.is_dir():
                raise
            _remove(self.paths.data)
            self.take_over(source)

    def take_over(self, source: Path) -> None:
        """Make the data a copy of ``source``. Raises FileNotFoundError without it."""
        self.settle()
        self._replace(self.paths.data, source=source)

    def keep_snapshots(self, revisions: Collection[int]) -> None:
        """Remove the snapshots of all other revisions."""
        for path in self._snapshots():
            if path.name not in map(str, revisions):
                _remove(path)

    def empty(self) -> None:
        """Start over without data."""
        self.settle()
        self._replace(self.paths.data, source=None)

    def copy_to(self, target: Path) -> None:
        """A copy of the data for the registry, in place of an older one. Raises OSError: no room."""
        self.prepare()
        _remove(target)
        _copy(self.paths.data, target, self._keeper(), spare(self.paths.home))
        self._share(target)

    def lend(self, folder: Path) -> None:
        """Make ``folder`` the plugin's own for a while; `take_back` ends it."""
        if self._owner is not None:
            give(folder, self._owner)

    def take_back(self, folder: Path) -> None:
        keeper = self._keeper()
        if keeper is not None:
            give(folder, keeper)

    def purge(self) -> None:
        """Remove everything of this deployment for good."""
        _remove(self.paths.home)

    def settle(self) -> None:
        """After a kill: put a moved-away folder back when its successor never arrived; remove left-overs."""
        for target in (self.paths.data, *self._snapshots()):
            old = _beside(target, "old")
            if old.exists() and not target.exists():
                old.rename(target)
            for left in (old, _beside(target, "new")):
                _remove(left)

    def _snapshots(self) -> list[Path]:
        if not self.paths.snapshots.is_dir():
            return []
        names = {path.name.split(".")[0] for path in self.paths.snapshots.iterdir()}
        return [self.paths.snapshots / name for name in names]

    def _replace(self, target: Path, source: Path | None, spare: int = 0) -> None:
        new, old = _beside(target, "new"), _beside(target, "old")
        _remove(new)
        _remove(old)
        if source is None:
            new.mkdir(mode=0o700)
        else:
            _copy(source, new, self._owner, spare)
            os.sync()
        self._own(new)
        if target.exists():
            target.rename(old)
        new.rename(target)
        _sync(target.parent)
        _remove(old)

    def _own(self, folder: Path) -> None:
        folder.chmod(0o700)
        if self._owner is not None:
            os.chown(folder, self._owner, self._owner)

    def _keeper(self) -> int | None:
        return self.paths.root.stat().st_uid if self._owner is not None else None

    def _share(self, folder: Path) -> None:
        keeper = self._keeper()
        if keeper is not None:
            os.chown(folder, keeper, keeper)


def spare(folder: Path) -> int:
    """Bytes that must stay free on the disk of ``folder``."""
    disk = os.statvfs(folder)
    return min(SPARE, disk.f_blocks * disk.f_frsize // 20)


def measure(folder: Path) -> Usage:
    """What a folder takes, counted while its plugin may be writing; bounded by MAX_MEASURED entries."""
    size = files = hidden = 0
    waiting = [str(folder)]
    while waiting and files < MAX_MEASURED:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in itertools.islice(entries, MAX_MEASURED):
                try:
                    found = entry.stat(follow_symlinks=False)
                except OSError as error:
                    hidden += error.errno == errno.ENAMETOOLONG
                    continue
                files += 1
                size += found.st_blocks * 512
                if stat.S_ISDIR(found.st_mode):
                    waiting.append(entry.path)
    return Usage(size, files, not waiting and not hidden)


def _copy(source: Path, target: Path, owner: int | None, spare: int) -> None:
    """All of it or nothing: a part would only fill the disk."""
    try:
        copy(source, target, owner, spare)
    except BaseException:
        _remove(target)
        raise


def _beside(target: Path, word: str) -> Path:
    return target.with_name(f"{target.name}.{word}")


def _sync(folder: Path) -> None:
    with opened(folder, FOLDER) as descriptor:
        os.fsync(descriptor)


def _remove(folder: Path) -> None:
    """By rm, which takes folders nested to any depth; Python's own way ends at its recursion limit. It ends with its
    host, or it would go on removing what the next host makes under the same name.
    """
    if not os.path.lexists(folder):
        return
    command = ["setpriv", "--pdeathsig", "KILL", "rm", "-rf", "--one-file-system", "--", str(folder)]
    done = subprocess.run(command, env={"PATH": "/usr/bin:/bin"}, stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode:
        raise OSError(errno.EIO, f"{folder} could not be removed: {done.stderr[-300:].decode(errors='replace')}")
