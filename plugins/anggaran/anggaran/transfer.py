"""Sub-activities as CSV: out in the columns that are read in again; in all or nothing, every mistake with its line."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from flask_babel import gettext as _
from lumbung_plugin import database, now, tables
from lumbung_plugin.tables import Column, Problem, Read

from anggaran import ceilings, items, places, trail, years
from anggaran.items import Wanted
from anggaran.money import short
from anggaran.rules import MOST_AMOUNT, Actor, Code, code_of, places_of
from anggaran.trail import Act

MOST_ROWS = 20_000
LONGEST_PLACE = 60
HEADINGS = ("Kode", "Sub kegiatan", "OPD", "Pagu", "Kode program", "Program", "Kode kegiatan", "Kegiatan", "Indikator",
            "Target", "Kelurahan", "Lokasi", "Alasan", "Pagu usulan", "Status", "Alasan pemotongan")  # fmt: skip
STATUS = {"draft": "konsep", "submitted": "diusulkan", "struck": "dicoret"}

_UPSERT = """INSERT INTO item (version_id, office_id, programme_id, activity_id, code, name, asked, amount, indicator,
  target, location, reason, state, author, changed_at)
  VALUES (:version, :office, :programme, :activity, :code, :name, :amount, :amount, :indicator, :target, :location,
  :reason, :state, :author, :at)
  ON CONFLICT (version_id, office_id, code) DO UPDATE SET name = excluded.name, asked = excluded.asked,
  amount = excluded.amount, indicator = excluded.indicator, target = excluded.target, location = excluded.location,
  reason = excluded.reason, state = excluded.state, author = excluded.author, changed_at = excluded.changed_at"""


@dataclass
class Outcome:
    """What a file does: rows `new`, `changed` and `same`, the rupiah it asks for; with problems it does nothing."""

    new: int = 0
    changed: int = 0
    same: int = 0
    amount: int = 0
    offices: dict[str, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def lines(wanted: Wanted) -> Iterator[tuple[object, ...]]:
    """The rows of an export, in the order of `HEADINGS`, read while they are sent."""
    for row in items.everything(database(), wanted):
        places_named = (row["places"] or "").replace(", ", "; ")
        yield (row["code"], row["name"], row["office"], row["amount"], row["programme_code"], row["programme"],
               row["activity_code"], row["activity"], row["indicator"], row["target"], places_named, row["location"],
               row["reason"], row["asked"], STATUS[row["state"]], row["cause"] or "")  # fmt: skip


def columns(db: sqlite3.Connection) -> dict[str, Column]:
    """What is read: four columns must be there; programme and activity where their code is new."""
    known = {row["name"]: row["id"] for row in db.execute("SELECT id, name FROM office WHERE active = 1")}
    text = {"required": False, "longest": 400}
    return {
        "code": Column("Kode", _code, longest=24),
        "name": Column("Sub kegiatan", longest=300),
        "office": Column("OPD", tables.one_of(known), longest=200),
        "amount": Column("Pagu", _amount, longest=30),
        "programme": Column("Program", required=False, longest=300),
        "activity": Column("Kegiatan", required=False, longest=300),
        "indicator": Column("Indikator", **text),
        "target": Column("Target", required=False, longest=120),
        "places": Column("Kelurahan", _places, required=False, longest=2000),
        "location": Column("Lokasi", **text),
        "reason": Column("Alasan", required=False, longest=2000),
    }


def take_in(
    db: sqlite3.Connection, actor: Actor, version_id: int, stream: IO[bytes], submit: bool, title: str
) -> Outcome:
    """Carry a file out within the caller's transaction; whoever finds `problems` rolls back, as does a preview."""
    years.checked_open(db, version_id)
    read = tables.read(stream, columns(db), most_rows=MOST_ROWS)
    outcome = Outcome(problems=list(read.problems))
    if outcome.problems:
        return outcome
    before = {row["id"]: row for row in ceilings.listing(db, version_id)}
    known = _Known(db, version_id)
    _check(read, actor, known, outcome)
    if outcome.problems:
        return outcome
    state = "submitted" if submit else "draft"
    _write(db, actor, version_id, read, known, state, outcome)
    if submit:
        _check_ceilings(db, version_id, before, outcome)
    if not outcome.problems:
        text = f"{title}: +{outcome.new} ~{outcome.changed}"
        trail.record(db, actor, Act.IMPORTED, version_id, after=outcome.amount, text=text)
    return outcome


