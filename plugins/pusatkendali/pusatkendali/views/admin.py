"""The administrator: whom to ask, which figures stand where and who sees them, thresholds, addresses, the journal."""

import sqlite3

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from lumbung_plugin import database, offices, require_role, transaction
from werkzeug.wrappers import Response

from pusatkendali import alerts, gathering, journal, sources
from pusatkendali.alerts import Wish
from pusatkendali.forms import ContactForm, FigureForm, ThresholdForm
from pusatkendali.models import Refusal, Side
from pusatkendali.views.marks import me
from pusatkendali.words import REFUSALS

pages = Blueprint("admin", __name__, url_prefix="/admin")

View = str | Response | tuple[str, int]


@pages.get("")
@require_role("administrator")
def home() -> str:
    """How it stands with each sibling, and what to do about it."""
    db = database()
    return render_template("pusatkendali/sources.html", sources=sources.all(db), journal=journal.last(db))


@pages.post("/sumber/tanya")
@require_role("administrator")
def ask() -> Response:
    """Ask everybody now."""
    db = database()
    heard = gathering.gather(db, gathering.BRISK)
    flash(_("Asked. %(heard)s of %(all)s apps told their figures.", heard=heard, all=len(sources.active(db))), "info")
    return redirect(url_for(".home"))


@pages.post("/sumber/<app>")
@require_role("administrator")
def turn(app: str) -> Response:
    """Stop asking a sibling, or ask it again: `active` is 1 or 0."""
    if app not in sources.known():
        abort(404)
    on = request.form.get("active") == "1"
    with transaction() as db:
        db.execute("UPDATE source SET active = ? WHERE app = ?", (int(on), app))
        journal.write(db, me(), "source-on" if on else "source-off", sources.known()[app].name)
    return redirect(url_for(".home"))


@pages.get("/angka")
@require_role("administrator")
def figures() -> str:
    rows = database().execute("SELECT * FROM figure ORDER BY theme, position, app, id").fetchall()
    return render_template("pusatkendali/admin_figures.html", rows=rows)


@pages.get("/angka/<int:figure_id>")
@require_role("administrator")
def figure(figure_id: int) -> str:
    row = _figure(figure_id)
    return _figure_page(row, FigureForm(formdata=None, data=dict(row)))


@pages.post("/angka/<int:figure_id>")
@require_role("administrator")
def save_figure(figure_id: int) -> View:
    row, form = _figure(figure_id), FigureForm()
    if not form.validate_on_submit():
        return _figure_page(row, form), 422
    released = bool(form.released.data)
    with transaction() as db:
        db.execute(
            "UPDATE figure SET theme = ?, position = ?, released = ?, hidden = ? WHERE id = ?",
            (form.theme.data, form.position.data, int(released), int(bool(form.hidden.data)), figure_id),
        )
        changed = (
            ("figure-released" if released else "figure-withheld") if released != row["released"] else "figure-saved"
        )
        journal.write(db, me(), changed, row["label_id"])
    flash(_("Saved."), "good")
    return redirect(url_for(".figures"))


@pages.get("/ambang")
@require_role("administrator")
def thresholds() -> str:
    return render_template("pusatkendali/thresholds.html", rows=alerts.thresholds(database()))


@pages.get("/ambang/baru")
@require_role("administrator")
def new_threshold() -> str:
    """Choose the figure first."""
    rows = database().execute("SELECT * FROM figure WHERE hidden = 0 ORDER BY theme, position, app, id").fetchall()
    return render_template("pusatkendali/threshold_new.html", rows=rows)


@pages.route("/angka/<int:figure_id>/ambang", methods=["GET", "POST"])
@require_role("administrator")
def add_threshold(figure_id: int) -> View:
    return _threshold(_figure(figure_id), None, ThresholdForm())


@pages.route("/ambang/<int:threshold_id>", methods=["GET", "POST"])
@require_role("administrator")
def threshold(threshold_id: int) -> View:
    row = next((one for one in alerts.thresholds(database()) if one["id"] == threshold_id), None)
    if row is None:
        abort(404)
    return _threshold(_figure(row["figure_id"]), row, ThresholdForm(data=dict(row)))


@pages.post("/ambang/<int:threshold_id>/hapus")
@require_role("administrator")
def remove_threshold(threshold_id: int) -> Response:
    alerts.remove(database(), threshold_id, me())
    flash(_("The threshold is gone; its alerts stay in the history."), "good")
    return redirect(url_for(".thresholds"))


@pages.get("/kontak")
@require_role("administrator")
def contacts() -> str:
    return _contacts(ContactForm(formdata=None))


@pages.post("/kontak/<int:office_id>")
@require_role("administrator")
def save_contact(office_id: int) -> View:
    """Where an office's reminders go; an empty address takes it away."""
    form, db = ContactForm(), database()
    office = next((row for row in offices.all(db) if row["id"] == office_id), None)
    if office is None:
        abort(404)
    if not form.validate_on_submit():
        return _contacts(form, office_id), 422
    with transaction() as db:
        if form.email.data:
            db.execute("INSERT OR REPLACE INTO contact (office_id, email) VALUES (?, ?)", (office_id, form.email.data))
        else:
            db.execute("DELETE FROM contact WHERE office_id = ?", (office_id,))
        journal.write(db, me(), "contact-saved", office["name"])
    flash(_("Saved."), "good")
    return redirect(url_for(".contacts"))


def _figure(figure_id: int) -> sqlite3.Row:
    row: sqlite3.Row | None = database().execute("SELECT * FROM figure WHERE id = ?", (figure_id,)).fetchone()
    if row is None:
        abort(404, _("There is no such figure."))
    return row


def _figure_page(row: sqlite3.Row, form: FigureForm) -> str:
    return render_template("pusatkendali/admin_figure.html", row=row, form=form)


def _threshold(figure: sqlite3.Row, row: sqlite3.Row | None, form: ThresholdForm) -> View:
    """Show the form, or save what was posted."""
    status = 200
    if form.is_submitted():
        refusal = _saved(figure, row, form) if form.validate() else Refusal.UNKNOWN
        if refusal is None:
            flash(_("Saved. The threshold holds from now on."), "good")
            return redirect(url_for(".thresholds"))
        if refusal is not Refusal.UNKNOWN:
            form.clear.errors = [str(REFUSALS[refusal])]
        status = 422
    return render_template("pusatkendali/threshold.html", figure=figure, row=row, form=form), status


def _saved(figure: sqlite3.Row, row: sqlite3.Row | None, form: ThresholdForm) -> Refusal | None:
    wish = Wish(
        Side(form.side.data),
        form.bound.data,
        form.clear.data,
        form.minutes.data,
        form.note.data or "",
        bool(form.active.data),
    )
    return alerts.save(database(), figure["id"], row["id"] if row else None, wish, me())


def _contacts(form: ContactForm, wrong: int | None = None) -> str:
    db = database()
    emails = {row["office_id"]: row["email"] for row in db.execute("SELECT * FROM contact")}
    return render_template(
        "pusatkendali/contacts.html", offices=offices.listing(db), emails=emails, form=form, wrong=wrong
    )
