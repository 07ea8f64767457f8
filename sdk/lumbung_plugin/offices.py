"""The city's units (OPD) as a plugin keeps them: the registry's list, and what the administrator adds to it.

A plugin's rows point at `office.id`; so no office is ever deleted, only closed. What comes from the registry follows
it: a renamed unit is renamed here, one that is gone is closed here.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from lumbung_plugin import facts
from lumbung_plugin.facts import Unit
from lumbung_plugin.forms import Form
from lumbung_plugin.people import Person, require_role
from lumbung_plugin.storage import database, transaction

TABLE = """
CREATE TABLE office (
  id INTEGER PRIMARY KEY,
  unit INTEGER UNIQUE,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  active INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE office_refreshed (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  at TEXT NOT NULL
);
"""

EVERY, SOON = timedelta(hours=1), timedelta(minutes=5)
"""Between two questions; the short time after one that told nothing."""

MOST = 2_000
LONGEST_NAME = 200

View = str | Response | tuple[str, int]


def all(db: sqlite3.Connection, also_closed: bool = False) -> list[sqlite3.Row]:
    """The offices by name, as rows of `id`, `unit` (its number in the registry, or None), `name`, `active`."""
    where = "" if also_closed else "WHERE active = 1"
    return db.execute(f"SELECT * FROM office {where} ORDER BY name").fetchall()  # noqa: S608 fixed text


def listing(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """The offices in use; the registry's list is merged before, at most once an hour."""
    if not db.in_transaction and _is_due(db):
        # While another writer takes long, a reader sees the list as it was.
        with suppress(sqlite3.OperationalError):
            refresh(db)
    return all(db)


def of(db: sqlite3.Connection, person: Person | None) -> int | None:
    """The office this person works for, open or closed; None for citizens and for who belongs to none."""
    if person is None:
        return None
    row = db.execute("SELECT id FROM office WHERE unit = ?", (person.opd_id,)).fetchone()
    row = row or db.execute("SELECT id FROM office WHERE name = ?", (person.opd or "",)).fetchone()
    return row["id"] if row else None


def seed(db: sqlite3.Connection, names: Iterable[str]) -> None:
    """Offices to start with, for a migration step; a unit of the same name takes its office over later."""
    for name in names:
        if name.strip():
            db.execute("INSERT OR IGNORE INTO office (name) VALUES (?)", (name.strip(),))


def refresh(db: sqlite3.Connection) -> None:
    """Merge the registry's units now, in a transaction of its own. Nothing is deleted.

    A unit's own number decides, then its name. Without any unit (alone, or Lumbung does not answer) all stays as it is.
    """
    units = facts.units()
    with transaction(db):
        asked = datetime.now(UTC) - (timedelta() if units else EVERY - SOON)
        db.execute("INSERT OR REPLACE INTO office_refreshed (id, at) VALUES (1, ?)", (asked.isoformat(),))
        if units:
            _close_gone(db, units)
            _rename(db, units)
            for unit in units:
                _take_in(db, unit)


def _is_due(db: sqlite3.Connection) -> bool:
    row = db.execute("SELECT at FROM office_refreshed").fetchone()
    # A moment after now is from a clock that went wrong.
    return row is None or not timedelta() <= datetime.now(UTC) - datetime.fromisoformat(row["at"]) < EVERY


def _close_gone(db: sqlite3.Connection, units: list[Unit]) -> None:
    """A closed office of a unit that is gone is the administrator's own from then on."""
    present = {unit.id for unit in units}
    for row in db.execute("SELECT id, unit FROM office WHERE unit IS NOT NULL").fetchall():
        if row["unit"] not in present:
            db.execute("UPDATE office SET unit = NULL, active = 0 WHERE id = ?", (row["id"],))


def _rename(db: sqlite3.Connection, units: list[Unit]) -> None:
    names = {row["unit"]: row["name"] for row in db.execute("SELECT unit, name FROM office WHERE unit IS NOT NULL")}
    changed = [unit for unit in units if unit.id in names and names[unit.id] != unit.name]
    # First out of each other's way: two units may have changed names.
    for unit in changed:
        db.execute("UPDATE office SET name = ? WHERE unit = ?", (f"\x1f{unit.id}", unit.id))
    for unit in changed:
        db.execute("UPDATE office SET name = ? WHERE unit = ?", (_free_name(db, unit), unit.id))


def _take_in(db: sqlite3.Connection, unit: Unit) -> None:
    if db.execute("SELECT 1 FROM office WHERE unit = ?", (unit.id,)).fetchone():
        return
    same = db.execute("SELECT id FROM office WHERE name = ? AND unit IS NULL", (unit.name,)).fetchone()
    if same:
        db.execute("UPDATE office SET unit = ?, name = ?, active = 1 WHERE id = ?", (unit.id, unit.name, same["id"]))
    else:
        db.execute("INSERT INTO office (unit, name) VALUES (?, ?)", (unit.id, _free_name(db, unit)))


def _free_name(db: sqlite3.Connection, unit: Unit) -> str:
    """Its name; with its number behind it where another office has that name."""
    name = unit.name
    while db.execute("SELECT 1 FROM office WHERE name = ? AND unit IS NOT ?", (name, unit.id)).fetchone():
        name += f" ({unit.id})"
    return name


class OfficeForm(Form):
    """The name of an office the registry does not know."""

    name = StringField(
        _l("Name"),
        filters=[lambda text: " ".join(text.split()) if text else text],
        validators=[InputRequired(), Length(2, LONGEST_NAME)],
    )


def pages(layout_template: str) -> Blueprint:
    """`/admin/opd` for administrators: the list, add, rename, close and open again; shown in the plugin's own layout.

    Its endpoints are `offices.overview`, `offices.add`, `offices.show`, `offices.rename` and `offices.turn`.
    """
    made = Blueprint("offices", __name__, url_prefix="/admin/opd")
    made.context_processor(lambda: {"layout": layout_template})
    made.add_url_rule("", "overview", overview)
    made.add_url_rule("", "add", add, methods=["POST"])
    made.add_url_rule("/<int:office_id>", "show", show)
    made.add_url_rule("/<int:office_id>", "rename", rename, methods=["POST"])
    made.add_url_rule("/<int:office_id>/pakai", "turn", turn, methods=["POST"])
    return made


@require_role("administrator")
def overview() -> View:
    return _list(OfficeForm(formdata=None))


@require_role("administrator")
def add() -> View:
    form = OfficeForm()
    if not form.validate_on_submit():
        return _list(form), 400
    with transaction() as db:
        full = db.execute("SELECT count(*) FROM office").fetchone()[0] >= MOST
        saved = not full and _written(db, "INSERT INTO office (name) VALUES (?)", (form.name.data,))
    return _done(saved)


@require_role("administrator")
def show(office_id: int) -> View:
    office = _found(office_id)
    return render_template("lumbung/office.html", office=office, form=OfficeForm(formdata=None, data=dict(office)))


@require_role("administrator")
def rename(office_id: int) -> View:
    office, form = _found(office_id), OfficeForm()
    if office["unit"] is not None:
        abort(409, _("The name of this office comes from the city's list of units. Change it there."))
    if not form.validate_on_submit():
        return render_template("lumbung/office.html", office=office, form=form), 400
    with transaction() as db:
        saved = _written(db, "UPDATE office SET name = ? WHERE id = ?", (form.name.data, office_id))
    return _done(saved)


@require_role("administrator")
def turn(office_id: int) -> View:
    """Close an office or open it again: `active` is 1 or 0. What points at it stays."""
    _found(office_id)
    with transaction() as db:
        db.execute("UPDATE office SET active = ? WHERE id = ?", (int(request.form.get("active") == "1"), office_id))
    return _done(True)


def _list(form: OfficeForm) -> str:
    db = database()
    listing(db)
    return render_template("lumbung/offices.html", offices=all(db, also_closed=True), form=form)


def _found(office_id: int) -> sqlite3.Row:
    row: sqlite3.Row | None = database().execute("SELECT * FROM office WHERE id = ?", (office_id,)).fetchone()
    if row is None:
        abort(404)
    return row


def _written(db: sqlite3.Connection, statement: str, values: tuple[object, ...]) -> bool:
    try:
        db.execute(statement, values)
    except sqlite3.IntegrityError:
        return False
    return True


def _done(saved: bool) -> Response:
    words = _("Saved.") if saved else _("Nothing was changed: there is already an office with this name.")
    flash(words, "good" if saved else "warn")
    return redirect(url_for("offices.overview"))
