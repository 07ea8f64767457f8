"""Apps as the list shows them. What does not depend on the question is made once per app, language and version."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from flask import get_template_attribute, url_for
from flask_babel import get_locale
from markupsafe import Markup, escape

from registry.catalog import labels, rules
from registry.catalog.search.entry import Line, Told
from registry.catalog.search.mark import Marker, best
from registry.catalog.search.store import Edition

MAX_KEPT = 10_000
"""Faces kept per language, some 3 kB each."""

GAP = "\ufdd0"
"""Stands in the one drawn card where an app's own values go: a character no text may have."""

TEMPLATE = "catalog/card.html"
HOLES = (
    "behind",
    "colour",
    "letter",
    "url",
    "name",
    "by",
    "summary",
    "why",
    "state",
    "rating",
    "used",
    "slug",
    "title",
)
"""Of the card, in their order; as in the template."""


COLOURS = ("0", "1", "2", "3", "4", "5")


@dataclass(frozen=True, slots=True)
class Face:
    """An app in one language: its texts ready to be marked, and what else its card says, as HTML."""

    name: Marker
    summary: Marker
    told: Told
    url: str
    behind: str
    colour: str
    letter: str
    by: str
    state: str
    rating: str
    used: str
    slug: str

    @property
    def publisher(self) -> str:
        return self.told.publisher

    def card(self, wanted: frozenset[str], language: str) -> str:
        """As HTML, the words it was found by marked; without any in name and summary, a feature that has one."""
        at = _frame(language)
        return (
            f"{at[0]}{self.behind}{at[1]}{self.colour}{at[2]}{self.letter}{at[3]}{self.url}{at[4]}"
            f"{self.name.mark(wanted)}{at[5]}{self.by}{at[6]}{self.summary.mark(wanted)}{at[7]}"
            f"{self._why(wanted, language)}{at[8]}{self.state}{at[9]}{self.rating}{at[10]}{self.used}{at[11]}"
            f"{self.slug}{at[12]}{self.name.html}{at[13]}"
        )

    def _why(self, wanted: frozenset[str], language: str) -> str:
        if not wanted or not wanted.isdisjoint(self.name.words) or not wanted.isdisjoint(self.summary.words):
            return ""
        features = map(str, _texts(self.told, language).get("features") or ())
        feature = best(map(Marker.of, features), wanted)
        return part("why", language, feature.mark(wanted)) if feature else ""


def cards(held: Edition, ids: Sequence[int], wanted: frozenset[str]) -> Markup:
    """The cards of these apps, in this order."""
    language = str(get_locale())
    drawn = "".join([face.card(wanted, language) for face in faces(held, ids)])
    return Markup(drawn)  # noqa: S704 drawn by a template, filled with escaped values and marked words


def faces(held: Edition, ids: Sequence[int]) -> list[Face]:
    """In the order of the ids; those made before come from memory, the oldest of too many make room."""
    language = str(get_locale())
    known = held.kept(f"faces {language}", dict[int, Face])
    place = url_for("catalog.show_app", app="-").partition("-")[0]
    found = []
    for app_id in ids:
        face = known.get(app_id)
        line = None if face else held.index.line(app_id)
        if line and line.told:
            face = known[app_id] = _made(line, line.told, place, language)
        if face:
            found.append(face)
    for oldest in list(islice(known, max(0, len(known) - MAX_KEPT))):
        known.pop(oldest, None)
    return found


def _texts(told: Told, language: str) -> Mapping[str, Any]:
    known = json.loads(told.description)
    return known.get(language) or rules.description({"description": known}, [language])[1]


def _made(line: Line, told: Told, place: str, language: str) -> Face:
    texts = _texts(told, language)
    name = str(texts.get("localisedName") or line.name)
    return Face(
        name=Marker.of(name),
        summary=Marker.of(str(texts.get("shortDescription") or "")),
        told=told,
        url=str(escape(place + line.slug)),
        behind=" app-card-behind" if told.deprecated or told.described else "",
        colour=COLOURS[sum(line.slug.encode()) % len(COLOURS)],
        letter=str(escape(name[:1].upper())),
        by=part("by", language, told.publisher, told.version),
        state=part("state", language, *_maturity(told.maturity, language), told.deprecated, told.described),
        rating=part("rating", language, told.rating),
        used=part("used", language, told.adopters),
        slug=str(escape(line.slug)),
    )


@lru_cache(maxsize=5_000)
def part(macro: str, language: str, *values: object) -> Markup:
    """A part of a card, in the language that is spoken now: the same few on most of them."""
    drawn: Markup = get_template_attribute(TEMPLATE, macro)(*values)
    return drawn


@lru_cache(maxsize=50)
def _maturity(code: str, language: str) -> tuple[str, str]:
    return labels.maturity(code), labels.TONES.get(code, "muted")


@lru_cache(maxsize=10)
def _frame(language: str) -> tuple[str, ...]:
    """What stands around the holes."""
    return tuple(str(part("card", language, *[GAP] * len(HOLES))).split(GAP))
