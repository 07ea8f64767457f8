"""Two versions beside each other: what was added, what is gone, whose amount changed.

A sub-activity is the same one when its office and its code are.
"""

import sqlite3
from dataclasses import dataclass
from enum import StrEnum

PAGE = 25


class Change(StrEnum):
    """What happened between the two versions."""

    ADDED = "added"
    REMOVED = "removed"
    RAISED = "raised"
    LOWERED = "lowered"


_PAIRS = """CREATE TEMP TABLE pair AS
  SELECT new.id AS id, new.office_id, new.programme_id, new.code, new.name, old.amount AS before, new.amount AS after,
    new.amount - ifnull(old.amount, 0) AS difference
  FROM item new LEFT JOIN item old ON old.version_id = :old AND old.office_id = new.office_id AND old.code = new.code
    AND old.state = 'submitted'
  WHERE new.version_id = :new AND new.state = 'submitted' AND new.amount IS NOT old.amount
  UNION ALL
  SELECT old.id, old.office_id, old.programme_id, old.code, old.name, old.amount, NULL, -old.amount FROM item old
  WHERE old.version_id = :old AND old.state = 'submitted' AND NOT EXISTS (
    SELECT 1 FROM item new WHERE new.version_id = :new AND new.office_id = old.office_id AND new.code = old.code
    AND new.state = 'submitted')"""

_CHANGE = """CASE WHEN before IS NULL THEN 'added' WHEN after IS NULL THEN 'removed'
  WHEN after > before THEN 'raised' ELSE 'lowered' END"""


@dataclass(frozen=True)
class Wanted:
    """The two versions by id, and what the list is narrowed to."""

    old: int
    new: int
    change: str = ""
    office: int | None = None


def prepare(db: sqlite3.Connection, wanted: Wanted) -> None:
    """Pair the two versions once, for all that is asked of them below through this connection."""
    db.execute("DROP TABLE IF EXISTS temp.pair")
    db.execute(_PAIRS, {"old": wanted.old, "new": wanted.new})


def summary(db: sqlite3.Connection) -> dict[str, tuple[int, int]]:
    """For each kind of change that occurs: how many, and the difference in rupiah."""
    rows = db.execute(
        f"SELECT {_CHANGE} AS change, count(*) AS n, sum(difference) AS difference FROM pair GROUP BY change"  # noqa: S608
    )
    return {row["change"]: (row["n"], row["difference"]) for row in rows}


def by_office(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """Per office: `office_id`, `name`, `n` changes, `more` and `less` rupiah, and the `difference`."""
    return db.execute(
        "SELECT office_id, office.name, count(*) AS n, sum(max(difference, 0)) AS more,"
        " sum(max(-difference, 0)) AS less, sum(difference) AS difference FROM pair"
        " JOIN office ON office.id = office_id GROUP BY office_id ORDER BY abs(sum(difference)) DESC, office.name"
    ).fetchall()


def page(
    db: sqlite3.Connection, wanted: Wanted, before: int | None = None, after: int | None = None
) -> tuple[list[sqlite3.Row], int | None, int | None]:
    """At most 25 changes, the largest difference first, and the keys of the neighbouring pages.

    Each row: `id` of the newer sub-activity (of the older one where it is gone), `code`, `name`, `office`, `before`,
    `after` (rupiah or None), `difference`, `change`.
    """
    key, back = (before, True) if before is not None else (after, False)
    values: dict[str, object] = {"key": key, "most": PAGE + 1}
    where = ["1 = 1"]
    if wanted.change:
        where.append(f"{_CHANGE} = :change")
        values["change"] = wanted.change
    if wanted.office is not None:
        where.append("office_id = :office")
        values["office"] = wanted.office
    if key is not None:
        start = "ifnull((SELECT abs(difference) FROM pair WHERE id = :key), 9e18)"
        where.append(f"(abs(difference), pair.id) {'>' if back else '<'} ({start}, :key)")
    way = "ASC" if back else "DESC"
    rows = db.execute(
        f"SELECT pair.*, {_CHANGE} AS change, office.name AS office FROM pair"  # noqa: S608 text of our own
        f" JOIN office ON office.id = office_id WHERE {' AND '.join(where)}"
        f" ORDER BY abs(difference) {way}, pair.id {way} LIMIT :most",
        values,
    ).fetchall()
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if back:
        rows.reverse()
    earlier, later = (more, True) if back else (after is not None, more)
    ends = (rows[0]["id"] if rows and earlier else None, rows[-1]["id"] if rows and later else None)
    return rows, *ends
