"""What the host runs by the clock."""

from contextlib import closing

from lumbung_plugin import connect, figures, retention, settings
from lumbung_plugin.retention import Sweep

from simtaru import figures as counted
from simtaru.config import BUNDLE

PERSONAL = ("name", "phone", "address")
LOOKUP_DAYS = 400


def kpi() -> None:
    """Tell the city the figures."""
    figures.report(counted.figures)


def tidy() -> None:
    """Forget names, telephone numbers and addresses of requests answered long ago, and look-ups of years past."""
    days = int(settings(BUNDLE)["retention_days"])
    with closing(connect()) as db:
        retention.run(db, [Sweep("request", "closed_at", days, PERSONAL), Sweep("lookup", "day", LOOKUP_DAYS)])
