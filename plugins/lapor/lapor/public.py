"""What everybody may read: the first page, the list, the map, the figures, and the photos of public reports."""

import sqlite3

from flask import Blueprint, abort, render_template, request
from flask_babel import format_date
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, offices, person, photos, today
from werkzeug.wrappers import Response as BaseResponse

from lapor import asked, atlas, figures, intake, lists, places, store
from lapor.rules import PUBLIC
from lapor.store import Filters

pages = Blueprint("public", __name__)

View = str | BaseResponse | tuple[str, int]
PERIODS = (30, 90, 365, 0)
MAP_PERIODS = (30, 90, 365)
SMALL = "-kecil"


@pages.get("/")
def home() -> View:
    db = database()
    return render_template(
        "lapor/home.html",
        figures=figures.overall(figures.groups(db, figures.since(90), today())),
        reports=store.page(db, Filters(), public=True).rows[:6],
    )


@pages.get("/laporan")
def listing() -> View:
    db = database()
    wanted = asked.filters()
    page = store.page(db, wanted, public=True, **asked.keys())
    return render_template(
        "lapor/list.html",
        page=page,
        wanted=wanted,
        around=asked.around(page),
        categories=lists.categories(db),
        offices=offices.listing(db),
        kelurahan=places.kelurahan(),
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
        outline=places.of(found),
    )


@pages.get("/peta")
def chart() -> View:
    """Where public reports are, of one period and as far as asked for one category."""
    db = database()
    category, days = addresses.number("kategori"), addresses.number("hari")
    days = days if days in MAP_PERIODS else MAP_PERIODS[0]
    found = atlas.spots(db, figures.since(days), category)
    return render_template(
        "lapor/map.html",
        spots=[atlas.feature(row) for row in found],
        full=len(found) >= atlas.MOST,
        most=atlas.MOST,
        outline=places.outline(),
        category=category,
        days=days,
        periods=MAP_PERIODS,
        categories=lists.categories(db),
    )


@pages.get("/angka")
def numbers() -> View:
    db = database()
    days = addresses.number("hari")
    days = days if days in PERIODS else 90
    found = figures.groups(db, figures.since(days), today())
    weeks = [(format_date(day, "d MMM"), count) for day, count in figures.per_week(db, today())]
    return render_template(
        "lapor/figures.html",
        days=days,
        periods=PERIODS,
        figures=figures.overall(found),
        offices=figures.per_office(db, found),
        categories=figures.per_category(db, found),
        weeks=weeks,
    )


@pages.get("/tentang")
def about() -> View:
    return render_template("lapor/about.html")


@pages.get("/foto/<name>.jpg")
def photo(name: str) -> View:
    """A photo of a public report; of any report for staff and for whoever has its code."""
    stem = name.removesuffix(SMALL)
    query = "SELECT report.* FROM photo JOIN report ON report.id = photo.report_id WHERE photo.name = ?"
    row = database().execute(query, (stem,)).fetchone()
    if row is None or not _may_see(row):
        abort(404)
    return photos.send(stem, small=name.endswith(SMALL))


def _may_see(row: sqlite3.Row) -> bool:
    code = request.args.get("kode", "")
    return store.is_public(row) or person() is not None or bool(code and intake.opens(code, row["code_hash"]))
