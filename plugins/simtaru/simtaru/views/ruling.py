"""The matrix of a version of the plan, for the administrator: class by class, and by CSV."""

import sqlite3
from collections.abc import Mapping

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, require_role, tables
from lumbung_plugin.tables import Column, Read
from werkzeug.wrappers import Response as Answer

from simtaru import classes, matrix, rules, store, uses_file
from simtaru.forms import UploadForm
from simtaru.matrix import Cell
from simtaru.rules import LETTERS, NEEDS_WORDS, State

pages = Blueprint("ruling", __name__, url_prefix="/admin")
View = str | Answer | tuple[str, int]
LONGEST = 300
HEADINGS = ("zona", "kegiatan", "ketentuan", "syarat", "syarat_en")


def _version() -> sqlite3.Row | None:
    """The version whose matrix is meant: the one of the address, else the latest draft, else the plan in force."""
    db = database()
    wanted = addresses.number("rencana")
    if wanted is not None:
        return store.plan(db, wanted) or abort(404)
    return next(iter(store.plans(db, drafts=True)), None)


def _editable(plan: sqlite3.Row | None) -> sqlite3.Row | None:
    """The same, for a change: a version that is or was in force answers 409. None is before the first plan."""
    if plan is not None and plan["state"] != State.DRAFT:
        abort(409, _("The rules of a version change only while it is a draft. Make a draft from it first."))
    return plan


def _id(plan: sqlite3.Row | None) -> int | None:
    return plan["id"] if plan else None


@pages.get("/matriks")
@require_role("administrator")
def whole() -> str:
    """The whole matrix as letters, with the way to each class."""
    return _whole(UploadForm(formdata=None))


def _whole(form: UploadForm, problems: list[tables.Problem] | None = None) -> str:
    db, plan = database(), _version()
    used = {classes.base(area.code) for area in store.areas(db, plan["id"])} if plan else set()
    shown = [kind for kind in classes.known().values() if not used or kind.code in used]
    return render_template(
        "simtaru/matrix.html",
        plan=plan,
        plans=store.plans(db, drafts=True),
        form=form,
        problems=problems,
        classes=shown,
        uses=matrix.uses(db),
        letters=matrix.letters(db, _id(plan)),
        all=list(classes.known().values()),
    )


@pages.get("/matriks/<code>")
@require_role("administrator")
def column(code: str) -> str:
    """One class: letter and conditions for each use."""
    db = database()
    _class(code)
    said = {
        use_id: (rules.LETTER_OF[rule.verdict], rule.conditions, rule.conditions_en)
        for use_id, rule in matrix.of_class(db, _id(_version()), code).items()
    }
    return _column(code, said, [])


def _class(code: str) -> classes.ZoneClass:
    if code not in classes.known():
        abort(404)
    return classes.known()[code]


def _column(code: str, said: Mapping[int, Cell], wrong: list[sqlite3.Row]) -> str:
    return render_template(
        "simtaru/matrix_class.html",
        plan=_version(),
        kind=_class(code),
        uses=matrix.uses(database()),
        said_rules=said,
        wrong=wrong,
        letters=[letter for letter in LETTERS if letter],
        longest=LONGEST,
    )


@pages.post("/matriks/<code>")
@require_role("administrator")
def save_column(code: str) -> View:
    """Lay down one class; limits and conditions must be named where the letter is T or B."""
    _class(code)
    plan = _editable(_version())
    uses = matrix.uses(database())
    cells = {use["id"]: _cell(use["id"]) for use in uses}
    wrong = [use for use in uses if LETTERS[cells[use["id"]][0]] in NEEDS_WORDS and not cells[use["id"]][1]]
    if wrong:
        return _column(code, cells, wrong), 400
    matrix.save_class(database(), _id(plan), code, cells)
    flash(_("The rules of %(code)s were saved.", code=code), "good")
    return redirect(url_for("ruling.column", code=code, rencana=_id(plan)), 303)


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
    plan = _editable(_version())
    if not form.validate_on_submit():
        return _whole(form), 400
    read = tables.read(form.file.data.stream, _matrix_columns(db))
    problems = read.problems or _unsaid(read)
    if problems or not read.rows:
        return _whole(form, problems or [tables.Problem(1, "", _("The file has no rows."))]), 422
    taken = [(row["class"], row["use"], (row["letter"], row["words"] or "", row["english"] or "")) for row in read.rows]
    count = matrix.take_in(db, _id(plan), taken, bool(form.replace.data))
    flash(_("%(count)s rules were taken in.", count=count), "good")
    return redirect(url_for("ruling.whole", rencana=_id(plan)), 303)


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
    rules_of_plan = matrix.everything(database(), _id(_version()))
    if not rules_of_plan:
        rows = ((code, use, letter, words, english) for code, use, letter, words, english in uses_file.example())
        return tables.csv_response("contoh-matriks", HEADINGS, rows)
    return tables.csv_response("matriks", HEADINGS, [tuple(row) for row in rules_of_plan])
