"""What the host calls by the clock: each opens a connection of its own."""

import logging
from contextlib import closing

from lumbung_plugin import city, connect, settings, today
from lumbung_plugin import figures as reporting

from lapor import figures, holidays, reminders, retention
from lapor.holidays import BUNDLE

logger = logging.getLogger("lapor.tasks")


def tidy() -> str:
    """Daily: forget what was kept long enough, and renew the holidays. Returns what was done, for the log."""
    with closing(connect()) as db:
        forgotten = retention.sweep(db, settings(BUNDLE)["retention_days"])
        holidays.keep(db)
    done = f"{city().slug or 'lapor'}: {forgotten} contacts forgotten, holidays renewed"
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
