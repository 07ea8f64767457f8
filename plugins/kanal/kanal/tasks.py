"""What runs by itself: figures every hour, kept mentions every ten minutes, forgetting every night."""

from contextlib import closing

from lumbung_plugin import connect, figures, retention
from lumbung_plugin.retention import Sweep

from kanal import sending
from kanal.config import chosen
from kanal.figures import count

SPAM_DAYS = 14
DELIVERY_DAYS = 1


def kpi() -> None:
    """Tell the city the figures."""
    figures.report(count)


def send() -> None:
    """Hand over to lapor what it has not taken yet, and ask how earlier reports stand."""
    with closing(connect()) as db:
        sending.retry(db)
        sending.look(db)


def tidy() -> None:
    """Forget what people wrote, after the city's time; figures stay. What still waits for lapor is kept."""
    days = int(chosen()["keep_days"])
    with closing(connect()) as db:
        retention.run(db, [
            Sweep("mention", "received_at", days, ("author", "text", "url", "answer", "draft"), "state <> 'sending'"),
            Sweep("mention", "decided_at", SPAM_DAYS, only="state = 'spam'"),
            Sweep("delivery", "at", DELIVERY_DAYS),
            Sweep("fake", "decided_at", days, ("words",)),
            Sweep("fake", "decided_at", days, only="state = 'dismissed'"),
        ])  # fmt: skip
