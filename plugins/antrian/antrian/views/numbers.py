"""The administrator's figures: how long people wait, on a page and as a table."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template
from flask_babel import gettext
from lumbung_plugin import addresses, city, clock, database, require_role, tables

from antrian import figures, store

pages = Blueprint("numbers", __name__, url_prefix="/admin")

PERIODS = (7, 14, 30, 90)


@pages.get("/")
@require_role("administrator")
def overview() -> str:
    """How long people wait: median, 90th percentile, served per hour, by day, hour and service."""
    period, today = _period(), clock.today()
    found = figures.figures(
        database(),
        store.services(database(), only_active=False),
        today - timedelta(days=period - 1),
        today,
        ZoneInfo(city().timezone),
    )
    return render_template("antrian/overview.html", figures=found, period=period, periods=PERIODS)


@pages.get("/angka.csv")
@require_role("administrator")
def table() -> Response:
    """The same figures by day, hour and service, for a spreadsheet."""
    today = clock.today()
    rows = figures.table(
        database(), store.services(database(), only_active=False), today - timedelta(days=_period() - 1), today
    )
    headings = [
        gettext("Day"),
        gettext("Hour"),
        gettext("Letter"),
        gettext("Service"),
        gettext("Taken"),
        gettext("Served"),
        gettext("Did not come"),
        gettext("Given back"),
        gettext("With priority"),
        gettext("Median wait, minutes"),
        gettext("90th percentile, minutes"),
    ]
    return tables.csv_response(f"antrian-{today.isoformat()}.csv", headings, list(rows))


def _period() -> int:
    wanted = addresses.number("hari")
    return wanted if wanted in PERIODS else PERIODS[1]
