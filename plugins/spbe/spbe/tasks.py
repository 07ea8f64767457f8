"""What the host runs by the clock."""

from contextlib import closing

from lumbung_plugin import attachments, connect, figures

from spbe import figures as counted
from spbe import leftovers


def kpi() -> None:
    """Tell the city the figures."""
    figures.report(counted.figures)


def tidy() -> None:
    """Remove files of evidence that no row names any more (a request that was cut off leaves one behind)."""
    with closing(connect()) as db:
        attachments.discard(leftovers.find(db))
