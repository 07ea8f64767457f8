"""The applicant: ask for a statement, follow it by number and code, take it home, or have it forgotten."""

import sqlite3
from datetime import timedelta

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from lumbung_plugin import codes, database, public_url, stuffing, today
from lumbung_plugin.workdays import add_working_days
from werkzeug.wrappers import Response as Answer

from simtaru import config, matrix, rules, statements, store
from simtaru.forms import AskForm, FollowForm
from simtaru.rules import Stage
from simtaru.statements import Asked
from simtaru.views import parts

pages = Blueprint("applicant", __name__)
View = str | Answer | tuple[str, int]

MOST_TOGETHER = 60
WINDOW = timedelta(minutes=10)
MOST_TRIES = 20
AROUND = 1_000.0
"""Metres around a place whose zones the map of a letter may show."""


@pages.route("/permohonan", methods=["GET", "POST"])
def ask() -> View:
    """Ask for a statement of zoning; the place may come from a look-up."""
    db = database()
    plan = store.in_force(db)
    if plan is None:
        return render_template("simtaru/empty.html")
    form = AskForm()
    form.use.choices = parts.use_choices(_("Not decided yet"))
    if request.method == "GET":
        _fill(form)
    if request.method == "POST" and stuffing.hidden():
        return redirect(url_for("applicant.follow"), 303)
    if not form.validate_on_submit():
        return _asking(form, plan, 400 if form.is_submitted() else 200)
    if _stuffed(db):
        form.form_errors.append(_("Too many requests came in just now. Please try again in an hour."))
        return _asking(form, plan, 429)
    place = form.place() or abort(400)
    if not store.at(db, plan["id"], place):
        form.lat.errors = [_("This place lies outside of the plan, so there is nothing to state about it.")]
        return _asking(form, plan, 400)
    return _taken(form, place)


def _fill(form: AskForm) -> None:
    """From the look-up the visitor comes from."""
    place = rules.place_of(request.args.get("lat", ""), request.args.get("lon", ""))
    if place:
        form.lat.data, form.lon.data = str(place[1]), str(place[0])
    form.use.data = request.args.get("use", "")


def _asking(form: AskForm, plan: sqlite3.Row, status: int) -> tuple[str, int]:
    db = database()
    base = [parts.outline(zone) for zone in store.zones(db, plan["id"])]
    centre = parts.centre(db, plan)
    days = config.working_days()
    return render_template("simtaru/ask.html", form=form, base=base, centre=centre, plan=plan, days=days), status


def _stuffed(db: sqlite3.Connection) -> bool:
    return not stuffing.allowed(session, "asked") or stuffing.too_many(
        db, "request", "created_at", MOST_TOGETHER, WINDOW
    )


def _taken(form: AskForm, place: rules.Point) -> Answer:
    db = database()
    use = matrix.use(db, form.use.data or "")
    asked = Asked(
        form.name.data or "", form.phone.data or "", form.address.data or "", form.purpose.data, place,
        use["id"] if use else None,
    )  # fmt: skip
    due = add_working_days(today(), config.working_days())
    number, code = statements.ask(db, asked, due.isoformat())
    stuffing.count(session, "asked")
    _open(number)
    session["fresh"] = [number, code]
    return redirect(url_for("applicant.show", number=number), 303)


@pages.route("/ikuti", methods=["GET", "POST"])
def follow() -> View:
    """Open a request by its number and code."""
    form = FollowForm()
    if not form.validate_on_submit():
        return render_template("simtaru/follow.html", form=form), 400 if form.is_submitted() else 200
    if not stuffing.allowed(session, "tried", MOST_TRIES):
        form.form_errors.append(_("Too many tries. Please wait an hour."))
        return render_template("simtaru/follow.html", form=form), 429
    stuffing.count(session, "tried")
    number = (form.number.data or "").upper()
    found = statements.find(database(), number)
    if found is None or not codes.matches(form.code.data or "", found["code_hash"]):
        form.form_errors.append(_("There is no request with this number and code. Look at the note you took."))
        return render_template("simtaru/follow.html", form=form), 404
    _open(number)
    return redirect(url_for("applicant.show", number=number), 303)


def _open(number: str) -> None:
    """This browser may see the request from now on; the code itself is in no address."""
    mine = session.get("mine", [])
    session["mine"] = [*(one for one in mine if one != number), number][-10:]


def _mine(number: str) -> sqlite3.Row:
    found = statements.find(database(), number) if number in session.get("mine", []) else None
    if found is None:
        abort(403, _("Open the request by its number and code first."))
    return found


@pages.get("/ikuti/<number>")
def show(number: str) -> View:
    """Where a request stands."""
    if number not in session.get("mine", []):
        return redirect(url_for("applicant.follow"))
    found = _mine(number)
    fresh = session.get("fresh", [])
    code = fresh[1] if len(fresh) == 2 and fresh[0] == number else ""
    return render_template("simtaru/request.html", found=found, code=code)


@pages.get("/ikuti/<number>/surat.pdf")
def paper(number: str) -> Response:
    """The statement as PDF."""
    return printed(_mine(number))


def printed(found: sqlite3.Row) -> Response:
    """The PDF of an issued request, for who may see it."""
    from simtaru import letter  # noqa: PLC0415 - fpdf: 25 MB that no other page needs

    if found["stage"] != Stage.ISSUED:
        abort(404)
    place = (found["lon"], found["lat"])
    zones = store.near(database(), found["plan_id"], place, AROUND)
    address = public_url("public.check", code=found["check_code"])
    answer = Response(letter.pdf(found, zones, config.letterhead(), address), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found["statement"]}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@pages.post("/ikuti/<number>/hapus")
def forget(number: str) -> Answer:
    """Delete an open request, or what is personal in an answered one."""
    found = _mine(number)
    statements.forget(database(), number)
    if found["stage"] == Stage.NEW:
        flash(_("Your request was deleted."), "good")
        return redirect(url_for("public.home"), 303)
    flash(_("Your name, telephone number and address were deleted."), "good")
    return redirect(url_for("applicant.show", number=number), 303)
