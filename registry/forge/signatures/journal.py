"""The transparency log kept: what is released is added to it, once; what lies here is compared with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO

from flask_babel import gettext as _
from sqlalchemy import Row, Select, func, select, tuple_

from registry.catalog.models import App, Release
from registry.catalog.trust import keys
from registry.core.chains import START
from registry.core.db import db
from registry.core.errors import Finding, InvalidError, NotFoundError
from registry.forge import archives, storage
from registry.forge.signatures import ledger
from registry.forge.signatures.ledger import Entry
from registry.forge.signatures.models import LogLine

MAX_RANGE = 10_000
BATCH = 2_000
NAME = "releases.txt"
COLUMNS = (
    LogLine.number, LogLine.sha256, LogLine.app, LogLine.version, LogLine.kind, LogLine.at, LogLine.chain
)  # fmt: skip
"""Read as values: a session would keep every row it hands out as an object."""


def note() -> int:
    """Add every file of a release that is not in the log yet, in the order of publication; how many. In a unit of work.

    One process at a time writes; a rollback takes its lines back, so that no number is ever missing.
    """
    db.session.flush()
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext("transparency"))))
    last = head()
    before, number = (last.chain, last.number) if last else (START, 0)
    place, added = storage.here(), 0
    for release in db.session.scalars(_unlisted()).unique():
        for kind in _kinds_missing(release):
            digest = archives.told_sum(place.archive(release.app.slug, release.version, kind))
            if not digest:
                continue
            number += 1
            when = _moment(release.published_at)
            entry = ledger.follow(before, number, digest, release.app.slug, release.version, kind, _text(when))
            db.session.add(_row(entry, when))
            before, added = entry.chain, added + 1
    db.session.flush()
    return added


def head() -> Entry | None:
    """The newest line."""
    found = db.session.execute(select(*COLUMNS).order_by(LogLine.number.desc()).limit(1)).first()
    return _entry(found) if found else None


def line(number: int) -> Entry:
    """Raises NotFoundError."""
    found = next(lines(number, number), None)
    if found is None:
        raise NotFoundError(_("The log has no line %(n)d.", n=number))
    return found


def lines(first: int = 1, last: int | None = None) -> Iterator[Entry]:
    """In order, a batch at a time, so that the log need not fit into memory."""
    at = first
    while last is None or at <= last:
        wanted = select(*COLUMNS).where(LogLine.number >= at).order_by(LogLine.number).limit(BATCH)
        rows = db.session.execute(wanted if last is None else wanted.where(LogLine.number <= last))
        found = [_entry(row) for row in rows]
        yield from found
        if len(found) < BATCH:
            return
        at = found[-1].number + 1


def bounds(first: int, last: int, newest: int) -> tuple[int, int]:
    """The lines a page shows. Raises InvalidError for a range that is backwards or too long."""
    if first > last or last - first >= MAX_RANGE:
        message = _("Ask for at most %(n)d lines, from a lower to a higher number.", n=MAX_RANGE)
        raise InvalidError(message, [Finding("from", message)])
    return first, min(last, newest)


def of_release(release: Release) -> list[Entry]:
    wanted = select(*COLUMNS).where(LogLine.app == release.app.slug, LogLine.version == release.version)
    return [_entry(row) for row in db.session.execute(wanted.order_by(LogLine.number))]


def signature(newest: Entry) -> str:
    """The text of ``releases.txt.minisig`` for the log up to this line."""
    key = keys.current(storage.settings().secrets)
    return _signed(newest.number, newest.chain, key.public.name)


def checkpoint(newest: Entry) -> str:
    """What others keep to compare a later log with: whose log, how many lines, the last chain."""
    return f"{storage.settings().registry_host}/transparency\n{newest.number}\n{newest.chain}\n"


def checkpoint_signature(newest: Entry) -> str:
    key = keys.current(storage.settings().secrets)
    told = f"transparency:checkpoint\tfile:checkpoint.txt\tlines:{newest.number}"
    return key.sign(BytesIO(checkpoint(newest).encode()), told)


def differences() -> Iterator[str]:
    """Where the log, the catalog and the files here disagree, one sentence each, in plain English. Reads every line."""
    place = storage.here()
    known = {(app, version) for app, version in db.session.execute(select(App.slug, Release.version).join(Release.app))}
    for entry in ledger.read(one.line for one in lines()):
        path = place.archive(entry.app, entry.version, entry.kind)
        what = f"line {entry.number} ({entry.app} {entry.version} {entry.kind})"
        if (entry.app, entry.version) not in known:
            yield f"{what}: the release is not in the catalog any more"
        if not path.is_file():
            yield f"{what}: the file is not here any more"
        elif archives.told_sum(path) != entry.sha256:
            yield f"{what}: the published checksum is another one now"
        elif not archives.is_whole(path):
            yield f"{what}: the file is not what was published"


@lru_cache(maxsize=8)
def _signed(number: int, chain: str, _key: str) -> str:
    """The same line has the same chain for ever: signed once by each key."""
    text = "".join(f"{entry.line}\n" for entry in lines(1, number)).encode()
    told = f"transparency:releases\tfile:{NAME}\tlines:{number}\thead:{chain}"
    return keys.current(storage.settings().secrets).sign(BytesIO(text), told)


def _unlisted() -> Select[Release]:
    told = select(LogLine.app, LogLine.version).group_by(LogLine.app, LogLine.version)
    whole = told.having(func.count() >= len(archives.KINDS))
    return (
        select(Release).join(Release.app).where(tuple_(App.slug, Release.version).not_in(whole))
        .order_by(Release.published_at, Release.id)
    )  # fmt: skip


def _kinds_missing(release: Release) -> Sequence[str]:
    listed = {entry.kind for entry in of_release(release)}
    return [kind for kind in archives.KINDS if kind not in listed]


def _row(entry: Entry, when: datetime) -> LogLine:
    return LogLine(
        number=entry.number, sha256=entry.sha256, app=entry.app, version=entry.version, kind=entry.kind, at=when,
        chain=entry.chain,
    )  # fmt: skip


def _entry(row: Row[int, str, str, str, str, datetime, str]) -> Entry:
    number, sha256, app, version, kind, at, chain = row
    return Entry(number, sha256, app, version, kind, _text(at), chain)


def _moment(when: datetime) -> datetime:
    return when.astimezone(UTC).replace(microsecond=0)


def _text(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
