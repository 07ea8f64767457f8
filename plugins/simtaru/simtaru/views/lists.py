"""The administrator's lists: the uses and the gazetteer; by hand and by CSV."""

import sqlite3

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, require_role, tables, transaction
from lumbung_plugin.addresses import AFTER
from lumbung_plugin.tables import Column
from werkzeug.wrappers import Response as Answer

from simtaru import landmarks, matrix, rules
from simtaru.forms import UploadForm, UseForm
from simtaru.geometry import Point
from simtaru.views import parts

pages = Blueprint("lists", __name__, url_prefix="/admin")
View = str | Answer | tuple[str, int]
LANDMARK_HEADINGS = ("nama", "jenis", "alamat", "kelurahan", "lintang", "bujur")
PAGE = 50


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
