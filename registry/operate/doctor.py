"""``lumbung doctor``: what holds on this machine and what does not, in one line each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import psycopg

from registry.backups.standing import standing
from registry.config import Settings
from registry.core.migrations import newest_migration
from registry.forge.keeping.standing import standing as repositories
from registry.host.check import sandbox_facts
from registry.operate import findings, mailing, programs
from registry.operate.line import FAIL, OK, WARN, Line
from registry.operate.parts import port_is_taken

LATE = timedelta(seconds=30)


def report(settings: Settings, as_json: bool = False) -> int:
    """Print every finding; 0 when nothing needed is missing, else 1."""
    lines = [*_found_all(settings)]
    if as_json:
        print(json.dumps([asdict(line) for line in lines], indent=1, ensure_ascii=False))
    else:
        for line in lines:
            print(f"{line.level:<5} {line.name:<15} {line.text}")
    return 1 if any(line.level == FAIL for line in lines) else 0


def _found_all(settings: Settings) -> Iterator[Line]:
    yield from programs.found()
    yield from _database(settings)
    yield from _sandbox(settings)
    yield from _running(settings)
    yield from findings.addresses(settings)
    yield findings.mail(settings)
    yield from mailing.standing(settings)
    yield from findings.registry_backup(settings)
    yield from findings.disk(settings)


def _database(settings: Settings) -> Iterator[Line]:
    try:
        with psycopg.connect(settings.database_url, connect_timeout=3) as connection:
            yield Line(OK, "database", f"PostgreSQL {connection.info.server_version // 10000} answers")
            yield from _schema(connection)
            yield findings.audit_log(connection)
    except psycopg.Error as error:
        yield Line(FAIL, "database", f"does not answer: {str(error).splitlines()[0]}")


def _schema(connection: psycopg.Connection[tuple[object, ...]]) -> Iterator[Line]:
    row = connection.execute(
        "select rolsuper or rolbypassrls, exists (select from pg_class where relowner = r.oid) "
        "from pg_roles r where rolname = current_user"
    ).fetchone()
    tight = row == (False, False)
    yield Line(OK if tight else FAIL, "walls", "the app role owns nothing and cannot bypass row-level security"
               if tight else "the app role is an owner or may bypass row-level security")  # fmt: skip
    found = connection.execute("select version_num from alembic_version").fetchone()
    fresh = bool(found) and found[0] == newest_migration()  # type: ignore[index]
    yield Line(OK if fresh else FAIL, "schema", "every migration is applied" if fresh else "run 'lumbung db upgrade'")


def _sandbox(settings: Settings) -> Iterator[Line]:
    for fact in sandbox_facts(settings):
        yield Line(OK if fact.holds else WARN, "sandbox", fact.text)


def _running(settings: Settings) -> Iterator[Line]:
    yield findings.web(settings)
    yield findings.gateway(settings)
    listening = port_is_taken(settings.port)
    yield Line(OK if listening else WARN, "edge", f"port {settings.port} " + ("answers" if listening else "is free"))
    for name, beat in _beats(settings):
        alive = beat is not None and datetime.now(UTC) - beat < LATE
        yield Line(OK if alive else WARN, name, "is alive" if alive else "has not been heard for half a minute")
    for well, text in standing(settings):
        yield Line(OK if well else WARN, "backup", text)
    for well, text in repositories(settings):
        yield Line(OK if well else WARN, "repositories", text)


def _beats(settings: Settings) -> Iterator[tuple[str, datetime | None]]:
    queries = {
        "host": "select max(beat_at) from hosts",
        "worker": "select max(last_heartbeat) from procrastinate_workers",
    }
    try:
        with psycopg.connect(settings.database_url, connect_timeout=3) as connection:
            for name, query in queries.items():
                row = connection.execute(query).fetchone()
                yield name, row[0] if row else None
    except psycopg.Error:
        return
