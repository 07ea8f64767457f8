"""The whole catalog as one JSON document and one table, each written once per version of the catalog.

A file in the data folder rather than a stream out of the database: whoever fetches it slowly holds no connection, and
the second who asks costs nothing. Memory holds some hundred entries however many there are.
"""

from __future__ import annotations

import csv
import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from flask import current_app

from registry.catalog import state
from registry.catalog.open_data import conditional
from registry.catalog.open_data.entries import Snapshot, Whole, snapshot
from registry.catalog.state import Version
from registry.config import Settings
from registry.core.db import db
from registry.core.tables import cell

COLUMNS = (
    "slug", "id", "name", "summary_id", "summary_en", "publisher", "publisher_code", "maturity", "licence",
    "categories", "dimensions", "affairs", "audience", "runtime", "needs", "rating", "version", "released_at",
    "cities", "running", "described_only", "deprecated_at", "successor", "page", "clone_url", "source_url",
    "updated_at",
)  # fmt: skip
LISTED = ("categories", "dimensions", "affairs", "audience", "needs")
PLAIN = ("slug", "name", "maturity", "licence", "runtime", "rating")


@dataclass(frozen=True)
class Kept:
    """A finished document: the file, and the catalog's version it tells."""

    path: Path
    version: Version


def document() -> Kept:
    """``/catalog.json``; its shape is in `registry.catalog.open_data.whole_schema`."""
    return _kept("json", _write_json)


def table() -> Kept:
    """``/catalog.csv``: RFC 4180 in UTF-8 with a byte-order mark, by which spreadsheets know it is not theirs."""
    return _kept("csv", _write_csv)


def entry(origin: str, whole: Whole) -> dict[str, Any]:
    """One app of the JSON document."""
    app = whole.app
    page = f"{origin}/apps/{app.slug}"
    return {
        "id": str(app.uid), **{name: getattr(app, name) for name in (*PLAIN, *LISTED)},
        "publisher": {"slug": app.city_slug, "code": app.city_code, "name": app.city_name},
        "version": whole.newest, "described_only": app.described_only, "based_on": whole.names.get(app.based_on_id),
        "deprecated_at": _moment(app.deprecated_at), "deprecation": app.deprecation,
        "successor": whole.names.get(app.successor_id), "page": page, "clone_url": _clone(origin, app),
        "created_at": _moment(app.created_at), "updated_at": _moment(app.updated_at),
        "releases": [_release(page, one) for one in whole.releases],
        "adoptions": [{"city": {"slug": one.slug, "code": one.code, "name": one.name}, "since": _moment(one.since),
                       "version": one.version, "running": one.running} for one in whole.adoptions],
        "publiccode": app.facts,
    }  # fmt: skip


def row(origin: str, whole: Whole) -> dict[str, Any]:
    """One line of the table."""
    app = whole.app
    texts = app.facts.get("description") or {}
    newest = next((one for one in whole.releases if one.version == whole.newest), None)
    return {
        "id": app.uid, **{name: getattr(app, name) for name in PLAIN},
        **{name: "; ".join(getattr(app, name)) for name in LISTED},
        **{f"summary_{tag}": (texts.get(tag) or {}).get("shortDescription", "") for tag in ("id", "en")},
        "publisher": app.city_name, "publisher_code": app.city_code, "version": whole.newest,
        "released_at": _moment(newest.published_at) if newest else "", "cities": len(whole.adoptions),
        "running": sum(one.running for one in whole.adoptions), "described_only": "yes" if app.described_only else "no",
        "deprecated_at": _moment(app.deprecated_at), "successor": whole.names.get(app.successor_id),
        "page": f"{origin}/apps/{app.slug}", "clone_url": _clone(origin, app), "source_url": app.facts.get("url", ""),
        "updated_at": _moment(app.updated_at),
    }  # fmt: skip


def _release(page: str, release: Any) -> dict[str, Any]:
    names = ("version", "size", "sha256", "yank_reason")
    moments = {name: _moment(getattr(release, name)) for name in ("published_at", "yanked_at")}
    return {name: getattr(release, name) for name in names} | moments | {
        "archive": f"{page}/releases/{release.version}.tar.gz"
    }  # fmt: skip


def _clone(origin: str, app: Any) -> str | None:
    """Where git finds it; None while its source is elsewhere."""
    return None if app.described_only else f"{origin}/git/{app.slug}.git"


def _moment(when: datetime | None) -> str | None:
    return when.astimezone(UTC).isoformat() if when else None


def _write_json(file: TextIO, origin: str, taken: Snapshot) -> None:
    head = {"$schema": f"{origin}/catalog.schema.json", "version": str(taken.version),
            "changed_at": _moment(taken.version.changed_at), "count": taken.count}  # fmt: skip
    file.write(json.dumps(head)[:-1] + ', "apps": [')
    for number, whole in enumerate(taken.entries()):
        file.write(("," if number else "") + "\n" + json.dumps(entry(origin, whole), ensure_ascii=False))
    file.write("\n]}\n")


def _write_csv(file: TextIO, origin: str, taken: Snapshot) -> None:
    file.write("\ufeff")
    lines = csv.DictWriter(file, COLUMNS, lineterminator="\r\n")
    lines.writeheader()
    for whole in taken.entries():
        lines.writerow({name: cell(value) for name, value in row(origin, whole).items()})


def _kept(kind: str, write: Callable[[TextIO, str, Snapshot], None]) -> Kept:
    """The document of the catalog's version now, written when there is none yet by one who asks.

    Others who ask meanwhile get the one before, as what it is; only where none was ever written they wait.
    """
    settings: Settings = current_app.extensions["lumbung"]
    folder, version = settings.data / "open-data", state.version()
    found = _find(folder, kind, version)
    if found is not None:
        return found
    db.session.rollback()  # no connection is held while waiting and writing
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    before = _newest(folder, kind)
    with _alone(folder / f"{kind}.lock", waits=before is None) as alone:
        if not alone and before is not None:
            return before
        return _written(folder, kind, settings.origin, write)


def _written(folder: Path, kind: str, origin: str, write: Callable[[TextIO, str, Snapshot], None]) -> Kept:
    with snapshot() as taken:
        made = _find(folder, kind, taken.version)
        if made is not None:
            return made
        path = _path(folder, kind, taken.version)
        draft = folder / f"{kind}.draft"
        with draft.open("w", encoding="utf-8", newline="") as file:
            write(file, origin, taken)
        draft.rename(path)
        _forget(folder, kind, path)
        return Kept(path, taken.version)


def _find(folder: Path, kind: str, version: Version) -> Kept | None:
    path = _path(folder, kind, version)
    return Kept(path, version) if path.is_file() else None


def _newest(folder: Path, kind: str) -> Kept | None:
    """Of those this code wrote for this address."""
    known = {Version.read(path.name.partition(".")[0]): path for path in folder.glob(f"*-*.*.{kind}")}
    mine = [Kept(path, version) for version, path in known.items() if path == _path(folder, kind, version)]
    return max(mine, key=lambda kept: kept.version.changed_at, default=None)


def _path(folder: Path, kind: str, version: Version) -> Path:
    return folder / f"{version}.{conditional.tag(version, f'/catalog.{kind}')}.{kind}"


def _forget(folder: Path, kind: str, kept: Path) -> None:
    """Older versions: who still reads one holds it open."""
    for old in folder.glob(f"*.{kind}"):
        if old != kept:
            old.unlink(missing_ok=True)


@contextmanager
def _alone(path: Path, waits: bool) -> Iterator[bool]:
    """Whether nobody else is at it, in any process; with ``waits`` always, in time."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