class _Known:
    """What the version and the lists hold before the file is taken in."""

    def __init__(self, db: sqlite3.Connection, version_id: int) -> None:
        self.offices = {row["id"]: row["name"] for row in db.execute("SELECT id, name FROM office")}
        self.programmes = {row["code"]: row["id"] for row in db.execute("SELECT id, code FROM programme")}
        self.activities = {row["code"]: row["id"] for row in db.execute("SELECT id, code FROM activity")}
        self.places = [row["name"] for row in db.execute("SELECT name FROM place")]
        rows = db.execute(
            "SELECT item.*, (SELECT group_concat(name, '; ') FROM item_place JOIN place ON place.id = place_id"
            " WHERE item_id = item.id) AS places,"
            " EXISTS (SELECT 1 FROM decision WHERE item_id = item.id AND decision.state = 'waiting')"
            " AS waiting FROM item WHERE version_id = ?",
            (version_id,),
        )
        self.items = {(row["office_id"], row["code"]): row for row in rows}


def _code(text: str) -> Code:
    found = code_of(text)
    if found is None:
        raise ValueError(_("Write the code of a sub-activity, like 1.03.10.2.01.0005."))
    return found


def _amount(text: str) -> int:
    value = tables.amount(text)
    if value > MOST_AMOUNT:
        raise ValueError(_("That is more than any city has. Check the digits."))
    return value


def _places(text: str) -> list[str]:
    names = [" ".join(name.split()) for name in text.split(";") if name.strip()]
    if any(len(name) > LONGEST_PLACE or "," in name for name in names):
        raise ValueError(_("Write names of kelurahan, told apart by semicolons."))
    return names


def _check(read: Read, actor: Actor, known: _Known, outcome: Outcome) -> None:
    """What only the whole file and the present version can tell: doubles, other offices, decided ones, new codes."""
    seen: dict[tuple[int, str], int] = {}
    programmes, activities = set(known.programmes), set(known.activities)
    for row, line in zip(read.rows, read.lines, strict=True):
        if len(outcome.problems) >= tables.MOST_PROBLEMS:
            return
        code, key = row["code"], (row["office"], row["code"].text)
        first = seen.setdefault(key, line)
        if first != line:
            outcome.problems.append(Problem(line, "Kode", _("This office and code stand in line %(n)d too.", n=first)))
        if not actor.reviewer and row["office"] != actor.office_id:
            outcome.problems.append(Problem(line, "OPD", _("You can take in rows of your own office only.")))
        old = known.items.get(key)
        if old is not None and (old["state"] == "struck" or old["amount"] < old["asked"] or old["waiting"]):
            sentence = _("This one has been decided on; a file does not change it.")
            outcome.problems.append(Problem(line, "Kode", sentence))
        if code.activity not in activities and not row["activity"]:
            outcome.problems.append(
                Problem(line, "Kegiatan", _("%(code)s is not known yet: name it in this column.", code=code.activity))
            )
        if code.programme not in programmes and not row["programme"]:
            outcome.problems.append(
                Problem(line, "Program", _("%(code)s is not known yet: name it in this column.", code=code.programme))
            )
        programmes.add(code.programme)
        activities.add(code.activity)


