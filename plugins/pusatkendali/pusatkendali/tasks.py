"""What the host runs by the clock; see `[[task]]` in lumbung.toml. Each prints one line for the administrator."""

import logging
from contextlib import closing
from pathlib import Path

from lumbung_plugin import OutsideError, attachments, city, clock, connect, mail, outside, settings, transaction
from lumbung_plugin import figures as reporting

from pusatkendali import figures, files, gathering, history, sources
from pusatkendali.files import Reminder

BUNDLE = Path(__file__).parent.parent
DEFAULT_YEARS = 5

logger = logging.getLogger(__name__)


def gather() -> None:
    """Every five minutes: ask the siblings, keep what they tell, raise and end alerts."""
    with closing(connect()) as db:
        if not outside.there():
            print("alone: there is nobody to ask")
            return
        heard = gathering.gather(db)
        print(f"heard {heard} of {len(sources.active(db))} siblings")


def remind() -> None:
    """Every morning: remind the offices of what is due or late, by mail where an address is known."""
    with closing(connect()) as db:
        reminders = files.remind(db, clock.today())
    sent = sum(_mailed(one) for one in reminders if one.email)
    print(f"{len(reminders)} reminders, {sent} by mail")


def kpi() -> None:
    """Every hour: tell the city the command centre's own figures."""
    print("told" if reporting.report(figures.figures) else "not told: the plugin runs alone")


def tidy() -> None:
    """Every night: forget history and dispositions that are older than they are kept."""
    years = int(settings(BUNDLE).get("keep_years", DEFAULT_YEARS))
    with closing(connect()) as db:
        with transaction(db):
            points = history.prune(db, clock.now())
        gone = files.forget(db, years)
    attachments.discard(gone)
    print(f"{points} points of history and {len(gone)} files went")


def _mailed(reminder: Reminder) -> bool:
    """Mails go out in Indonesian: they are letters of an Indonesian office."""
    due = reminder.due.strftime("%d-%m-%Y")
    state = f"sudah melewati tenggat {due}" if reminder.late else f"jatuh tempo {due}"
    subject = f"Disposisi {reminder.number} {'terlambat' if reminder.late else 'segera jatuh tempo'}"
    text = (
        f"Kepada {reminder.office},\n\nDisposisi {reminder.number} ({reminder.title}) {state}.\n"
        f"Buka Pusat Kendali {city().name}, menu Disposisi, untuk melaporkan tindak lanjut.\n"
    )
    try:
        return mail.send(reminder.email, subject, text)
    except OutsideError as error:
        logger.warning("reminder of %s not mailed: %s", reminder.number, error.code)
        return False
