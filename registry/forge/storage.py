"""Where repositories and archives lie, and how a bare one is made: a few plain files, not a copy.

Three kinds per app: the upstream (its publisher pushes), the pool (nobody pushes, nothing is ever pruned) and one fork
per city. Upstream and forks borrow objects from the pool by a relative ``objects/info/alternates``, so the data folder
may move as a whole. One pool holds one visibility: who shares objects shares read access.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from registry.config import Settings
from registry.core.files import sync_folder
from registry.forge import git

HEAD = "ref: refs/heads/main\n"
PLAIN = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n"
PRECIOUS = (
    "[core]\n\trepositoryformatversion = 1\n\tfilemode = true\n\tbare = true\n[extensions]\n\tpreciousObjects = true\n"
)
ALL = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
ARCHIVES = ("tar.gz", "zip", "bundle")


@dataclass(frozen=True)
class Storage:
    """Paths below one data folder. Slugs are trusted here: they come from our tables."""

    data: Path

    def upstream(self, app: str) -> Path:
        return self.data / "git" / "apps" / app / "upstream.git"

    def pool(self, app: str) -> Path:
        return self.data / "git" / "apps" / app / "pool.git"

    def fork(self, city: str, app: str) -> Path:
        return self.data / "git" / "cities" / city / f"{app}.git"

    def archive(self, app: str, version: str, kind: str) -> Path:
        """``kind`` is one of `ARCHIVES`, or ``cdx.json``; beside it lie its ``.sha256`` and its ``.minisig``."""
        return self.data / "archives" / app / f"{version}.{kind}"

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder of one's own on the same file system, gone afterwards."""
        parent = self.data / "git" / "incoming"
        parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=parent))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def settings() -> Settings:
    found: Settings = current_app.extensions["lumbung"]
    return found


def fork_path(given: Settings, city: str, app: str) -> Path:
    """Where the fork of ``app`` lies that belongs to ``city`` (both slugs)."""
    return Storage(given.data).fork(city, app)


def here() -> Storage:
    """Of the running application."""
    return Storage(settings().data)


def make_app(storage: Storage, app: str) -> None:
    """The pool and the upstream of a new app; what is there already stays."""
    pool = storage.pool(app)
    if not pool.exists():
        _place(pool, {"config": PRECIOUS})
    if not storage.upstream(app).exists():
        _place(storage.upstream(app), {"config": PLAIN}, pool)


def make_fork(storage: Storage, city: str, app: str, refs: Mapping[str, str]) -> Path:
    """A repository with these refs (full name → object id) that borrows everything from the app's pool.

    Raises FileExistsError when there is one.
    """
    target = storage.fork(city, app)
    if target.exists():
        raise FileExistsError(target)
    _place(target, {"config": PLAIN, "packed-refs": packed(refs)}, storage.pool(app))
    return target


def make_scratch(target: Path) -> Path:
    """A bare repository for work that may be thrown away."""
    _place(target, {"config": PLAIN})
    return target


def set_aside(repository: Path) -> None:
    """Give the name free of a repository no table knows (a crash, a restored database); what it holds is kept."""
    repository.rename(repository.with_name(f"{repository.name}.set-aside-{os.urandom(4).hex()}"))


def packed(refs: Mapping[str, str]) -> str:
    """The text of a ``packed-refs`` file. Without a header: git needs none, and GitPython knows only one of them."""
    return "".join(f"{refs[name]} {name}\n" for name in sorted(refs))


def borrow(repository: Path, pool: Path) -> None:
    """Let a scratch repository read the pool's objects."""
    objects = repository / "objects"
    (objects / "info").mkdir(exist_ok=True)
    _write(objects / "info" / "alternates", os.path.relpath(pool / "objects", objects) + "\n")


def feed_pool(storage: Storage, app: str, source: Path, specs: tuple[str, ...] = ALL) -> None:
    """Bring branches and tags of ``source`` into the pool. Names may move and go there; objects never do."""
    pool = storage.pool(app)
    config = {"protocol.file.allow": "always", "fetch.writeCommitGraph": "true", "fetch.unpackLimit": "1"}
    arguments = ("fetch", "--quiet", "--no-auto-maintenance", "--no-write-fetch-head", "--no-tags", "--prune")
    with locked(pool):
        git.run(pool, *arguments, "--end-of-options", str(source), *specs, config=config, seconds=600)


@contextmanager
def locked(folder: Path, wait: bool = True) -> Iterator[None]:
    """One writer at a time, across processes of this host. Without ``wait`` raises BlockingIOError instead."""
    with _held(folder, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB)):
        yield


@contextmanager
def in_use(repository: Path) -> Iterator[None]:
    """Held by whoever writes to a fork while he does (a push, an edit, a sync), many at once: what has to be alone
    with it (leaving its pool, forgetting what nobody wants) waits, or comes another time.
    """
    with _held(repository, fcntl.LOCK_SH):
        yield


@contextmanager
def upkeep(data: Path, wait: bool = True) -> Iterator[None]:
    """Held by whoever packs, checks or repairs: one at a time, and never while a backup is `undisturbed`.

    Without ``wait`` raises BlockingIOError instead.
    """
    with _held(_folder(data / "git"), fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB)):
        yield


@contextmanager
def undisturbed(data: Path) -> Iterator[None]:
    """While it is held no pack is taken away: a copy of all repositories finds every file it saw."""
    with _held(_folder(data / "git"), fcntl.LOCK_SH):
        yield


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextmanager
def _held(folder: Path, how: int) -> Iterator[None]:
    """The lock goes with the process that holds it, however it ends."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def remove(repository: Path) -> None:
    """Undo a creation."""
    shutil.rmtree(repository, ignore_errors=True)


def _place(target: Path, files: Mapping[str, str], pool: Path | None = None) -> None:
    """Write a bare repository beside its place, then rename it there: nobody ever sees half of one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
    try:
        (building / "objects" / "info").mkdir(parents=True)
        (building / "refs").mkdir()
        if pool is not None:
            borrowed = os.path.relpath(pool / "objects", target / "objects")
            _write(building / "objects" / "info" / "alternates", borrowed + "\n")
        for name, text in {"HEAD": HEAD, **files}.items():
            _write(building / name, text)
        for folder in (building / "objects" / "info", building / "objects", building):
            sync_folder(folder)
        building.chmod(0o755)
        building.rename(target)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    sync_folder(target.parent)


def _write(path: Path, text: str) -> None:
    with path.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
