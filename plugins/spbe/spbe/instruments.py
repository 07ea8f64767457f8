"""The instruments of evaluation, read from `data/*.json`; each file's `source` says where its facts come from.

Law: Perpres 95/2018 on e-government (SPBE); PermenPANRB 5/2018 and its successor 59/2020 on its evaluation.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"
HIGHEST = 5


@dataclass(frozen=True, slots=True)
class Indicator:
    """One question; `weight` in hundredths of the index; `before` are the numbers of the earlier instrument's
    indicators on the same subject."""

    number: int
    name: str
    name_en: str
    weight: Fraction
    before: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Aspect:
    """A group of indicators; `kind` (policy, process, service) chooses the words of its levels."""

    code: str
    name: str
    name_en: str
    kind: str
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Domain:
    code: str
    name: str
    name_en: str
    aspects: tuple[Aspect, ...]

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(one for aspect in self.aspects for one in aspect.indicators)


@dataclass(frozen=True, slots=True)
class Predicate:
    """The word for an index from `least` up to the next."""

    least: Fraction
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Level:
    """What a level from 1 to 5 is called and means for a kind of indicator."""

    name: str
    name_en: str
    text: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """All of one regulation. `lowest` is the least level that may be answered; predicates begin with the highest."""

    id: str
    name: str
    title: str
    title_en: str
    years: tuple[int, int]
    source: str
    lowest: int
    predicates: tuple[Predicate, ...]
    levels: dict[str, tuple[Level, ...]]
    domains: tuple[Domain, ...]

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        return tuple(aspect for domain in self.domains for aspect in domain.aspects)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(one for domain in self.domains for one in domain.indicators)

    def indicator(self, number: int) -> Indicator | None:
        return next((one for one in self.indicators if one.number == number), None)

    def aspect_of(self, number: int) -> Aspect:
        """The aspect of an indicator that exists."""
        return next(aspect for aspect in self.aspects if any(one.number == number for one in aspect.indicators))


@lru_cache(maxsize=1)
def known() -> dict[str, Instrument]:
    """All instruments by their id, the earlier first."""
    found = sorted(_all(), key=lambda one: one.years)
    return {one.id: one for one in found}


def of_year(year: int) -> Instrument:
    """The instrument that regulation prescribes for a year; the latest for years no regulation speaks of."""
    fitting = [one for one in known().values() if one.years[0] <= year <= one.years[1]]
    return (fitting or list(known().values()))[-1]


def _all() -> Iterator[Instrument]:
    for path in sorted(FOLDER.glob("*.json")):
        yield _instrument(json.loads(path.read_text(encoding="utf-8")))


def _instrument(told: dict[str, Any]) -> Instrument:
    plain = {key: told[key] for key in ("id", "name", "title", "title_en", "source", "lowest")}
    predicates = tuple(Predicate(Fraction(str(one["from"])), one["name"], one["name_en"]) for one in told["predicates"])
    levels = {kind: tuple(Level(*words) for words in rows) for kind, rows in told["levels"].items()}
    domains = tuple(_domain(one) for one in told["domains"])
    return Instrument(**plain, years=tuple(told["years"]), predicates=predicates, levels=levels, domains=domains)


def _domain(told: dict[str, Any]) -> Domain:
    return Domain(told["code"], told["name"], told["name_en"], tuple(_aspect(one) for one in told["aspects"]))


def _aspect(told: dict[str, Any]) -> Aspect:
    indicators = tuple(
        Indicator(one["number"], one["name"], one["name_en"], Fraction(one["weight"]), tuple(one.get("before", ())))
        for one in told["indicators"]
    )
    return Aspect(told["code"], told["name"], told["name_en"], told["kind"], indicators)
