"""The one place that starts restic (0.14 or newer): fixed arguments, an environment of our own, a time limit.

restic keeps backups encrypted and deduplicated in a repository: a folder, or an address like ``s3:https://host/bucket``
or ``sftp:user@host:/folder``. A snapshot is the content of a few names below one folder; it is restored under the same
names. What a stranger named (a file in a plugin's data) never becomes an argument.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import inf
from pathlib import Path
from typing import Any

from registry.backups import complaints
from registry.backups.listening import Tell, Watch, listen
from registry.config import Settings
from registry.core import process, secrets

HOST = "lumbung"
"""What restic calls the machine a snapshot was made on: the installation, wherever it moved to."""

PASSED_ON = (
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION",
    "HOME", "SSH_AUTH_SOCK", "HTTPS_PROXY", "NO_PROXY",
)  # fmt: skip
"""Of our own environment: the credentials of an object store, and what ssh needs."""

SHORT, LONG = 300.0, 6 * 3600.0
"""Seconds: to ask something, and to move a deployment's data."""

STILL, STILL_REMOTE = 300.0, 1800.0
"""Seconds a backup may stand still: restic 0.14 can wait for itself for ever after a write to a full disk failed, and
tries what another machine refused for a quarter of an hour.
"""

ROOM = 64 * 2**20
"""Bytes: with less a disk is full for restic, which writes packs of 16 MiB side by side."""

LOCK_WAIT, LOCK_POLL = 900.0, 5.0
"""Seconds to wait for somebody else's lock: pruning holds it alone."""

ID = re.compile(r"[0-9a-f]{8,64}")
SPARSE_SINCE = (0, 15)
_REMOTE = re.compile(r"[a-z0-9]+:.+")


@dataclass(frozen=True)
class Made:
    """A snapshot just made: ``size`` in bytes as the files count them, not as the repository stores them."""

    snapshot: str
    size: int
    files: int


@dataclass(frozen=True)
class Snapshot:
    id: str
    made_at: datetime
    tags: frozenset[str]


def open_repository(settings: Settings) -> Restic:
    """The installation's backup repository. Its password is made at the first call, in the folder of secrets."""
    secrets.password(settings.secrets, "backups")
    place = settings.data / "backups"
    return Restic(
        repository=settings.backup_repository or str(place / "repository"),
        password=settings.secrets / "backups.password",
        cache=place / "cache",
    )


