"""What everybody may read: the first page, the list, the figures, and the photos of public reports."""

import sqlite3
from typing import Any

from flask import Blueprint, abort, render_template, request, send_from_directory
from flask_babel import format_date
from flask_babel import gettext as _
from lumbung_plugin import city, database, person
from werkzeug.wrappers import Response as BaseResponse

from lapor import figures, filters, lists, photos, store
from lapor.calendar import today
from lapor.rules import PUBLIC
from lapor.store import Filters

pages = Blueprint("public", __name__)

View = str | BaseResponse | tuple[str, int]
PERIODS = (30, 90, 365, 0)


@pages.get("/")
def home() -> View:
    db = database()
    return render_template(
        "lapor/home.html",
        figures=figures.overall(db, figures.since(90), today()),
        reports=store.page(db, Filters(), public=True).rows[:6],
    )


@pages.get("/laporan")
def listing() -> View:
    db = database()
    wanted = filters.from_address()
    page = store.page(db, wanted, public=True, after=filters.number("sesudah"), before=filters.number("sebelum"))
    return render_template(
        "lapor/list.html",
        page=page,
        wanted=wanted,
        around=filters.addresses(page),
        categories=lists.categories(db),
        offices=lists.offices(db),
        states=PUBLIC,
    )


@pages.get("/laporan/<number>")
def show(number: str) -> View:
    db = database()
    found = store.public_report(db, number)
    if found is None:
        abort(404, _("There is no public report with this number. If it is your own, use its secret code."))
    return render_template(
        "lapor/show.html",
        report=found,
        photos=store.photos_of(db, found["id"]),
        events=store.events_of(db, found["id"], public=True),
    )


@pages.get("/angka")
def numbers() -> View:
    db = database()
    days = filters.number("hari")
    days = days if days in PERIODS else 90
    start = figures.since(days)
    weeks = [(format_date(day, "d MMM"), count) for day, count in figures.per_week(db, today())]
    return render_template(
        "lapor/figures.html",
        days=days,
        periods=PERIODS,
        figures=figures.overall(db, start, today()),
        offices=figures.per_office(db, start),
        categories=figures.per_category(db, start),
        weeks=weeks,
    )


@pages.get("/tentang")
def about() -> View:
    return render_template("lapor/about.html")


@pages.get("/foto/<name>.jpg")
def photo(name: str) -> View:
    """A photo of a public report; of any report for staff and for whoever has its code."""
    row = (
        database()
        .execute(
            "SELECT report.* FROM photo JOIN report ON report.id = photo.report_id WHERE photo.name = ?",
            (name.removesuffix("-kecil"),),
        )
        .fetchone()
    )
    if row is None or not _may_see(row):
        abort(404)
    response = send_from_directory(photos.folder(), f"{name}.jpg", mimetype="image/jpeg", max_age=3600)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@pages.get("/_kpi")
def kpi() -> dict[str, Any]:
    """The last 30 days for the command centre; the same figures anybody may read on the figures page."""
    found = figures.overall(database(), figures.since(30), today())
    return {
        "plugin": "lapor",
        "city": city().code,
        "days": 30,
        "received": found.received,
        "solved": found.solved,
        "overdue": found.overdue,
        "median_days": found.median_days,
        "demo": city().demo,
    }


def _may_see(row: sqlite3.Row) -> bool:
    public = row["state"] in PUBLIC and not row["confidential"]
    code = request.args.get("kode", "")
    return public or person() is not None or bool(code and store.digest(code) == row["code_hash"])
