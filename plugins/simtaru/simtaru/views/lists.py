"""The administrator's lists: the matrix, the uses, the gazetteer; by hand and by CSV."""

import sqlite3
from collections.abc import Mapping

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, require_role, tables, transaction
from lumbung_plugin.addresses import AFTER
from lumbung_plugin.tables import Column, Read
from werkzeug.wrappers import Response as Answer

from simtaru import classes, landmarks, matrix, rules, store, uses_file
from simtaru.forms import UploadForm, UseForm
from simtaru.geometry import Point
from simtaru.matrix import Cell
from simtaru.rules import LETTERS, NEEDS_WORDS
from simtaru.views import parts

pages = Blueprint("lists", __name__, url_prefix="/admin")
View = str | Answer | tuple[str, int]
LONGEST = 300
HEADINGS = ("zona", "kegiatan", "ketentuan", "syarat", "syarat_en")
LANDMARK_HEADINGS = ("nama", "jenis", "alamat", "kelurahan", "lintang", "bujur")
PAGE = 50


@pages.get("/matriks")
@require_role("administrator")
def whole() -> str:
    """The whole matrix as letters, with the way to each class."""
    return _whole(UploadForm(formdata=None))


def _whole(form: UploadForm, problems: list[tables.Problem] | None = None) -> str:
    db = database()
    plan = store.in_force(db)
    used = {classes.base(area.code) for area in store.areas(db, plan["id"])} if plan else set()
    shown = [kind for kind in classes.known().values() if not used or kind.code in used]
    return render_template(
        "simtaru/matrix.html", form=form, problems=problems, classes=shown, uses=matrix.uses(db),
        letters=matrix.letters(db), all=list(classes.known().values()),
    )  # fmt: skip


@pages.get("/matriks/<code>")
@require_role("administrator")
def column(code: str) -> str:
    """One class: letter and conditions for each use."""
    db = database()
    _class(code)
    said = {
        use_id: (rules.LETTER_OF[rule.verdict], rule.conditions, rule.conditions_en)
        for use_id, rule in matrix.of_class(db, code).items()
    }
    return _column(code, said, [])


def _class(code: str) -> classes.ZoneClass:
    if code not in classes.known():
        abort(404)
    return classes.known()[code]


def _column(code: str, said: Mapping[int, Cell], wrong: list[sqlite3.Row]) -> str:
    return render_template(
        "simtaru/matrix_class.html", kind=_class(code), uses=matrix.uses(database()), said_rules=said, wrong=wrong,
        letters=[letter for letter in LETTERS if letter], longest=LONGEST,
    )  # fmt: skip


@pages.post("/matriks/<code>")
@require_role("administrator")
def save_column(code: str) -> View:
    """Lay down one class; limits and conditions must be named where the letter is T or B."""
    _class(code)
    uses = matrix.uses(database())
    cells = {use["id"]: _cell(use["id"]) for use in uses}
    wrong = [use for use in uses if LETTERS[cells[use["id"]][0]] in NEEDS_WORDS and not cells[use["id"]][1]]
    if wrong:
        return _column(code, cells, wrong), 400
    matrix.save_class(database(), code, cells)
    flash(_("The rules of %(code)s were saved.", code=code), "good")
    return redirect(url_for("lists.column", code=code), 303)


def _cell(use_id: int) -> Cell:
    """What was typed for one use; an unknown letter says nothing, and what is not allowed needs no condition."""
    letter, *words = (request.form.get(f"{name}-{use_id}", "") for name in ("letter", "words", "english"))
    letter = letter if letter in LETTERS else ""
    texts = [" ".join(text.split())[:LONGEST] for text in words]
    return (letter, texts[0], texts[1]) if LETTERS[letter] in NEEDS_WORDS else (letter, "", "")


@pages.post("/matriks")
@require_role("administrator")
def take_matrix() -> View:
    """Rules from a CSV file, added to those there are or in their place."""
    form, db = UploadForm(), database()
    if not form.validate_on_submit():
        return _whole(form), 400
    read = tables.read(form.file.data.stream, _matrix_columns(db))
    problems = read.problems or _unsaid(read)
    if problems or not read.rows:
        return _whole(form, problems or [tables.Problem(1, "", _("The file has no rows."))]), 422
    taken = [(row["class"], row["use"], (row["letter"], row["words"] or "", row["english"] or "")) for row in read.rows]
    count = matrix.take_in(db, taken, bool(form.replace.data))
    flash(_("%(count)s rules were taken in.", count=count), "good")
    return redirect(url_for("lists.whole"), 303)


def _matrix_columns(db: sqlite3.Connection) -> dict[str, Column]:
    uses = {row["code"]: row["id"] for row in matrix.uses(db, also_closed=True)}
    known = {code: code for code in classes.known()}
    return {
        "class": Column("zona", tables.one_of(known), longest=20),
        "use": Column("kegiatan", tables.one_of(uses), longest=30),
        "letter": Column("ketentuan", tables.one_of({letter: letter for letter in LETTERS if letter}), longest=1),
        "words": Column("syarat", required=False, longest=LONGEST),
        "english": Column("syarat_en", required=False, longest=LONGEST),
    }