@dataclass(frozen=True)
class Restic:
    """One repository. Every act raises `complaints.RepositoryError`, worded for who operates the installation."""

    repository: str
    password: Path
    cache: Path

    @property
    def remote(self) -> bool:
        """Whether it lies on another machine."""
        return bool(_REMOTE.fullmatch(self.repository)) and not self.repository.startswith("local:")

    @property
    def _place(self) -> Path:
        """The folder of one that is not remote."""
        return Path(self.repository.removeprefix("local:"))

    def prepare(self) -> None:
        """Make the repository if it is not there; safe to repeat and for two processes at once."""
        self.cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        with process.turn(self.cache.parent / "making"):
            if self.remote:
                self._prepare_remote()
            elif not (self._place / "config").exists():
                self._prepare_local()

    def backup(self, folder: Path, names: Sequence[str], tags: Sequence[str], told: Tell | None = None) -> Made:
        """Keep ``names`` (plain, below ``folder``) as one snapshot; a file that cannot be read fails the whole."""
        mark = f"made-{os.urandom(8).hex()}"
        marks = [word for tag in (*tags, mark) for word in ("--tag", tag)]
        words = ["backup", "--host", HOST, *marks, "--", *names]
        try:
            said = self._run(words, folder, LONG, told, STILL_REMOTE if self.remote else STILL)
        except complaints.StalledError:
            if not self.remote and shutil.disk_usage(self._place).free < ROOM:
                raise complaints.FullError from None
            raise
        summary = next(value for value in said if value.get("message_type") == "summary")
        identity = self._seen(str(summary.get("snapshot_id"))) or self._newest(mark)
        return Made(identity, int(summary["total_bytes_processed"]), int(summary["total_files_processed"]))

    def snapshots(self, *tags: str) -> list[Snapshot]:
        """Those that carry all these tags, oldest first."""
        filters = ["--tag", ",".join(tags)] if tags else []
        found = [row for rows in self._ask(["snapshots", "--no-lock", *filters]) for row in rows or ()]
        told = [Snapshot(row["id"], _time(row["time"]), frozenset(row.get("tags") or ())) for row in found]
        return sorted(told, key=lambda snapshot: snapshot.made_at)

    def restore(self, snapshot: str, target: Path) -> None:
        """Write a snapshot's names below ``target``, which is made. Needs `Made.size` bytes of room."""
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        sparse = ["--sparse"] if version() >= SPARSE_SINCE else []
        self._ask(["restore", *sparse, "--target", str(target), "--", _checked(snapshot)], LONG)

    def forget(self, snapshots: Sequence[str]) -> None:
        """Drop these snapshots; the room they took comes back with `prune`. Unknown ones are passed over."""
        wanted = [_checked(snapshot) for snapshot in snapshots]
        for start in range(0, len(wanted), 200):
            self._ask(["forget", "--", *wanted[start : start + 200]])

    def prune(self) -> None:
        """Remove what no snapshot needs; nothing else can be written meanwhile."""
        self._ask(["prune", "--max-unused", "10%"], LONG)

    def check(self, sample: str = "2%") -> None:
        """Whether the repository is whole; reads a random ``sample`` of the stored data again."""
        self._ask(["check", f"--read-data-subset={sample}"], LONG)

    def _prepare_remote(self) -> None:
        try:
            self._ask(["cat", "config", "--no-lock"])
        except complaints.NoRepositoryError:
            self._ask(["init"])

    def _prepare_local(self) -> None:
        """Beside, then renamed: a kill leaves a whole repository or none."""
        place = self._place
        draft = place.with_name(f"{place.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        Restic(str(draft), self.password, self.cache)._ask(["init"])
        draft.rename(place)

    def _seen(self, start: str) -> str:
        """The snapshot whose id begins so, if the repository is a folder that has just one; else empty. restic tells
        the whole id since 0.17 only, and to ask for it costs another half second of trying the password.
        """
        if not ID.fullmatch(start):
            return ""
        found = [path.name for path in (self._place / "snapshots").glob(f"{start}*")]
        return found[0] if len(found) == 1 else ""

    def _newest(self, mark: str) -> str:
        found = self.snapshots(mark)
        if not found:
            raise complaints.LostError
        return found[-1].id

    def _ask(self, words: Sequence[str], seconds: float = SHORT) -> list[Any]:
        return self._run(words, None, seconds)

    def _run(
        self, words: Sequence[str], folder: Path | None, seconds: float, told: Tell | None = None, still: float = inf
    ) -> list[Any]:
        """What restic said, a JSON value a line; tried again while somebody else holds the lock."""
        end = time.monotonic() + LOCK_WAIT
        while True:
            try:
                return listen(self._command(words), self._environment(), folder, seconds, Watch(told, still))
            except complaints.LockedError:
                if time.monotonic() > end:
                    raise
            listen(self._command(["unlock"]), self._environment(), None, SHORT, Watch())
            time.sleep(LOCK_POLL)

    def _command(self, words: Sequence[str]) -> list[str]:
        return [program(), "--json", "--password-file", str(self.password), "--cache-dir", str(self.cache), *words]

    def _environment(self) -> dict[str, str]:
        mine = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        fixed = {"RESTIC_REPOSITORY": self.repository, "RESTIC_PROGRESS_FPS": "1", "GOMAXPROCS": "2", "GOGC": "50"}
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TMPDIR": str(self.cache), **mine, **fixed}


def program() -> str:
    """Raises `complaints.NoResticError` where it is not installed."""
    found = shutil.which("restic")
    if found is None:
        raise complaints.NoResticError
    return found


@lru_cache(maxsize=1)
def version() -> tuple[int, int]:
    told = subprocess.run([program(), "version"], capture_output=True, text=True, timeout=30).stdout
    number = re.search(r"(\d+)\.(\d+)", told)
    return (int(number[1]), int(number[2])) if number else (0, 0)


def _checked(snapshot: str) -> str:
    if not ID.fullmatch(snapshot):
        raise ValueError("this is no snapshot of restic")
    return snapshot


def _time(text: str) -> datetime:
    """restic tells nanoseconds, Python reads microseconds."""
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
