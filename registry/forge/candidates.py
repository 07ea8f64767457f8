"""What waits between being looked over and being released: uploaded archives, fetched repositories while their tests
run. They are gone after a day.
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from flask_babel import gettext as _

from registry.core.errors import InvalidError, NotFoundError
from registry.forge import storage

KEPT = 24 * 3600
MOST = 20
ENDINGS = (".tar.gz", ".tgz", ".zip")
_NAME = re.compile(r"[a-f0-9]{32}\.(tar\.gz|tgz|zip)")
_REPOSITORY = re.compile(r"[a-f0-9]{32}\.git")


def keep(stream: IO[bytes], filename: str) -> str:
    """Keep an archive; answers with the name it is opened by. The oldest beyond `MOST` make room.

    Raises InvalidError for another kind of file.
    """
    ending = next((one for one in ENDINGS if filename.lower().endswith(one)), None)
    if ending is None:
        raise InvalidError(_("Upload a .tar.gz or a .zip file."))
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _make_room(folder)
    name = f"{secrets.token_hex(16)}{ending}"
    with (folder / name).open("xb") as file:
        shutil.copyfileobj(stream, file)
    return name


def keep_repository(repository: Path) -> str:
    """Keep a copy of a bare repository of ours; answers with its name."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _make_room(folder)
    name = f"{secrets.token_hex(16)}.git"
    shutil.copytree(repository, folder / name, symlinks=True)
    return name


def repository(name: str) -> Path | None:
    """Where it lies; None when ``name`` is that of an archive. Raises NotFoundError when it is not there (any more)."""
    if not _REPOSITORY.fullmatch(name):
        return None
    path = _folder() / name
    if not path.is_dir():
        raise NotFoundError(_("This repository is not kept any more: import it again."))
    return path


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """Raises NotFoundError when it is not there (any more)."""
    path = _folder() / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFoundError(_("This upload is not kept any more: upload the archive again."))
    with path.open("rb") as file:
        yield file


def forget(name: str) -> None:
    if _NAME.fullmatch(name) or _REPOSITORY.fullmatch(name):
        _remove(_folder() / name)


def _make_room(folder: Path) -> None:
    found = sorted(((_when(path), path) for path in folder.iterdir()), reverse=True)
    for place, (when, path) in enumerate(found):
        if place >= MOST - 1 or when < time.time() - KEPT:
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _when(path: Path) -> float:
    """Seconds since the epoch; 0 for what another request has just taken away."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0


def _folder() -> Path:
    """Below what backups leave out."""
    return storage.here().data / "git" / "incoming" / "candidates"