def _unsaid(read: Read) -> list[tables.Problem]:
    """T and B without words, by their lines."""
    bare = [
        line
        for line, row in zip(read.lines, read.rows, strict=True)
        if LETTERS[row["letter"]] in NEEDS_WORDS and not row["words"]
    ]
    sentence = _("T needs its limit and B its condition, in words.")
    return [tables.Problem(line, "syarat", sentence) for line in bare][: tables.MOST_PROBLEMS]


@pages.get("/matriks.csv")
@require_role("administrator")
def matrix_file() -> Response:
    """The matrix as CSV; the example where the city has laid down nothing yet."""
    db = database()
    if matrix.is_empty(db):
        rows = ((code, use, letter, words, english) for code, use, letter, words, english in uses_file.example())
        return tables.csv_response("contoh-matriks", HEADINGS, rows)
    return tables.csv_response("matriks", HEADINGS, [tuple(row) for row in matrix.everything(db)])


@pages.route("/kegiatan", methods=["GET", "POST"])
@require_role("administrator")
def uses() -> View:
    """The uses; add one."""
    form = UseForm()
    if not form.validate_on_submit():
        return _uses(form), 400 if form.is_submitted() else 200
    values = (form.code.data, form.name.data, form.name_en.data or "", form.family.data)
    try:
        with transaction() as db:
            db.execute("INSERT INTO land_use (code, name, name_en, family) VALUES (?, ?, ?, ?)", values)
    except sqlite3.IntegrityError:
        form.code.errors = [_("This code is taken.")]
        return _uses(form), 409
    flash(_("The use was added. Lay down where it is allowed in the matrix."), "good")
    return redirect(url_for("lists.uses"), 303)


def _uses(form: UseForm) -> str:
    return render_template("simtaru/admin_uses.html", form=form, uses=matrix.uses(database(), also_closed=True))


@pages.route("/kegiatan/<code>", methods=["GET", "POST"])
@require_role("administrator")
def use(code: str) -> View:
    """Change the names of a use."""
    found = matrix.use(database(), code) or abort(404)
    form = UseForm(data=dict(found))
    del form.code
    if not form.validate_on_submit():
        page = render_template("simtaru/admin_use.html", form=form, use=found)
        return page, 400 if form.is_submitted() else 200
    values = (form.name.data, form.name_en.data or "", form.family.data, found["id"])
    with transaction() as db:
        db.execute("UPDATE land_use SET name = ?, name_en = ?, family = ? WHERE id = ?", values)
    flash(_("Saved."), "good")
    return redirect(url_for("lists.uses"), 303)


@pages.post("/kegiatan/<code>/pakai")
@require_role("administrator")
def turn(code: str) -> Answer:
    """Close a use or open it again; its rules stay."""
    found = matrix.use(database(), code) or abort(404)
    with transaction() as db:
        active = int(request.form.get("active") == "1")
        db.execute("UPDATE land_use SET active = ? WHERE id = ?", (active, found["id"]))
    flash(_("Saved."), "good")
    return redirect(url_for("lists.uses"), 303)


@pages.route("/tempat", methods=["GET", "POST"])
@require_role("administrator")
def places() -> View:
    """The gazetteer: how many places, the first of them, and a new file in their place."""
    form = UploadForm()
    del form.replace
    if not form.validate_on_submit():
        return _places(form, []), 400 if form.is_submitted() else 200
    read = tables.read(form.file.data.stream, _landmark_columns(), landmarks.MOST_ROWS)
    if read.problems:
        return _places(form, read.problems), 422
    landmarks.replace(database(), read.rows)
    flash(_("%(count)s places were taken in.", count=len(read.rows)), "good")
    return redirect(url_for("lists.places"), 303)


def _places(form: UploadForm, problems: list[tables.Problem]) -> str:
    db = database()
    rows = landmarks.listing(db, addresses.number(AFTER) or 0, PAGE + 1)
    more = len(rows) > PAGE
    links = addresses.page_links(after=rows[PAGE - 1]["id"] if more else None)
    return render_template(
        "simtaru/admin_places.html", form=form, problems=problems, rows=rows[:PAGE], count=landmarks.count(db),
        next=links["next"],
        features=[parts.point((row["lon"], row["lat"]), row["name"], "info") for row in rows[:PAGE]],
    )  # fmt: skip


def _landmark_columns() -> dict[str, Column]:
    return {
        "name": Column("nama", longest=120),
        "kind": Column("jenis", required=False, longest=60),
        "address": Column("alamat", required=False, longest=160),
        "kelurahan": Column("kelurahan", required=False, longest=60),
        "lat": Column("lintang", lambda text: _coordinate(text, latitude=True), longest=20),
        "lon": Column("bujur", lambda text: _coordinate(text, latitude=False), longest=20),
    }


def _coordinate(text: str, latitude: bool) -> float:
    place: Point | None = rules.place_of(text, "117") if latitude else rules.place_of("0", text)
    if place is None:
        raise ValueError(_("Write decimal degrees in Indonesia, like 0.1234 or 117.4821."))
    return place[1] if latitude else place[0]


@pages.get("/tempat.csv")
@require_role("administrator")
def places_file() -> Response:
    """The gazetteer as CSV."""
    query = "SELECT name, kind, address, kelurahan, lat, lon FROM landmark ORDER BY id"
    return tables.csv_response("tempat", LANDMARK_HEADINGS, [tuple(row) for row in database().execute(query)])
