"""One open connection of this process for reading what everybody may read.

A page of the list asks the database one thing: whether the catalog is as it was. Borrowing a connection, beginning a
transaction, giving it back and clearing it would cost ten times as much as the question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Executable, Row
from sqlalchemy.exc import DBAPIError

from registry.core.db import db


@dataclass
class Line:
    """Sees what is committed, each statement by itself; writes nothing, knows no city. For all threads, one by one."""

    _connection: Connection | None = None
    _lock: Lock = field(default_factory=Lock)

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_error: object) -> None:
        self.hang_up()

    def first(self, statement: str) -> Row[Any] | None:
        """The first row of a plain SQL statement: what is asked at every page goes the shortest way."""
        return next(iter(self._asked(lambda line: line.exec_driver_sql(statement).all())), None)

    def rows(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Of a statement that only reads."""
        return self._asked(lambda line: line.execute(statement, values).all())

    def hang_up(self) -> None:
        """It opens again when somebody asks."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _asked(self, ask: Callable[[Connection], Sequence[Row[Any]]]) -> Sequence[Row[Any]]:
        """A line the server has closed is opened again, once."""
        with self._lock:
            try:
                return ask(self._open())
            except DBAPIError as error:
                self.hang_up()
                if not error.connection_invalidated:
                    raise
                return ask(self._open())

    def _open(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        return self._connection
