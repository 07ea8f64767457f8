"""Worlds that are made once for a worker and put back as they were for each test: rows and folders, copied."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

Made = TypeVar("Made")
SEQUENCES = "select quote_ident(sequencename) from pg_sequences where schemaname = 'public' and last_value is not null"


@dataclass(frozen=True)
class Mould:
    """What a world consists of: its answer, each table's rows as COPY tells them, its numbers and its folders."""

    made: Any
    rows: dict[str, bytes]
    numbers: dict[str, tuple[int, bool]]
    folders: Path


class Moulds:
    """``engine`` has the server's own role: triggers and foreign keys neither follow nor hinder it."""

    def __init__(self, engine: Engine, root: Path, tables: Sequence[str]) -> None:
        self._engine, self._root, self._tables = engine, root, tables
        self._known: dict[str, Mould] = {}

    def cast(self, bundle: Path, home: Path, folders: Sequence[str], make: Callable[[], Made], kind: str = "") -> Made:
        """What ``make`` answers and leaves behind in tables that were empty and in ``folders`` of ``home``. It makes
        the same of the same ``bundle``, ``home`` and ``kind``.
        """
        name = _digest(bundle, home, kind)
        if name in self._known:
            mould = self._known[name]
            self._pour(mould, home)
        else:
            mould = self._known[name] = self._take(name, home, folders, make())
        made: Made = mould.made
        return made

    def _take(self, name: str, home: Path, folders: Sequence[str], made: Any) -> Mould:
        kept = self._root / name
        for folder in folders:
            if (home / folder).exists():
                shutil.copytree(home / folder, kept / folder, symlinks=True)
        with self._engine.begin() as connection:
            look = " union all ".join(f"select '{table}' where exists (select from {table})" for table in self._tables)
            filled = connection.exec_driver_sql(look).scalars().all()
            numbers = {one: _last(connection, one) for one in connection.exec_driver_sql(SEQUENCES).scalars().all()}
            return Mould(made, {table: _told(connection, table) for table in filled}, numbers, kept)

    def _pour(self, mould: Mould, home: Path) -> None:
        if mould.folders.exists():
            shutil.copytree(mould.folders, home, symlinks=True, dirs_exist_ok=True)
        with self._engine.begin() as connection:
            connection.exec_driver_sql("set local session_replication_role = replica")
            for table, rows in mould.rows.items():
                with connection.connection.cursor().copy(f"copy {table} from stdin (format binary)") as copy:
                    copy.write(rows)
            for sequence, last in mould.numbers.items():
                connection.exec_driver_sql("select setval(%s, %s, %s)", (sequence, *last))


def _digest(bundle: Path, home: Path, kind: str) -> str:
    digest = hashlib.sha256(f"{home}\0{kind}".encode())
    for path in sorted(bundle.rglob("*")):
        digest.update(f"\0{path.relative_to(bundle)}\0{path.lstat().st_mode}\0".encode())
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def _last(connection: Connection, sequence: str) -> tuple[int, bool]:
    row = connection.exec_driver_sql(f"select last_value, is_called from {sequence}").one()
    return row.last_value, row.is_called


def _told(connection: Connection, table: str) -> bytes:
    with connection.connection.cursor().copy(f"copy {table} to stdout (format binary)") as copy:
        return b"".join(bytes(part) for part in copy)
