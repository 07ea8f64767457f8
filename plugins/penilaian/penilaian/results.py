"""What the ratings and answers say: tallies per rated thing, added up to offices and the city."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction

from lumbung_plugin import clock

from penilaian import config, rules
from penilaian import periods as stored
from penilaian.rules import Index, Period

RECENT_DAYS = 90


@dataclass(frozen=True)
class Tally:
    """Answers added up: how many respondents, and the sum of each element."""

    respondents: int = 0
    sums: tuple[int, ...] = (0,) * 9

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.respondents + other.respondents,
                     tuple(one + two for one, two in zip(self.sums, other.sums, strict=True)))  # fmt: skip

    def index(self) -> Index | None:
        """The index with the weight the city has chosen; None without respondents."""
        return rules.index(self.sums, self.respondents, weight()) if self.respondents else None


@dataclass(frozen=True)
class Stars:
    """One-tap ratings: how many of 1, 2, 3 and 4."""

    counts: tuple[int, int, int, int] = (0, 0, 0, 0)

    def __add__(self, other: "Stars") -> "Stars":
        first, second, third, fourth = (a + b for a, b in zip(self.counts, other.counts, strict=True))
        return Stars((first, second, third, fourth))

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def satisfied(self) -> int:
        """Percent of 3 and 4, whole; 0 without ratings."""
        return round(100 * sum(self.counts[2:]) / self.total) if self.total else 0


@dataclass(frozen=True)
class Office:
    """An office's answers in a period, with what of it they are of."""

    id: int
    name: str
    tally: Tally
    stars: Stars
    parts: dict[int, Tally] = field(default_factory=dict)


def weight() -> Fraction:
    return rules.WEIGHTS.get(str(config.chosen()["weight"]), rules.WEIGHTS["1/9"])


def kind() -> str:
    """The setting: "semester" or "year"."""
    return str(config.chosen()["period"])


def minimum() -> int:
    return int(config.chosen()["minimum"])


def present() -> Period:
    return rules.period_of(clock.today(), kind())


def periods(db: sqlite3.Connection) -> list[Period]:
    """The periods that can be chosen: the present one and at most six that are kept, newest first."""
    kept = [stored.plain(row) for row in stored.all(db, 6)]
    return kept if any(one.code == present().code for one in kept) else [present(), *kept]


def chosen(db: sqlite3.Connection, code: str | None) -> Period:
    """The period of that code; else the present one."""
    return next((one for one in periods(db) if one.code == code), present())


def tallies(db: sqlite3.Connection, period: Period) -> dict[int, Tally]:
    """Answers of a period by rated thing, without what was set aside; of a closed period as they were then."""
    return {row[0]: Tally(row[1], tuple(row[2:])) for row in stored.sums(db, period.code)}


def stars(db: sqlite3.Connection, days: int = RECENT_DAYS) -> dict[int, Stars]:
    """One-tap ratings of the last days by rated thing."""
    since = (clock.now() - timedelta(days=days)).isoformat()
    counted: dict[int, list[int]] = {}
    for target_id, score, number in db.execute(
        "SELECT target_id, score, count(*) FROM counted_rating WHERE at > ? GROUP BY target_id, score", (since,)
    ):
        counted.setdefault(target_id, [0, 0, 0, 0])[score - 1] = number
    return {target_id: Stars((a, b, c, d)) for target_id, (a, b, c, d) in counted.items()}


def by_office(targets: Iterable[sqlite3.Row], told: Mapping[int, Tally], rated: Mapping[int, Stars]) -> list[Office]:
    """Offices by name, each with its answers added up: every respondent weighs the same."""
    offices: dict[int, Office] = {}
    for row in targets:
        held = offices.get(row["office_id"]) or Office(row["office_id"], row["office"], Tally(), Stars())
        tally = told.get(row["id"], Tally())
        offices[held.id] = Office(held.id, held.name, held.tally + tally, held.stars + rated.get(row["id"], Stars()),
                                  held.parts | {row["id"]: tally})  # fmt: skip
    return list(offices.values())


def together(offices: Iterable[Office]) -> tuple[Tally, Stars]:
    """The whole: every respondent weighs the same, whichever office they rated."""
    tally, rated = Tally(), Stars()
    for one in offices:
        tally, rated = tally + one.tally, rated + one.stars
    return tally, rated


def months(db: sqlite3.Connection, target_id: int | None = None, most: int = 12) -> list[tuple[str, int, int]]:
    """(month, ratings, percent satisfied) of one-tap ratings, oldest first."""
    rows = db.execute(
        "SELECT substr(at, 1, 7) AS month, count(*), sum(score >= 3) FROM counted_rating"
        " WHERE ? IS NULL OR target_id = ? GROUP BY month ORDER BY month DESC LIMIT ?",
        (target_id, target_id, most),
    ).fetchall()
    return [(row[0], row[1], round(100 * row[2] / row[1])) for row in reversed(rows)]


def profile(db: sqlite3.Connection, period: Period, office: int | None = None) -> dict[str, Counter[str]]:
    """What respondents told of themselves, counted: field → value → people. Whoever is set aside does not count."""
    counted: dict[str, Counter[str]] = {}
    for field_name, value, people in db.execute(
        "SELECT field, value, sum(people) FROM ("
        " SELECT profile.target_id, month, field, value, people FROM profile LEFT JOIN burst ON burst.id = burst_id"
        " WHERE burst_id = 0 OR state = 'counted' UNION ALL"
        " SELECT target_id, substr(day, 1, 7), field, value, 1 FROM told JOIN counted_response AS response"
        " ON response.id = response_id) AS one JOIN target ON target.id = one.target_id"
        " WHERE month BETWEEN ? AND ? AND (? IS NULL OR office_id = ?) GROUP BY field, value",
        (period.start.isoformat()[:7], period.end.isoformat()[:7], office, office),
    ):
        counted.setdefault(field_name, Counter())[value] = people
    return counted


def excluded(db: sqlite3.Connection, period: Period, office: int | None = None) -> int:
    """How many answers of a period are not counted."""
    row = db.execute(
        "SELECT count(*) FROM response JOIN burst ON burst.id = burst_id JOIN target ON target.id = response.target_id"
        " WHERE state <> 'counted' AND period = ? AND (? IS NULL OR office_id = ?)",
        (period.code, office, office),
    ).fetchone()
    return int(row[0])
