"""What runs by itself: `[[task]]` in lumbung.toml."""

from contextlib import closing
from pathlib import Path

from lumbung_plugin import connect, settings
from lumbung_plugin import figures as city_figures

from perizinan import figures, retention

BUNDLE = Path(__file__).parent.parent


def kpi() -> None:
    """Tell the city this hour's figures."""
    city_figures.report(figures.figures)


def tidy() -> None:
    """Forget what is due."""
    with closing(connect()) as db:
        print(f"{retention.run(db, settings(BUNDLE))} applications forgotten")
