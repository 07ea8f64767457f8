"""The operators' inbox: each mention becomes a report, is answered, or is set aside for a reason."""

import json
import sqlite3
from datetime import datetime, time
from typing import IO
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, city, clock, database, offices, require_role, staff, transaction
from lumbung_plugin.tables import Column, Problem, day, one_of
from lumbung_plugin.tables import read as read_table
from werkzeug.wrappers import Response

from kanal import accounts, figures, incoming, mentions, rules, sending, words
from kanal.forms import AnswerForm, ImportForm, ReportForm, SetAsideForm
from kanal.platforms import PLATFORMS
from kanal.rules import State
from kanal.sending import Outcome, Sent

pages = Blueprint("inbox", __name__, url_prefix="/kerja")

View = str | Response | tuple[str, int]
MOST_ROWS = 2_000
TITLE_LENGTH = 80


@pages.get("")
@require_role("operator")
def overview() -> str:
    """Mentions by state."""
    db = database()
    office, state = accounts.staff_office(db), addresses.choice("keadaan", set(State)) or State.NEW
    platform = addresses.choice("platform", set(PLATFORMS)) or None
    found = mentions.listed(db, state, office, platform, addresses.number(addresses.AFTER))
    more = found[-2]["id"] if len(found) > mentions.PER_PAGE else None
    return render_template(
        "kanal/inbox.html", mentions=found[: mentions.PER_PAGE], state=State(state), platform=platform,
        counts=mentions.counts(db, office), links=addresses.page_links(after=more), due=accounts.overdue(db, office),
    )  # fmt: skip


@pages.get("/sebutan/<int:mention_id>")
@require_role("operator")
def show(mention_id: int) -> str:
    """One mention, and all one can do about it."""
    row = _mention(mention_id)
    return _page(
        row, ReportForm(formdata=None, data=_draft(row)), AnswerForm(formdata=None, data={"text": row["answer"]})
    )


@pages.post("/sebutan/<int:mention_id>/laporan")
@require_role("operator")
def report(mention_id: int) -> View:
    """Make it a report of lapor; when lapor does not take it now, it is kept and tried again."""
    row, form = _mention(mention_id), ReportForm()
    _allowed(row, State.SENDING, also=State.SENDING)
    if not form.validate_on_submit():
        return _page(row, form, AnswerForm(formdata=None)), 422
    draft = {name: form[name].data for name in ("kind", "title", "body", "kelurahan", "category")}
    with transaction() as db:
        mentions.queue(db, mention_id, draft, staff().name)
    _say(sending.send(database(), _mention(mention_id)))
    return redirect(url_for("inbox.show", mention_id=mention_id), 303)


@pages.post("/sebutan/<int:mention_id>/keadaan")
@require_role("operator")
def refresh(mention_id: int) -> Response:
    """Ask lapor how the report stands."""
    row = _mention(mention_id)
    if row["report_number"] and not sending.follow(database(), row):
        flash(_("Lapor does not tell just now. What you see is what it told last."), "warn")
    return redirect(url_for("inbox.show", mention_id=mention_id), 303)


@pages.post("/sebutan/<int:mention_id>/jawab")
@require_role("operator")
def answer(mention_id: int) -> View:
    """Keep what was answered at the platform."""
    row, form = _mention(mention_id), AnswerForm()
    if row["state"] != State.REPORTED:
        _allowed(row, State.ANSWERED, also=State.ANSWERED)
    if not form.validate_on_submit():
        return _page(row, ReportForm(formdata=None, data=_draft(row)), form), 422
    with transaction() as db:
        if row["state"] == State.REPORTED:
            db.execute("UPDATE mention SET answer = ? WHERE id = ?", (form.text.data, mention_id))
        else:
            mentions.decide(db, mention_id, State.ANSWERED, staff().name, answer=form.text.data or "")
    flash(_("Kept: this is what was answered."), "good")
    return redirect(url_for("inbox.show", mention_id=mention_id), 303)


@pages.post("/sebutan/<int:mention_id>/<any(irrelevant, spam, new):wanted>")
@require_role("operator")
def set_aside(mention_id: int, wanted: str) -> Response:
    """Set aside for a reason, or take back into the inbox."""
    row, form = _mention(mention_id), SetAsideForm()
    _allowed(row, State(wanted))
    if wanted != State.NEW and not form.validate_on_submit():
        flash(_("Choose a reason."), "wrong")
        return redirect(url_for("inbox.show", mention_id=mention_id), 303)
    with transaction() as db:
        reason = "" if wanted == State.NEW else str(form.reason.data)
        mentions.decide(db, mention_id, State(wanted), staff().name, reason)
    flash(_("Back in the inbox.") if wanted == State.NEW else _("Set aside."), "good")
    return redirect(url_for("inbox.overview"), 303)


