"""The host's connection to the database: opened when first needed, and again after it broke."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import dict_row

from registry.config import Settings
from registry.core.postgresql import HOST_CHANNEL, libpq_url

CONNECT_SECONDS = 5

Cursor = psycopg.Cursor[dict[str, Any]]


class Database:
    """One connection, for one thread."""

    def __init__(self, settings: Settings) -> None:
        self._url = libpq_url(settings.database_url)
        self._connection: psycopg.Connection[dict[str, Any]] | None = None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextmanager
    def transaction(self) -> Iterator[Cursor]:
        """Statements that see every city, committed together. Raises psycopg.Error."""
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._url, autocommit=True, row_factory=dict_row, connect_timeout=CONNECT_SECONDS
            )
        try:
            with self._connection.transaction(), self._connection.cursor() as cursor:
                cursor.execute("select set_config('app.programme', 'on', true)")
                yield cursor
        except psycopg.OperationalError:
            self.close()
            raise


def listen(settings: Settings) -> psycopg.Connection[Any]:
    """A connection that hears of changes (`HOST_CHANNEL`)."""
    connection = psycopg.connect(libpq_url(settings.database_url), autocommit=True, connect_timeout=CONNECT_SECONDS)
    connection.execute(f"listen {HOST_CHANNEL}")
    return connection
