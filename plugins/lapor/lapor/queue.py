"""The officers' queue under /kerja: what waits, by state and deadline, and one act on many reports."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from lumbung_plugin import database, offices, person, require_role, staff, today
from werkzeug.wrappers import Response

from lapor import asked, lists, places, store, work
from lapor.days import next_deadline, reminder_day
from lapor.rules import Act, State
from lapor.staff_forms import BulkForm, office_choices
from lapor.store import Filters
from lapor.words import REFUSALS

pages = Blueprint("queue", __name__, url_prefix="/kerja")

View = str | Response | tuple[str, int]
# What waits longest comes first, except in what is done.
DONE = (State.ANSWERED, State.REJECTED, State.DUPLICATE, State.WITHDRAWN)
# Tabs that are no state: past the deadline, and near it.
LATE, SOON = "late", "soon"


@pages.get("")
@require_role("operator")
def show() -> View:
    return _page(BulkForm(formdata=None))


@pages.post("")
@require_role("operator")
def many() -> View:
    """One act on every ticked report of a page."""
    form = BulkForm()
    form.office_id.choices = office_choices(database())
    numbers = list(dict.fromkeys(request.form.getlist("number")))[: store.PAGE]
    if not numbers:
        flash(_("Tick at least one report first."), "warn")
        return redirect(_back())
    if not form.validate_on_submit():
        return _page(form, numbers), 400
    db, what = database(), Act(form.act.data)
    done = work.act_on_many(
        db,
        numbers,
        what,
        staff().name,
        form.text.data or "",
        office_id=form.office_id.data if what is Act.ASSIGN else None,
        deadline=next_deadline(today()) if what is Act.ASSIGN else None,
    )
    if done.done:
        flash(ngettext("%(num)d report is done.", "%(num)d reports are done.", done.done), "good")
    for number, refusal in done.refused:
        flash(f"{number}: {REFUSALS[refusal]}", "warn")
    return redirect(_back())


def _page(form: BulkForm, ticked: Sequence[str] = ()) -> str:
    db = database()
    # First: the registry's list may tell which office this officer works for.
    listed = offices.listing(db)
    wanted, tab = _wanted(db)
    form.office_id.choices = office_choices(db)
    page = store.page(db, wanted, public=False, oldest_first=wanted.state not in DONE, **asked.keys())
    return render_template(
        "lapor/queue.html",
        page=page,
        wanted=wanted,
        tab=tab,
        around=asked.around(page),
        counts=_counts(db, wanted),
        categories=lists.categories(db, all_of_them=True),
        offices=listed,
        kelurahan=places.kelurahan(),
        today=today().isoformat(),
        form=form,
        ticked=ticked,
    )


def _wanted(db: sqlite3.Connection) -> tuple[Filters, str]:
    """The filters of the address and the tab they are; without any, what waits for triage or, for an OPD's officer,
    their own work."""
    wanted, status = asked.filters(), request.args.get("status")
    if status == LATE:
        return replace(wanted, due_before=today().isoformat()), LATE
    if status == SOON:
        return replace(wanted, due_before=_after_reminder(db)), SOON
    if status is not None:
        return wanted, wanted.state
    own = offices.of(db, person())
    state = State.ASSIGNED if own else State.NEW
    return replace(wanted, state=state, office=wanted.office if "opd" in request.args else own), state


def _after_reminder(db: sqlite3.Connection) -> str:
    return (reminder_day(today()) + timedelta(days=1)).isoformat()


def _counts(db: sqlite3.Connection, wanted: Filters) -> dict[str, int]:
    """How many reports stand under each tab with open work, within the chosen office."""
    office = "AND office_id = ?" if wanted.office else ""
    values = (wanted.office,) if wanted.office else ()
    rows = db.execute(
        "SELECT state, count(*) AS n FROM report WHERE state IN ('new', 'accepted', 'assigned') "  # noqa: S608
        f"{office} GROUP BY state",
        values,
    )
    index = "" if wanted.office else "INDEXED BY report_deadline"
    due = f"SELECT count(*) FROM report {index} WHERE state IN ('accepted', 'assigned') AND deadline < ? "  # noqa: S608
    late, soon = (
        db.execute(due + office, (day, *values)).fetchone()[0] for day in (today().isoformat(), _after_reminder(db))
    )
    return {**{row["state"]: row["n"] for row in rows}, LATE: late, SOON: soon}


def _back() -> str:
    """The queue as it was asked for: only its own arguments, so that nobody is led elsewhere."""
    return f"{url_for('.show')}?{request.query_string.decode('ascii', 'replace')}"
