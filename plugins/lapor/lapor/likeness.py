"""Which earlier report may be about the same thing: distance, days and words, without database or web."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

EARTH_METRES = 6_371_000
DAY_SECONDS = 86_400
# Words that say nothing about what happened.
LEAST_LETTERS = 4
SUGGESTED = 5
# Without coordinates on both sides the kelurahan is the place, and then the words must agree.
SHARED_WORDS = 0.2


@dataclass(frozen=True)
class Matter:
    """What is compared of a report: `where` is (latitude, longitude) or nothing, `at` when it came in."""

    id: int
    title: str
    at: datetime
    kelurahan: str
    where: tuple[float, float] | None


@dataclass(frozen=True)
class Likely:
    """A report that may be the same matter. `metres` is nothing when one of the two has no place on the map."""

    id: int
    metres: int | None
    days: int
    shared: float


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres along the ground between two (latitude, longitude) in degrees, by the haversine formula."""
    lat, lat_other = math.radians(one[0]), math.radians(other[0])
    half = math.sin((lat_other - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(lat_other) * math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    return 2 * EARTH_METRES * math.asin(min(1.0, math.sqrt(half)))


def shared_words(one: str, other: str) -> float:
    """The share of words two titles have in common, 0 to 1; short words do not count."""
    left, right = _words(one), _words(other)
    return len(left & right) / len(left | right) if left and right else 0.0


def likely(matter: Matter, others: Iterable[Matter], metres: int, days: int) -> list[Likely]:
    """At most five of `others` that are near and recent, the likeliest first. Their category was asked for before."""
    found = [candidate for other in others if (candidate := _compared(matter, other, metres, days))]
    return sorted(found, key=_rank)[:SUGGESTED]


def _compared(matter: Matter, other: Matter, metres: int, days: int) -> Likely | None:
    apart = abs((matter.at - other.at).total_seconds()) / DAY_SECONDS
    if other.id == matter.id or apart > days:
        return None
    shared = shared_words(matter.title, other.title)
    if matter.where and other.where:
        far = distance(matter.where, other.where)
        return Likely(other.id, round(far), int(apart), shared) if far <= metres else None
    same_place = matter.kelurahan and matter.kelurahan == other.kelurahan
    return Likely(other.id, None, int(apart), shared) if same_place and shared >= SHARED_WORDS else None


def _rank(found: Likely) -> tuple[float, int]:
    """Fifty metres weigh as much as a tenth of the words."""
    return (found.metres or 0) / 500 - found.shared, found.days


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) >= LEAST_LETTERS}
