"""What the host calls by the clock (lumbung.toml, [[task]])."""

from contextlib import closing

from lumbung_plugin import city, clock, connect, figures, retention
from lumbung_plugin.retention import Sweep

from antrian import demo
from antrian.figures import told

# A number is for one day: who held it is forgotten in the night after it.
FORGET = [Sweep("holder", "day_start", 1)]


def tidy() -> None:
    """Forget who held the numbers of past days; the figures stay."""
    with closing(connect()) as connection:
        forgotten = retention.run(connection, FORGET)
    print(f"{forgotten} holders forgotten")


def kpi() -> None:
    """Tell the city today's figures; a demonstration's queue is brought up to the hour first."""
    if city().demo:
        with closing(connect()) as connection:
            demo.renew(connection, clock.local(clock.now()))
    figures.report(told)
