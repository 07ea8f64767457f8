"""The folders a backup passes through, below a deployment's home: ``copies/{job}`` on its way out, ``incoming/{job}``
on its way in. Each holds ``data/``, ``data.pgdump`` where the store is PostgreSQL, and ``manifest.json``.

A folder belongs to the job it is named after; `tidy` removes those whose job has ended.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _

from registry.backups import complaints, rules
from registry.catalog import labels
from registry.config import Settings
from registry.core.errors import UnavailableError
from registry.hosting.plain import DeploymentPaths

DATA, DUMP, MANIFEST = "data", "data.pgdump", "manifest.json"
COPIES, INCOMING = "copies", "incoming"
JOB = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.part)?")


@dataclass(frozen=True)
class Way:
    """One job's folder below one deployment's home; ``kind`` is `COPIES` or `INCOMING`."""

    home: Path
    kind: str
    job: str

    @property
    def folder(self) -> Path:
        return self.home / self.kind / self.job

    @property
    def data(self) -> str:
        """As the host is told: relative to the deployment's home."""
        return f"{self.kind}/{self.job}/{DATA}"

    @property
    def names(self) -> list[str]:
        """What is there of the three."""
        return [name for name in (DATA, DUMP, MANIFEST) if os.path.lexists(self.folder / name)]

    def make(self) -> None:
        """The way there, and an empty folder at its end."""
        self.prepare()
        self.folder.mkdir(mode=0o700, exist_ok=True)

    def prepare(self) -> None:
        """The way there: what comes in is mounted by the deployment's own user, who may walk but see nothing."""
        for folder in (self.home.parent, self.home):
            folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        self.folder.parent.mkdir(mode=0o711 if self.kind == INCOMING else 0o700, exist_ok=True)

    def take(self, other: Path) -> None:
        """Become what lies in ``other``, a folder on the same disk: all of it at once."""
        self.prepare()
        other.chmod(0o711)
        other.rename(self.folder)

    def drop(self) -> None:
        remove(self.folder)


def out(settings: Settings, deployment_id: int, job: str) -> Way:
    return Way(DeploymentPaths(settings.data, deployment_id).home, COPIES, job)


def back(settings: Settings, deployment_id: int, job: str) -> Way:
    return Way(DeploymentPaths(settings.data, deployment_id).home, INCOMING, job)


def left(settings: Settings) -> Iterator[tuple[uuid.UUID, Path]]:
    """Every folder of a job that is there, ended or not."""
    for kind in (COPIES, INCOMING):
        for folder in (settings.data / "deployments").glob(f"*/{kind}/*"):
            if JOB.fullmatch(folder.name):
                yield uuid.UUID(folder.name.removesuffix(".part")), folder


def unfolded(folder: Path) -> int:
    """What its files read as, holes and all: what restic would write out at a restore."""
    size = 0
    for root, _folders, files in os.walk(os.fsencode(folder)):
        for name in files:
            found = os.lstat(os.path.join(root, name))
            size += found.st_size if stat.S_ISREG(found.st_mode) else 0
    return size


def require_room(settings: Settings, needed: int) -> None:
    """Raises UnavailableError, in words, when the disk of this installation has not ``needed`` bytes left."""
    settings.data.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data).free
    if free < needed:
        raise UnavailableError(
            _(
                "The disk of this installation is nearly full: %(needed)s are needed, %(free)s are free. "
                "Nothing was changed; ask the operator to make room.",
                needed=labels.size(needed),
                free=labels.size(free),
            )
        )


def require_honest_size(folder: Path, limit: int) -> None:
    """Raises HollowError for files with holes so large that no disk could take them back."""
    size = unfolded(folder)
    if size > rules.MAX_UNFOLDED * limit:
        raise complaints.HollowError(labels.size(size))


def remove(folder: Path) -> None:
    """By rm, which takes folders nested to any depth and never follows a link."""
    command = ["rm", "-rf", "--one-file-system", "--", str(folder)]
    subprocess.run(command, env={"PATH": "/usr/bin:/bin"}, stdin=subprocess.DEVNULL, check=True, capture_output=True)
