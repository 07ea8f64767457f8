"""What runs by itself: figures every hour, forgetting every night."""

from contextlib import closing

from lumbung_plugin import clock, connect, figures, retention, transaction
from lumbung_plugin.retention import Sweep

from penilaian import voting
from penilaian.config import chosen
from penilaian.figures import count


def kpi() -> None:
    """Part what respondents told of themselves from their answers, and tell the city the figures."""
    with closing(connect()) as db, transaction(db):
        voting.part(db, clock.now())
    figures.report(count)


def tidy() -> None:
    """Erase words that were hidden or have grown old, and visit codes that are no longer good."""
    days = chosen()
    with closing(connect()) as db:
        retention.run(db, [
            Sweep("comment", "judged_at", int(days["hidden_days"]), ("text",), only="state = 'hidden'"),
            Sweep("comment", "at", int(days["comment_days"])),
            Sweep("token", "until", 1),
        ])  # fmt: skip
