"""Archives of large trees, made by the worker: whoever asks reads how far it is, and nobody's request waits.

How far one is stands in a file beside it, by which it is also asked for only once, however many want it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from flask_babel import gettext as _

from registry.core import jobs
from registry.core.errors import RefusalError, UnavailableError
from registry.core.files import write_lasting
from registry.forge import storage
from registry.forge.browsing import downloads, refs
from registry.forge.browsing.downloads import Download
from registry.forge.browsing.places import Place
from registry.forge.trees import Commit

TASK = "forge.make_archive"
MOST = 20
"""That many wait at once: anybody may ask."""

FORGOTTEN = 15 * 60
"""Seconds without news, or after a failure: then it is begun anew for who asks."""


@dataclass(frozen=True)
class Waiting:
    """``percent`` of the files are in it; ``failure`` says why there will be none."""

    percent: int = 0
    failure: str = ""


def get(place: Place, commit: Commit, kind: str) -> Download | Waiting:
    """The archive, or how far it is; a large one is asked of the worker. In a unit of work.

    Raises TooLargeError, UnavailableError.
    """
    found = downloads.kept(place.app.slug, commit, kind)
    if found:
        return found
    if downloads.is_small(place.repository, commit):
        return downloads.get(place.repository, place.app.slug, commit, kind)
    return told(place.app.slug, commit.id, kind) or _ask(place, commit, kind)


def told(app: str, commit: str, kind: str) -> Waiting | None:
    """How far it is; None when nobody asked for it, or nothing was heard for too long."""
    path = _file(app, commit, kind)
    with suppress(FileNotFoundError, ValueError):
        if time.time() - path.stat().st_mtime < FORGOTTEN:
            return Waiting(**json.loads(path.read_text()))
    return None


def make(app: str, city: str, commit_id: str, kind: str) -> None:
    """The worker's part; safe to run again."""
    repository = storage.here().fork(city, app) if city else storage.here().upstream(app)
    path = _file(app, commit_id, kind)
    try:
        commit = refs.resolve(repository, commit_id).commit
        downloads.make_large(repository, app, commit, kind, lambda percent: _tell(path, Waiting(percent)))
    except RefusalError as refusal:
        _tell(path, Waiting(failure=refusal.message))
    except Exception:
        _tell(path, Waiting(failure=_("Something went wrong on our side; the operator finds it in the worker's log.")))
        raise
    else:
        path.unlink(missing_ok=True)


def _ask(place: Place, commit: Commit, kind: str) -> Waiting:
    if len(list(_open())) >= MOST:
        raise UnavailableError(_("Many archives are being made. Try again in a moment."))
    downloads.refuse_too_large(place.repository, commit, kind)
    _tell(_file(place.app.slug, commit.id, kind), Waiting())
    city = place.city.slug if place.city else ""
    jobs.defer(TASK, lane=TASK, app=place.app.slug, city=city, commit_id=commit.id, kind=kind)
    return Waiting()


def _tell(path: Path, how: Waiting) -> None:
    write_lasting(path, json.dumps(asdict(how)))


def _file(app: str, commit: str, kind: str) -> Path:
    return downloads.folder() / app / f".{commit}.{kind}.json"


def _open() -> Iterator[Path]:
    for path in downloads.folder().glob("*/.*.json"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime < FORGOTTEN:
                yield path
            else:
                path.unlink()
