"""What ``lumbung doctor`` finds beyond programs and the database: backups, mail, the edge, room on the disk."""

from __future__ import annotations

import fcntl
import http.client
import os
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import cast
from urllib.parse import urlsplit

import psycopg

from registry.config import Settings
from registry.operate import edge
from registry.operate.backup import taking
from registry.operate.line import FAIL, OK, WARN, Line

MIN_FREE = 2 * 2**30
MIN_INODES = 100_000
OLD_BACKUP, OLD_DRILL, OLD_CHECK = timedelta(hours=36), timedelta(days=8), timedelta(hours=36)
GATEWAY_LOCK = "gateway.lock"
UNKNOWN = datetime.min.replace(tzinfo=UTC)


def web(settings: Settings) -> Line:
    """Asked for a page: its socket alone answers also while it starts."""
    connection = http.client.HTTPConnection("localhost", timeout=5)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.settimeout(5)
    try:
        connection.sock.connect(str(settings.run / "web.sock"))
        connection.request("GET", "/healthz")
        good = connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        good = False
    finally:
        connection.close()
    return Line(OK if good else WARN, "web", "answers" if good else "does not answer")


def addresses(settings: Settings) -> Iterator[Line]:
    """How browsers reach it, and by whose certificates."""
    if settings.scheme == "http":
        local = settings.registry_host == "localhost"
        yield Line(OK if local else WARN, "tls", "none: for development on this machine only (LUMBUNG_SCHEME=https)")
    elif not edge.has_certificates(settings):
        yield Line(OK, "tls", f"ends in front of the edge; believed: {' '.join(settings.trusted_proxies)}")
    elif settings.tls == "internal":
        yield Line(WARN, "tls", "certificates of an authority of its own: browsers do not know it (LUMBUNG_TLS)")
    else:
        mail = settings.acme_mail or "nobody (LUMBUNG_ACME_MAIL)"
        yield Line(OK, "tls", f"certificates by ACME; the authority writes to {mail}")
    apart = settings.plugin_domain != settings.registry_host and not settings.plugin_domain.endswith(
        f".{settings.registry_host}"
    )
    if settings.registry_host != "localhost":
        text = f"{settings.registry_host}, plugins below {settings.plugin_domain}"
        yield Line(OK if apart else WARN, "names", text if apart else f"{text}: give plugins a domain of their own")


def mail(settings: Settings) -> Line:
    """Without its password."""
    if not settings.smtp:
        return Line(WARN, "mail", f"messages become files in {settings.data / 'mail'}: set LUMBUNG_SMTP")
    parts = urlsplit(settings.smtp)
    return Line(OK, "mail", f"goes to {parts.hostname}:{parts.port or 'the usual port'}")


def audit_log(connection: psycopg.Connection[tuple[object, ...]]) -> Line:
    """When every line of the audit log was last read, and whether all held."""
    try:
        row = connection.execute("select at, lines, fault from audit_checks order by id desc limit 1").fetchone()
    except psycopg.errors.UndefinedTable:
        row = None
    if row is None:
        return Line(WARN, "audit", "never read whole: the worker does it every night, 'lumbung audit verify' now")
    at, lines, fault = row
    if fault:
        return Line(FAIL, "audit", f"the log was changed: {str(fault)[:300]}")
    return _age("audit", f"all {lines} lines of the audit log held", cast(datetime, at), OLD_CHECK)


def registry_backup(settings: Settings) -> Iterator[Line]:
    """When the whole was last backed up, and found good. Plugins' own backups: `registry.backups.standing`."""
    restic = shutil.which("restic")
    yield Line(OK if restic else WARN, "restic", restic or "missing restic: apt-get install restic")
    note = taking.last(settings)
    if note is None:
        yield Line(WARN, "registry-backup", "the registry was never backed up as a whole: 'lumbung backup' every day")
        return
    yield _age("registry-backup", f"the registry was last backed up to {note.place}", _when(note.made_at), OLD_BACKUP)
    for problem in note.problems:
        yield Line(WARN, "registry-backup", f"not in it: {problem}")
    yield _age("registry-drill", "its backup was last verified", _when(note.verified_at), OLD_DRILL)


def disk(settings: Settings) -> Iterator[Line]:
    free = shutil.disk_usage(settings.data).free
    yield Line(OK if free > MIN_FREE else WARN, "disk", f"{free / 2**30:.1f} GB free in {settings.data}")
    found = os.statvfs(settings.data)
    if found.f_files:
        few = found.f_favail < MIN_INODES
        yield Line(WARN if few else OK, "inodes", f"room for {found.f_favail} more files in {settings.data}")


def gateway(settings: Settings) -> Line:
    """It holds its lock for as long as it lives."""
    alive = False
    try:
        with (settings.run / GATEWAY_LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        pass
    except BlockingIOError:
        alive = True
    return Line(OK if alive else WARN, "gateway", "is alive" if alive else "is not running: no plugin has a way out")


def _age(name: str, what: str, moment: datetime | None, limit: timedelta) -> Line:
    if moment is None or moment == UNKNOWN:
        return Line(WARN, name, f"{what}: never")
    age = datetime.now(UTC) - moment
    hours = int(age.total_seconds() // 3600)
    return Line(OK if age < limit else WARN, name, f"{what} {hours} hours ago" if hours else f"{what} within the hour")


def _when(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return UNKNOWN
