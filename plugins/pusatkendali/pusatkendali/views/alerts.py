"""Alerts: what stands, what was, and taking notice."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, require_role
from werkzeug.wrappers import Response

from pusatkendali import alerts, files
from pusatkendali.forms import ReadForm
from pusatkendali.views.marks import me
from pusatkendali.words import REFUSALS

pages = Blueprint("alerts", __name__, url_prefix="/kerja/peringatan")


@pages.get("")
@require_role("operator")
def show() -> str:
    """Standing alerts with their dispositions, and the history below."""
    db = database()
    rows, last = alerts.past(db, addresses.number(addresses.AFTER))
    standing = [(row, files.of_alert(db, row["id"])) for row in alerts.standing(db)]
    return render_template(
        "pusatkendali/alerts.html",
        standing=standing,
        past=rows,
        around=addresses.page_links(after=last),
        form=ReadForm(formdata=None),
    )


@pages.post("/<int:alert_id>/baca")
@require_role("administrator")
def read(alert_id: int) -> Response:
    """Take notice, with a note."""
    form = ReadForm()
    if not form.validate_on_submit():
        flash(" ".join(str(text) for errors in form.errors.values() for text in errors), "wrong")
        return redirect(url_for(".show"))
    refusal = alerts.read(database(), alert_id, me(), form.note.data or "")
    flash(
        str(REFUSALS[refusal]) if refusal else _("Noticed; your name stands beside it."), "warn" if refusal else "good"
    )
    return redirect(url_for(".show"))
