"""Reading sub-activities: one, and lists that are searched, narrowed and paged by key."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from anggaran.rules import State

PAGE = 25
SEARCHED = ("name", "location", "code")
ESCAPE = "ESCAPE '\\'"
_PLACED = "SELECT item_id FROM item_place JOIN place ON place.id = place_id WHERE place.name LIKE ? ESCAPE '\\'"

SELECT = """SELECT item.*, office.name AS office, programme.name AS programme, programme.code AS programme_code,
  activity.name AS activity, activity.code AS activity_code, cause.name AS cause, cause.name_en AS cause_en,
  (SELECT group_concat(place.name, ', ') FROM item_place JOIN place ON place.id = place_id
    WHERE item_id = item.id) AS places
  FROM item JOIN office ON office.id = item.office_id JOIN programme ON programme.id = item.programme_id
  JOIN activity ON activity.id = item.activity_id LEFT JOIN cause ON cause.id = item.cause_id"""


class Order(StrEnum):
    """How a list is sorted; the key of the last row leads on."""

    CODE = "kode"
    AMOUNT = "pagu"
    SCORE = "nilai"


# Column, direction. The column's index ends with the id, so a page costs the same wherever it lies.
_SORTED = {Order.CODE: ("code", "ASC"), Order.AMOUNT: ("amount", "DESC"), Order.SCORE: ("score", "ASC")}
PUBLIC_STATES = (State.SUBMITTED, State.STRUCK)


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; None and empty mean all. `unscored` and `waiting` are for reviewers."""

    version: int
    q: str = ""
    office: int | None = None
    programme: int | None = None
    activity: int | None = None
    cause: int | None = None
    place: int | None = None
    state: str = ""
    public: bool = True
    cut: bool = False
    unscored: bool = False
    waiting: bool = False
    order: Order = Order.CODE


@dataclass(frozen=True)
class Page:
    """Rows of a list, with the keys that lead to its neighbours."""

    rows: list[sqlite3.Row]
    before: int | None
    after: int | None


def one(db: sqlite3.Connection, item_id: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(f"{SELECT} WHERE item.id = ?", (item_id,)).fetchone()
    return row


def page(db: sqlite3.Connection, wanted: Wanted, before: int | None = None, after: int | None = None) -> Page:
    """At most 25 rows after (or before) the row of that id; an id that is gone begins at the start."""
    back = before is not None
    rows = db.execute(*_query(db, wanted, before if back else after, back)).fetchall()
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if back:
        rows.reverse()
    if not rows:
        return Page([], None, None)
    earlier, later = (more, True) if back else (after is not None, more)
    return Page(rows, rows[0]["id"] if earlier else None, rows[-1]["id"] if later else None)


def everything(db: sqlite3.Connection, wanted: Wanted) -> Iterator[sqlite3.Row]:
    """All rows of a list by code, read while they are used."""
    where, values = _narrowed(wanted)
    yield from db.execute(f"{SELECT} WHERE {where} ORDER BY item.code, item.id", values)


def total(db: sqlite3.Connection, wanted: Wanted) -> sqlite3.Row:
    """How many rows a list has (`n`), and their `asked` and `amount` in rupiah."""
    where, values = _narrowed(wanted)
    row: sqlite3.Row = db.execute(
        "SELECT count(*) AS n, ifnull(sum(asked), 0) AS asked, ifnull(sum(amount), 0) AS amount"  # noqa: S608
        f" FROM item WHERE {where}",
        values,
    ).fetchone()
    return row


def _query(db: sqlite3.Connection, wanted: Wanted, key: int | None, back: bool) -> tuple[str, list[object]]:
    column, direction = _SORTED[wanted.order]
    down = (direction == "DESC") != back
    where, values = _narrowed(wanted)
    if key is not None and db.execute("SELECT 1 FROM item WHERE id = ?", (key,)).fetchone():
        # A score may be absent: it sorts before all others, as NULL does.
        sorted_by = f"ifnull(item.{column}, -1)" if wanted.order is Order.SCORE else f"item.{column}"
        start = f"SELECT {sorted_by}, item.id FROM item WHERE id = ?"  # noqa: S608 our own names
        where += f" AND ({sorted_by}, item.id) {'<' if down else '>'} ({start})"
        values.append(key)
    way = "DESC" if down else "ASC"
    return f"{SELECT} WHERE {where} ORDER BY item.{column} {way}, item.id {way} LIMIT ?", [*values, PAGE + 1]


def _narrowed(wanted: Wanted) -> tuple[str, list[object]]:
    where, values = ["item.version_id = ?"], list[object]([wanted.version])
    for column in ("office", "programme", "activity", "cause"):
        chosen = getattr(wanted, column)
        if chosen is not None:
            where.append(f"item.{column}_id = ?")
            values.append(chosen)
    if wanted.place is not None:
        where.append("item.id IN (SELECT item_id FROM item_place WHERE place_id = ?)")
        values.append(wanted.place)
    if wanted.state:
        where.append("item.state = ?")
        values.append(wanted.state)
    elif wanted.public:
        where.append("item.state IN ('submitted', 'struck')")
    where += [clause for chosen, clause in (
        (wanted.cut, "item.amount < item.asked"),
        (wanted.unscored, "item.score IS NULL AND item.state = 'submitted'"),
        (wanted.waiting, "EXISTS (SELECT 1 FROM decision WHERE item_id = item.id AND decision.state = 'waiting')"),
    ) if chosen]  # fmt: skip
    for word in wanted.q.split()[:6]:
        columns = " OR ".join(f"item.{column} LIKE ? {ESCAPE}" for column in SEARCHED)
        where.append(f"({columns} OR item.id IN ({_PLACED}))")
        values += [f"%{escaped(word)}%"] * (len(SEARCHED) + 1)
    return " AND ".join(where), values


def escaped(text: str) -> str:
    """Text for LIKE with `\\` as its escape: `%` and `_` mean themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
