"""What the host calls by the clock (lumbung.toml, [[task]])."""

from contextlib import closing

from lumbung_plugin import connect, figures, retention, settings
from lumbung_plugin.retention import Sweep

from masdarling.numbers import told


def tidy() -> None:
    """Forget who held passbooks closed long enough ago, and failed tries of yesterday."""
    days = settings().get("keep_days")
    kept = days if isinstance(days, int) and 1 <= days <= 365 else 30
    with closing(connect()) as db:
        forgotten = retention.run(db, [Sweep("customer", "closed", kept, ("name", "phone")), Sweep("failed", "at", 1)])
    print(f"{forgotten} rows forgotten")


def kpi() -> None:
    """Tell the city the figures of this month."""
    figures.report(told)
