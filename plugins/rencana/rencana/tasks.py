"""What the clock calls."""

import time
from contextlib import closing
from pathlib import Path

from lumbung_plugin import attachments, connect, figures, settings, today

from rencana import figures as own
from rencana import follow as following
from rencana import remind as reminding

BUNDLE = Path(__file__).parent.parent
HOUR = 3600


def kpi() -> None:
    """Tell the city the figures of this hour."""
    figures.report(own.figures)


def follow() -> None:
    """Ask the apps whose figures milestones follow."""
    with closing(connect()) as db:
        following.update(db)


def remind() -> None:
    """Send the day's reminder."""
    with closing(connect()) as db:
        reminding.send(db, settings(BUNDLE), today())


def tidy() -> None:
    """Remove files no evidence names any more; a young one may belong to a form that is just being saved."""
    with closing(connect()) as db:
        known = {row["file"] for row in db.execute("SELECT file FROM evidence WHERE file IS NOT NULL")}
    old = time.time() - HOUR
    files = [path for path in attachments.folder().iterdir() if path.name not in known]
    attachments.discard([path.name for path in files if path.stat().st_mtime < old])
