"""Sums of a version: all of it, by field, office, programme and activity, and what was saved. All by SQL."""

import json
import sqlite3
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FIELDS = Path(__file__).parent / "data" / "fields.json"

_VALUES = """count(*) AS n, sum(item.state = 'struck') AS struck, sum(item.amount < item.asked) AS cut,
  sum(item.asked) AS asked, sum(item.amount) AS amount, sum(item.asked - item.amount) AS saved"""
_STANDING = "item.version_id = ? AND item.state IN ('submitted', 'struck')"


@dataclass(frozen=True)
class Part:
    """One bar of a breakdown. `key` is what the next level is narrowed by; sums in rupiah."""

    key: str
    code: str
    name: str
    n: int
    asked: int
    amount: int
    struck: int

    @property
    def saved(self) -> int:
        return self.asked - self.amount


@dataclass(frozen=True)
class Total:
    """A version as a whole. `struck` were struck out, `cut` those and the reduced ones; sums in rupiah."""

    n: int
    struck: int
    cut: int
    asked: int
    amount: int
    saved: int


@lru_cache(maxsize=1)
def fields() -> dict[str, tuple[str, str]]:
    """Fields of government by code: name and English name."""
    told = json.loads(FIELDS.read_text(encoding="utf-8"))
    return {code: (name, english) for code, name, english in told["fields"]}


def total(db: sqlite3.Connection, version_id: int, office_id: int | None = None) -> Total:
    """What was asked for and what stands; drafts are not counted."""
    where, values = _STANDING, [version_id]
    if office_id is not None:
        where, values = f"{where} AND item.office_id = ?", [version_id, office_id]
    row = db.execute(f"SELECT {_VALUES} FROM item WHERE {where}", values).fetchone()  # noqa: S608
    return Total(*(row[name] or 0 for name in ("n", "struck", "cut", "asked", "amount", "saved")))


def by_office(db: sqlite3.Connection, version_id: int) -> list[Part]:
    """Offices, the largest sum first."""
    return _parts(db, "item.office_id", "''", "office.name", "JOIN office ON office.id = item.office_id", version_id)


def by_field(db: sqlite3.Connection, version_id: int) -> list[Part]:
    """Fields of government; the name is looked up by the caller in `fields()`."""
    code = "substr(programme.code, 1, 4)"
    return _parts(db, code, code, code, "JOIN programme ON programme.id = item.programme_id", version_id)


def by_programme(
    db: sqlite3.Connection, version_id: int, office_id: int | None = None, field: str | None = None
) -> list[Part]:
    """Programmes of an office, of a field, or all."""
    join = "JOIN programme ON programme.id = item.programme_id"
    field_like = f"{field}.%" if field else None
    return _parts(db, "item.programme_id", "programme.code", "programme.name", join, version_id,
                  ("item.office_id = ?", office_id), ("programme.code LIKE ?", field_like))  # fmt: skip


def by_activity(db: sqlite3.Connection, version_id: int, programme_id: int, office_id: int | None = None) -> list[Part]:
    """Activities of a programme."""
    join = "JOIN activity ON activity.id = item.activity_id"
    return _parts(db, "item.activity_id", "activity.code", "activity.name", join, version_id,
                  ("item.programme_id = ?", programme_id), ("item.office_id = ?", office_id))  # fmt: skip


def by_cause(db: sqlite3.Connection, version_id: int) -> list[sqlite3.Row]:
    """What was cut for which reason: `id`, `name`, `name_en`, `n`, `struck`, `saved`; most saved first."""
    return db.execute(
        f"SELECT cause.id, cause.name, cause.name_en, {_VALUES} FROM item"  # noqa: S608 text of our own
        f" LEFT JOIN cause ON cause.id = item.cause_id WHERE {_STANDING} AND item.amount < item.asked"
        " GROUP BY cause.id ORDER BY saved DESC",
        (version_id,),
    ).fetchall()


def by_version(db: sqlite3.Connection, year_id: int) -> list[sqlite3.Row]:
    """Each version of a year with its sums; nothing is counted twice: the next version begins with what is left."""
    return db.execute(
        f"SELECT version.id, version.stage, version.frozen_at, {_VALUES} FROM version"  # noqa: S608
        " JOIN item ON item.version_id = version.id AND item.state IN ('submitted', 'struck')"
        " WHERE version.year_id = ? GROUP BY version.id ORDER BY version.position",
        (year_id,),
    ).fetchall()


def _parts(
    db: sqlite3.Connection, key: str, code: str, name: str, join: str, version_id: int, *more: tuple[str, object]
) -> list[Part]:
    chosen = [(clause, value) for clause, value in more if value is not None]
    where = " AND ".join([_STANDING, *(clause for clause, _ in chosen)])
    rows = db.execute(
        f"SELECT {key} AS part, {code} AS code, {name} AS name, {_VALUES} FROM item {join}"  # noqa: S608
        f" WHERE {where} GROUP BY {key} ORDER BY sum(item.amount) DESC, name",
        (version_id, *(value for _, value in chosen)),
    )
    return [
        Part(str(row["part"]), row["code"], row["name"], row["n"], row["asked"], row["amount"], row["struck"])
        for row in rows
    ]
