"""Rows of figures on their way into the table ``samples``."""

from __future__ import annotations

from collections import deque

import psycopg
import structlog

from registry.host.database import Database
from registry.host.tally import COLUMNS, Row

WAITING = 20_000
"""Rows kept while the database is away; beyond that the oldest are forgotten."""

logger = structlog.get_logger("lumbung.host")

_SUMS = ("requests", "errors", "slow", "cpu_seconds", "wakes", "killed", "stuck")
_MOST = ("memory_bytes", "processes", "starts_ms")
_LAST = ("disk_bytes", "files", "read_only")
_INSERT = f"""
    insert into samples (tenant_id, deployment_id, minute, {", ".join(COLUMNS)})
    select d.tenant_id, d.id, %(minute)s, {", ".join(f"%({name})s" for name in COLUMNS)}
      from deployments d where d.id = %(deployment)s
    on conflict (deployment_id, minute) do update set
      {", ".join(f"{name} = samples.{name} + excluded.{name}" for name in _SUMS)},
      {", ".join(f"{name} = excluded.{name}" for name in _LAST)},
      {", ".join(f"{name} = greatest(samples.{name}, excluded.{name})" for name in _MOST)},
      histogram = array(select a + b from unnest(samples.histogram, excluded.histogram) as t(a, b))
"""  # noqa: S608 names of our own columns


class Samples:
    """For one thread. A minute that a restarted host writes again is added to what its predecessor wrote."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows: deque[Row] = deque(maxlen=WAITING)

    def add(self, row: Row) -> None:
        self._rows.append(row)

    def write(self) -> None:
        """All that waits, in one transaction; it goes on waiting when the database does not answer."""
        rows = list(self._rows)
        if not rows:
            return
        try:
            with self._database.transaction() as cursor:
                cursor.executemany(_INSERT, [row.values() for row in rows])
        except psycopg.Error as error:
            logger.warning("figures wait for the database", rows=len(rows), error=str(error).strip())
            return
        self._rows.clear()
