"""The day on a page, for the mayor: to read, to print, as PDF."""

from datetime import date

from flask import Blueprint, Response, render_template
from lumbung_plugin import addresses, clock, database, require_role, settings

from pusatkendali import summary

pages = Blueprint("summary", __name__, url_prefix="/kerja/ringkasan")


@pages.get("")
@require_role("administrator")
def show() -> str:
    return render_template("pusatkendali/summary.html", day=summary.of(database(), _day()), today=clock.today())


@pages.get("/harian.pdf")
@require_role("administrator")
def pdf() -> Response:
    """The same page as a letter, in Indonesian."""
    from pusatkendali import letter  # noqa: PLC0415 - the PDF library: 20 MB that no other page needs

    day = summary.of(database(), _day())
    response = Response(letter.of(day, str(settings().get("office", ""))), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="ringkasan-{day.day}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _day() -> date:
    """The day asked for; never one to come."""
    asked = addresses.day("hari")
    return min(asked, clock.today()) if asked else clock.today()
