"""The administrator's pages under /admin: categories, reminders, the city's map, and the export."""

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from lumbung_plugin import database, offices, require_role, today, transaction
from lumbung_plugin.forms import choices
from lumbung_plugin.tables import csv_response
from werkzeug.wrappers import Response as BaseResponse

from lapor import export, lists, places
from lapor.places import MapRefusal
from lapor.staff_forms import CategoryForm, ExportForm, MapForm, ReminderForm

pages = Blueprint("admin", __name__, url_prefix="/admin")

View = str | BaseResponse | tuple[str, int]


@pages.get("")
@require_role("administrator")
def overview() -> View:
    return render_template("lapor/admin.html", categories=lists.categories(database(), all_of_them=True))


@pages.route("/kategori", methods=["GET", "POST"], defaults={"row_id": None})
@pages.route("/kategori/<int:row_id>", methods=["GET", "POST"])
@require_role("administrator")
def category(row_id: int | None) -> View:
    db = database()
    row = db.execute("SELECT * FROM category WHERE id = ?", (row_id,)).fetchone()
    if row_id is not None and row is None:
        abort(404)
    form = CategoryForm(data=dict(row) if row else None)
    form.office_id.choices = choices(((one["id"], one["name"]) for one in offices.listing(db)), _("None"))
    if not form.validate_on_submit():
        page = render_template("lapor/edit.html", form=form, title=_("Category"))
        return page, 400 if form.is_submitted() else 200
    with transaction() as held:
        saved = lists.save_category(
            held, row_id, form.name.data, form.name_en.data or "", form.office_id.data, form.active.data
        )
    words = _("Saved.") if saved else _("Nothing was changed: there is already one with this name.")
    flash(words, "good" if saved else "warn")
    return redirect(url_for(".overview"))


@pages.route("/pengingat", methods=["GET", "POST"])
@require_role("administrator")
def reminders() -> View:
    """Where each office's reminders go; one small form each."""
    offices.listing(database())
    form = ReminderForm()
    wrong = form if form.is_submitted() and not form.validate() else None
    if form.is_submitted() and not wrong:
        if not any(row["id"] == form.office_id.data for row in lists.reminders(database())):
            abort(404)
        with transaction() as held:
            lists.save_reminder(held, form.office_id.data, form.email.data or "")
        flash(_("Saved."), "good")
        return redirect(url_for(".reminders"))
    rows = [(row, _reminder_form(row["id"], row["email"], wrong)) for row in lists.reminders(database())]
    return render_template("lapor/reminders.html", rows=rows), 400 if wrong else 200


@pages.route("/peta", methods=["GET", "POST"])
@require_role("administrator")
def city_map() -> View:
    """The city's own map: what lies beneath the reports."""
    form = MapForm()
    if form.validate_on_submit():
        taken = places.take(form.file.data.stream)
        if not isinstance(taken, MapRefusal):
            flash(_("The map is in use. Areas on it: %(count)s.", count=taken), "good")
            return redirect(url_for(".city_map"))
        form.file.errors = [places.words(taken)]
    page = render_template("lapor/city_map.html", form=form, outline=places.outline(), own=places.own_map().is_file())
    return page, 400 if form.is_submitted() else 200


@pages.post("/peta/hapus")
@require_role("administrator")
def remove_map() -> View:
    places.own_map().unlink(missing_ok=True)
    flash(_("The city's map is removed."), "good")
    return redirect(url_for(".city_map"))


@pages.get("/ekspor")
@require_role("administrator")
def exporting() -> View:
    last = today()
    return render_template(
        "lapor/export.html", form=ExportForm(formdata=None, data={"start": last - timedelta(days=90), "end": last})
    )


@pages.post("/ekspor")
@require_role("administrator")
def download() -> View:
    form = ExportForm()
    if not form.validate_on_submit():
        return render_template("lapor/export.html", form=form), 400
    start, end, contacts = form.start.data.isoformat(), form.end.data.isoformat(), form.contacts.data
    rows = export.rows(start, end, form.state.data or "", contacts)
    return csv_response(f"lapor-{start}-{end}", export.columns(contacts), rows)


def _reminder_form(office_id: int, email: str, wrong: ReminderForm | None) -> ReminderForm:
    """The form of one office; the one that was refused keeps what was typed and why."""
    if wrong is not None and wrong.office_id.data == office_id:
        return wrong
    return ReminderForm(formdata=None, data={"office_id": office_id, "email": email})
