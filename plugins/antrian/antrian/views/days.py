"""The administrator's calendar: holidays that close the counters by themselves, and days that differ."""

from datetime import date, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from lumbung_plugin import clock, database, require_role
from werkzeug.wrappers import Response

from antrian import messages, office, opening, store
from antrian.forms import DayForm
from antrian.models import Refused

pages = Blueprint("days", __name__, url_prefix="/admin/libur")

AHEAD = timedelta(days=365)


@pages.route("", methods=["GET", "POST"])
@require_role("administrator")
def show() -> str | Response | tuple[str, int]:
    """The public holidays of a year ahead, and what the administrator said of single days."""
    form, refusal, today = DayForm(), "", clock.today()
    if form.validate_on_submit():
        try:
            held = office.set_day(database(), form.day.data, form.reason.data or "", today, form.kind.data)
            _tell(form.kind.data, held)
            return redirect(url_for("days.show"), 303)
        except Refused as refused:
            refusal = messages.sentence(refused)
    said = {date.fromisoformat(day): value for day, value in store.special_days(database(), today.isoformat()).items()}
    page = render_template(
        "antrian/days.html",
        form=form,
        refusal=refusal,
        said=said,
        holidays=opening.holidays_ahead(today, today + AHEAD),
    )
    return (page, 422) if refusal or form.errors else page


@pages.post("/<day>/hapus")
@require_role("administrator")
def clear(day: str) -> Response:
    """Take back what was said of a day."""
    try:
        office.clear_day(database(), date.fromisoformat(day))
    except ValueError:
        abort(404)
    flash(gettext("The day is again as the week and the calendar have it."), "good")
    return redirect(url_for("days.show"), 303)


def _tell(kind: str, held: int) -> None:
    if kind == "open":
        flash(gettext("The day is open: numbers can be taken in the hours of the week."), "good")
    elif held:
        flash(
            gettext("The day is closed. %(count)s people already hold a number for it: tell them.", count=held), "warn"
        )
    else:
        flash(gettext("The day is closed; nobody held a number for it."), "good")
