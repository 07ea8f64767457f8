"""Made-up content for a demonstration city: the same for the same day."""

import random
import sqlite3
from datetime import date, timedelta
from typing import Any

from lumbung_plugin import city, offices, today, transaction

from rencana import stages
from rencana.history import Act

EVIDENCE = "Berita acara dan foto disimpan di OPD pemilik (demo)."


def fill(db: sqlite3.Connection, told: dict[str, Any]) -> bool:
    """Fill a database without any programme; `told` is data/plan.json. Returns whether it did."""
    with transaction(db):
        if db.execute("SELECT 1 FROM programme").fetchone():
            return False
        # S311: the dates must be the same every time, not unguessable.
        chance = random.Random(f"rencana {city().code}")  # noqa: S311
        offices.seed(db, told["offices"])
        ids = [db.execute("SELECT id FROM office WHERE name = ?", (name,)).fetchone()[0] for name in told["offices"]]
        for programme in told["programmes"]:
            _programme(db, chance, programme, ids)
        _early(db, told)
        _blockers(db, chance, told["needs"], ids)
        stages.place_all(db)
    return True


def _programme(db: sqlite3.Connection, chance: random.Random, told: list[Any], ids: list[int]) -> None:
    aim, name, summary, quick, owner, partners, begins, ends, milestones, follow = told
    plain = name if city().code == "64.74" else name.replace(" (Bessai Berinta Smart City)", "")
    aim_id = db.execute("SELECT id FROM aim WHERE position = ?", (aim,)).fetchone()[0]
    made = db.execute(
        "INSERT INTO programme (aim_id, name, summary, quick, owner_id, begins, ends, demo) VALUES (?,?,?,?,?,?,?,1)",
        (aim_id, plain, summary, int(quick), ids[owner], _day(begins), _day(ends)),
    )
    programme = made.lastrowid or 0
    db.executemany("INSERT INTO partner VALUES (?, ?)", [(programme, ids[one]) for one in partners])
    _tell(db, programme, begins, Act.CREATED, "")
    step = (ends - begins) / len(milestones)
    for place, title in enumerate(milestones, 1):
        due = round(begins + step * place - chance.randint(0, 40))
        last = place == len(milestones)
        done = due < -20 and chance.random() < 0.85
        _milestone(db, programme, title, due, done, follow if last and follow else None)


def _early(db: sqlite3.Connection, told: dict[str, Any]) -> None:
    """What was reached in the first stages, on days that do not move."""
    rows = [row["id"] for row in db.execute("SELECT id FROM programme ORDER BY id")]
    for place, title, due in told["early"]:
        when = f"{due}T02:00:00+00:00"
        made = db.execute(
            "INSERT INTO milestone (programme_id, title, due, done_at) VALUES (?, ?, ?, ?)",
            (rows[place], title, due, when),
        )
        db.execute("INSERT INTO evidence (milestone_id, at, text) VALUES (?, ?, ?)", (made.lastrowid, when, EVIDENCE))
        db.execute("UPDATE programme SET begins = min(begins, ?) WHERE id = ?", (f"{due[:4]}-01-01", rows[place]))


def _milestone(db: sqlite3.Connection, programme: int, title: str, due: int, done: bool, follow: Any) -> None:
    app, figure, target, direction = follow or ("", "", None, "up")
    when = f"{_day(due - 6)}T02:00:00+00:00" if done else None
    made = db.execute(
        "INSERT INTO milestone (programme_id, title, due, done_at, follow_app, follow_name, target, direction)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (programme, title, _day(due), when, app, figure, target, direction),
    )
    if done:
        db.execute("INSERT INTO evidence (milestone_id, at, text) VALUES (?, ?, ?)", (made.lastrowid, when, EVIDENCE))
        _tell(db, programme, due - 6, Act.DONE, title)


def _blockers(db: sqlite3.Connection, chance: random.Random, needs: list[str], ids: list[int]) -> None:
    """Some programmes wait for a partner, some waited and were answered."""
    rows = db.execute("SELECT id FROM programme ORDER BY id").fetchall()
    for place, row in enumerate(chance.sample(rows, 8)):
        waits = db.execute("SELECT office_id FROM partner WHERE programme_id = ?", (row["id"],)).fetchall()
        office = waits[place % len(waits)]["office_id"] if waits else ids[0]
        since, need = -chance.randint(6, 75), needs[place % len(needs)]
        settled = f"{_day(since + 5)}T03:00:00+00:00" if place >= 5 else None
        db.execute(
            "INSERT INTO blocker (programme_id, milestone_id, office_id, since, need, resolved_at, answer)"
            " VALUES (?, (SELECT id FROM milestone WHERE programme_id = ? AND done_at IS NULL ORDER BY due LIMIT 1),"
            " ?, ?, ?, ?, ?)",
            (row["id"], row["id"], office, _day(since), need, settled, "Sudah diserahkan (demo)." if settled else ""),
        )
        _tell(db, row["id"], since, Act.BLOCKED, need)


def _tell(db: sqlite3.Connection, programme: int, days: int, act: Act, text: str) -> None:
    db.execute(
        "INSERT INTO event (programme_id, at, act, actor, text) VALUES (?, ?, ?, 'Operator (demo)', ?)",
        (programme, f"{_day(days)}T02:00:00+00:00", act, text),
    )


def _day(days: int) -> str:
    found: date = today() + timedelta(days=days)
    return found.isoformat()
