"""The board: every figure with its way, its age and its alert; pages for the wall; what the public sees."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lumbung_plugin import clock

from pusatkendali import history, trends
from pusatkendali.models import Grain, Hearing, Theme
from pusatkendali.trends import Freshness, Spark, Trend

SHAPE_DAYS, WEEK = 30, 7
MOST_DRAWN = 180
ON_A_WALL = 6
# A figure its sibling has not told for a week is no longer the city's figure.
GONE = timedelta(days=7)

_ROWS = (
    "SELECT figure.*, source.state AS hearing, "
    "(SELECT id FROM alert WHERE figure_id = figure.id AND ended_at IS NULL LIMIT 1) AS alert_id "
    "FROM figure JOIN source ON source.app = figure.app "
)


@dataclass(frozen=True, slots=True)
class Card:
    """One figure: its row, its way in seven days, its shape in thirty, its age; `gone` when no longer told."""

    row: sqlite3.Row
    trend: Trend | None
    spark: Spark | None
    freshness: Freshness
    gone: bool

    @property
    def alerting(self) -> bool:
        return self.row["alert_id"] is not None


@dataclass(frozen=True, slots=True)
class Plot:
    """A curve in a box of 100 × 40, with the heights of its thresholds as (y, bound)."""

    line: str
    area: str
    low: float
    high: float
    bounds: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class WallPage:
    """What the wall shows at a time; without a theme it is the page of alerts and dispositions."""

    theme: Theme | None
    cards: Sequence[Card] = ()


def cards(db: sqlite3.Connection, now: datetime, where: str = "hidden = 0") -> list[Card]:
    """All figures in the order of the board; `where` is a condition of this plugin's own."""
    today = clock.local(now).date()
    points = history.days(db, (today - timedelta(days=SHAPE_DAYS)).isoformat())
    week_ago = (today - timedelta(days=WEEK)).isoformat()
    rows = db.execute(f"{_ROWS} WHERE {where} ORDER BY position, figure.app, figure.id").fetchall()
    return [_card(row, points.get(row["id"], []), week_ago, now) for row in rows]


def released(db: sqlite3.Connection, now: datetime) -> list[Card]:
    """What the administrator lets the public see."""
    return cards(db, now, "hidden = 0 AND released = 1")


def by_theme(found: Iterable[Card]) -> list[tuple[Theme, list[Card]]]:
    """Themes that have figures, in their order."""
    grouped: dict[Theme, list[Card]] = {theme: [] for theme in Theme}
    for card in found:
        grouped[Theme(card.row["theme"])].append(card)
    return [(theme, listed) for theme, listed in grouped.items() if listed]


def wall_pages(found: Iterable[Card]) -> list[WallPage]:
    """Six figures at a time, theme by theme, and the page of alerts last. There is always one."""
    pages = [
        WallPage(theme, listed[start : start + ON_A_WALL])
        for theme, listed in by_theme(card for card in found if not card.gone)
        for start in range(0, len(listed), ON_A_WALL)
    ]
    return [*pages, WallPage(None)]


def thin(rows: Sequence[sqlite3.Row]) -> list[sqlite3.Row]:
    """At most 180 of the points, evenly taken, the last always among them."""
    step = max(1, -(-len(rows) // MOST_DRAWN))
    return list(reversed(rows[::-1][::step]))


def plot(values: Sequence[float], bounds: Sequence[float]) -> Plot | None:
    """The curve through `values`, with `bounds` in the same scale; None for fewer than two."""
    if len(values) < 2:
        return None
    low, high = min(*values, *bounds), max(*values, *bounds)
    span, step = (high - low) or 1.0, 100 / (len(values) - 1)

    def height(value: float) -> float:
        return round(38 - 36 * (value - low) / span, 2)

    line = "M" + " L".join(f"{round(place * step, 2)} {height(value)}" for place, value in enumerate(values))
    return Plot(line, f"{line} L100 40 L0 40 Z", low, high, tuple((height(bound), bound) for bound in bounds))


def grain_since(grain: Grain, now: datetime) -> datetime:
    """How far back a curve of this grain goes: two days, fourteen days, a year."""
    return now - {Grain.RAW: timedelta(days=2), Grain.HOUR: timedelta(days=14), Grain.DAY: timedelta(days=366)}[grain]


def _card(row: sqlite3.Row, points: list[tuple[str, float]], week_ago: str, now: datetime) -> Card:
    seen, at = datetime.fromisoformat(row["seen_at"]), datetime.fromisoformat(row["at"])
    stale = row["hearing"] == Hearing.SHOWN and now - seen > GONE
    return Card(
        row,
        trends.trend(row["value"], history.value_before(points, week_ago), row["good"]),
        trends.spark([value for _day, value in points]),
        trends.freshness(at, now),
        stale,
    )