@pages.post("/sebutan/<int:mention_id>/unit")
@require_role("operator")
def assign(mention_id: int) -> Response:
    """Give it to an office."""
    _mention(mention_id)
    known = {one["id"] for one in offices.all(database())}
    chosen = request.form.get("office_id", type=int)
    if chosen not in known:
        abort(422, _("Choose one of the offices."))
    with transaction() as db:
        mentions.assign(db, mention_id, chosen)
    flash(_("Given to the office."), "good")
    return redirect(url_for("inbox.overview"), 303)


@pages.route("/impor", methods=["GET", "POST"])
@require_role("operator")
def load() -> View:
    """Mentions from a CSV file: all of it or nothing."""
    form = ImportForm()
    if not form.validate_on_submit():
        return render_template("kanal/import.html", form=form, problems=[]), 422 if form.errors else 200
    found, problems = _read(form.file.data.stream)
    if problems:
        return render_template("kanal/import.html", form=form, problems=problems), 422
    with transaction() as db:
        if mentions.full(db):
            abort(409, _("No more mentions can be kept until older ones are forgotten."))
        new = mentions.take(db, found, "csv")
    flash(_("%(new)s new mentions; %(known)s were known already.", new=new, known=len(found) - new), "good")
    return redirect(url_for("inbox.overview"), 303)


@pages.get("/waktu")
@require_role("operator")
def speed() -> str:
    """How fast each office responds."""
    db = database()
    days = 90 if addresses.number("hari") == 90 else 30
    return render_template("kanal/speed.html", rows=figures.speeds(db, days, accounts.staff_office(db)), days=days,
                           whole=figures.together(db, days))  # fmt: skip


def _read(stream: IO[bytes]) -> tuple[list[incoming.Mention], list[Problem]]:
    """The mentions of a file, and what is wrong in which line."""
    columns = {
        "id": Column("id"), "platform": Column("platform", one_of({name: name for name in PLATFORMS})),
        "text": Column("teks", longest=incoming.LONGEST_TEXT), "url": Column("alamat"),
        "at": Column("waktu", _when), "author": Column("penulis", required=False),
        "account": Column("akun", required=False),
    }  # fmt: skip
    table = read_table(stream, columns, MOST_ROWS)
    found, problems = [], list(table.problems)
    for line, row in zip(table.lines, table.rows, strict=True):
        one = incoming.read(row, clock.now())
        if isinstance(one, str):
            problems.append(Problem(line, "", one))
        else:
            found.append(one)
    return found, problems[:100]


def _when(text: str) -> str:
    """A time with or without a zone (then the city's), or a day."""
    try:
        held = datetime.fromisoformat(text) if ":" in text else datetime.combine(day(text), time())
        return (held if held.tzinfo else held.replace(tzinfo=ZoneInfo(city().timezone))).isoformat()
    except ValueError:
        raise ValueError(_("Write a time, such as 2026-11-24T08:00:00+08:00, or a day.")) from None


def _page(row: sqlite3.Row, form: ReportForm, answered: AnswerForm) -> str:
    may = {state: rules.may(row["state"], state) for state in State}
    return render_template("kanal/mention.html", mention=row, form=form, answered=answered, may=may,
                           aside=SetAsideForm(formdata=None), offices=offices.all(database()))  # fmt: skip


def _draft(row: sqlite3.Row) -> dict[str, str]:
    """What the form begins with: the last draft, else the mention itself."""
    if row["draft"]:
        return dict(json.loads(row["draft"]))
    text = row["text"] or ""
    first = " ".join(text.split())
    title = first if len(first) <= TITLE_LENGTH else first[:TITLE_LENGTH].rsplit(" ", 1)[0] + "…"
    return {"title": title, "body": text, "kind": "complaint"}


def _mention(mention_id: int) -> sqlite3.Row:
    row = mentions.found(database(), mention_id, accounts.staff_office(database()))
    if row is None:
        abort(404)
    return row


def _allowed(row: sqlite3.Row, wanted: State, also: State | None = None) -> None:
    if not rules.may(row["state"], wanted) and row["state"] != also:
        abort(409, _("Somebody else has dealt with this mention in the meantime. Open it again."))
    if row["text"] is None:
        abort(409, _("What was said has been forgotten, as the city's rules ask. Nothing more can be done."))


def _say(sent: Sent) -> None:
    if sent.outcome is Outcome.TAKEN:
        flash(_("Lapor has taken it. Copy the answer below for the citizen."), "good")
    elif sent.outcome is Outcome.REFUSED:
        flash(_("Lapor did not take it: %(words)s. Correct it and send it again.", words=sent.trouble), "wrong")
    else:
        flash(_("It is kept and sent later by itself, because %(why)s.", why=words.trouble(sent.trouble)), "warn")
