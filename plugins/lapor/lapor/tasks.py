"""What the host calls by the clock: each opens a connection of its own."""

import logging
from contextlib import closing
from pathlib import Path

from lumbung_plugin import city, connect, settings, today
from lumbung_plugin import figures as reporting

from lapor import figures, reminders, retention

BUNDLE = Path(__file__).parent.parent

logger = logging.getLogger("lapor.tasks")


def tidy() -> str:
    """Daily: forget what was kept long enough. Returns what was done, for the log."""
    with closing(connect()) as db:
        forgotten = retention.sweep(db, settings(BUNDLE)["retention_days"])
    done = f"{city().slug or 'lapor'}: {forgotten} contacts forgotten"
    logger.info(done)
    return done


def remind() -> None:
    """On the morning of each working day: write to the offices whose answers are due or late."""
    with closing(connect()) as db:
        sent = reminders.send(db, settings(BUNDLE), today())
    logger.info("%d reminders sent", sent)


def kpi() -> None:
    """Hourly: tell the city the figures."""
    reporting.report(figures.told)
