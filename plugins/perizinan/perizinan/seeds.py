"""Facts kept as files beside the code: example permit types, and the national systems beside this one."""

import json
import sqlite3
from functools import lru_cache
from pathlib import Path
from typing import Any

from lumbung_plugin import city, offices

DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=4)
def read(name: str) -> dict[str, Any]:
    """`data/<name>.json`; each says its `source`."""
    loaded: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def first_types(db: sqlite3.Connection) -> None:
    """A migration step: the example types. A real city gets them closed and opens what it has adapted."""
    listed = read("types")["types"]
    offices.seed(db, [one["office"] for one in listed])
    for one in listed:
        _insert(db, one, active=city().demo)


def _insert(db: sqlite3.Connection, one: dict[str, Any], active: bool) -> None:
    office = db.execute("SELECT id FROM office WHERE name = ?", (one["office"],)).fetchone()["id"]
    texts = [one[key] for key in ("slug", "code", "name", "name_en", "about", "about_en", "legal", "fee", "fee_en")]
    numbers = [one["days"], one["valid_months"], one["place"], one["zoning"], one["blocks"], active]
    type_id = db.execute(
        "INSERT INTO permit_type (slug, code, name, name_en, about, about_en, legal, fee, fee_en, zoning_use,"
        " office_id, days, valid_months, place, zoning, zoning_blocks, active)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (*texts, one["use"], office, *(int(number) for number in numbers)),
    ).lastrowid
    db.executemany(
        "INSERT INTO requirement (type_id, position, name, name_en, hint, hint_en, accept, needed)"
        " VALUES (?,?,?,?,?,?,?,?)",
        [(type_id, place, *row[:5], int(row[5])) for place, row in enumerate(one["requirements"], start=1)],
    )
