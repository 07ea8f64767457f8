"""Forgetting: what is personal is kept only as long as the city says. Run daily by a `[[task]]`."""

import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from lumbung_plugin import clock
from lumbung_plugin.storage import transaction

IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*")
ROWS = "rows"


@dataclass(frozen=True)
class Sweep:
    """What to forget: `days` after the ISO moment (or day) in `column` of `table`, in UTC.

    `what` is `"rows"` (delete them) or the names of the columns to empty (they must allow NULL). `only` is a condition
    in SQL of the plugin's own, never of users. `files` is a column with names of files, which `discard` removes after
    the commit (`photos.discard`, `attachments.discard`). Raises ValueError for names and days that cannot be.
    """

    table: str
    column: str
    days: int
    what: str | Sequence[str] = ROWS
    only: str = ""
    files: str = ""
    discard: Callable[[list[str]], None] | None = None

    def __post_init__(self) -> None:
        names = [self.table, self.column, *self.emptied, *([self.files] if self.files else [])]
        wrong = [name for name in names if not IDENTIFIER.fullmatch(name)]
        if wrong:
            raise ValueError(f"{wrong}: names of small letters, digits and _ only")
        if self.days < 1:
            raise ValueError(f"{self.days} days: what is kept at all is kept a day at least")

    @property
    def emptied(self) -> tuple[str, ...]:
        """The columns to empty; none when rows are deleted."""
        return () if self.what == ROWS else (self.what,) if isinstance(self.what, str) else tuple(self.what)


def days_ago(days: int) -> str:
    """The moment `days` before now, as tables keep moments."""
    return (clock.now() - timedelta(days=days)).isoformat()


def run(db: sqlite3.Connection, sweeps: Sequence[Sweep]) -> int:
    """Forget all that is due, each sweep in a transaction of its own; returns how many rows were changed.

    Nothing is recorded of what was forgotten.
    """
    return sum(_swept(db, sweep) for sweep in sweeps)


def _swept(db: sqlite3.Connection, sweep: Sweep) -> int:
    due = f"{sweep.column} < ?" + (f" AND ({sweep.only})" if sweep.only else "")
    kept = sweep.emptied + (
        (sweep.files,) if sweep.files and sweep.emptied and sweep.files not in sweep.emptied else ()
    )
    if kept:
        due += f" AND ({' OR '.join(f'{name} IS NOT NULL' for name in kept)})"
        change = f"UPDATE {sweep.table} SET {', '.join(f'{name} = NULL' for name in kept)} WHERE {due}"  # noqa: S608
    else:
        change = f"DELETE FROM {sweep.table} WHERE {due}"  # noqa: S608 - names are checked, the condition is our own
    before = (days_ago(sweep.days),)
    with transaction(db):
        names = _files(db, sweep, due, before)
        changed = db.execute(change, before).rowcount
    if names and sweep.discard is not None:
        sweep.discard(names)
    return changed


def _files(db: sqlite3.Connection, sweep: Sweep, due: str, before: tuple[str]) -> list[str]:
    if not sweep.files:
        return []
    query = f"SELECT {sweep.files} FROM {sweep.table} WHERE {due}"  # noqa: S608 - names are checked
    return [str(row[0]) for row in db.execute(query, before) if row[0]]