def _write(
    db: sqlite3.Connection, actor: Actor, version_id: int, read: Read, known: _Known, state: str, outcome: Outcome
) -> None:
    moment, made, told = now().isoformat(), list[dict[str, Any]](), list[tuple[object, ...]]()
    for row in read.rows:
        programme, activity = _placed(db, row, known)
        new = {"version": version_id, "office": row["office"], "programme": programme, "activity": activity,
               "code": row["code"].text, "name": row["name"], "amount": row["amount"], "state": state,
               "author": actor.id, "at": moment,
               **{key: row[key] or "" for key in ("indicator", "target", "reason")},
               **_where(row, known)}  # fmt: skip
        old = known.items.get((row["office"], row["code"].text))
        office = known.offices[row["office"]]
        count, amount = outcome.offices.get(office, (0, 0))
        outcome.offices[office] = (count + 1, amount + row["amount"])
        outcome.amount += row["amount"]
        if old is not None and _equal(old, new):
            outcome.same += 1
            continue
        outcome.new += old is None
        outcome.changed += old is not None
        made.append(new)
        told.append((version_id, row["office"], new["code"], old["asked"] if old else None, row["amount"]))
    db.executemany(_UPSERT, made)
    _write_places(db, version_id, made)
    _tell(db, actor, moment, told)


def _placed(db: sqlite3.Connection, row: dict[str, Any], known: _Known) -> tuple[int, int]:
    """The programme and activity of a row by id; new ones are entered with the names of the file."""
    code = row["code"]
    if code.programme not in known.programmes:
        made = db.execute("INSERT INTO programme (code, name) VALUES (?, ?)", (code.programme, row["programme"]))
        known.programmes[code.programme] = made.lastrowid
    programme = known.programmes[code.programme]
    if code.activity not in known.activities:
        made = db.execute(
            "INSERT INTO activity (programme_id, code, name) VALUES (?, ?, ?)",
            (programme, code.activity, row["activity"]),
        )
        known.activities[code.activity] = made.lastrowid
    return programme, known.activities[code.activity]


def _equal(old: sqlite3.Row, new: dict[str, Any]) -> bool:
    keys = ("name", "amount", "indicator", "target", "location", "reason", "state")
    there = set((old["places"] or "").split("; ")) - {""}
    return there == set(new["places"]) and all(old[key] == new[key] for key in keys)


def _where(row: dict[str, Any], known: _Known) -> dict[str, Any]:
    """The places of a row by name, and its location. A file of 1.0.0 has no column for places: they are in the text."""
    if row["places"]:
        return {"places": row["places"], "location": row["location"] or ""}
    found, rest = places_of(row["location"] or "", known.places)
    return {"places": found, "location": rest}


def _write_places(db: sqlite3.Connection, version_id: int, made: list[dict[str, Any]]) -> None:
    names = sorted({name for new in made for name in new["places"]})
    known = dict(zip(names, places.ids(db, names), strict=True))
    kept = {(row["office_id"], row["code"]): row["id"] for row in db.execute(
        "SELECT id, office_id, code FROM item WHERE version_id = ?", (version_id,))}  # fmt: skip
    own = [(kept[new["office"], new["code"]], new["places"]) for new in made]
    db.executemany("DELETE FROM item_place WHERE item_id = ?", [(item,) for item, _ in own])
    db.executemany(
        "INSERT OR IGNORE INTO item_place (item_id, place_id) VALUES (?, ?)",
        [(item, known[name]) for item, named in own for name in named],
    )


def _tell(db: sqlite3.Connection, actor: Actor, moment: str, told: list[tuple[object, ...]]) -> None:
    """One row of the trail for each sub-activity that came or changed."""
    db.executemany(
        "INSERT INTO event (version_id, item_id, at, actor, actor_name, act, before, after)"
        " SELECT version_id, id, ?, ?, ?, ?, ?, ? FROM item WHERE version_id = ? AND office_id = ? AND code = ?",
        [(moment, actor.id, actor.name, Act.IMPORTED, before, after, version, office, code)
         for version, office, code, before, after in told],
    )  # fmt: skip


def _check_ceilings(db: sqlite3.Connection, version_id: int, before: dict[int, sqlite3.Row], outcome: Outcome) -> None:
    """Every ceiling this file breaks, or breaks further."""
    for row in ceilings.listing(db, version_id):
        if row["used"] > row["amount"] and row["used"] > before[row["id"]]["used"]:
            outcome.problems.append(
                Problem(0, "Pagu", _("Over the ceiling of %(name)s by %(over)s.", name=ceilings.named(row),
                                     over=short(row["used"] - row["amount"])))
            )  # fmt: skip
