"""What the clock calls."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

from lumbung_plugin import connect, figures, now, settings

from anggaran import figures as own
from anggaran import uploads

BUNDLE = Path(__file__).parent.parent


def kpi() -> None:
    """Tell the city the figures of this hour."""
    figures.report(own.figures)


def tidy() -> None:
    """Remove uploaded files nobody took in."""
    before = now() - timedelta(days=settings(BUNDLE)["import_days"])
    with closing(connect()) as db:
        uploads.sweep(db, before.isoformat())
