"""Apps as the list shows them. What does not depend on the question is made once per app, language and version."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import get_template_attribute, url_for
from flask_babel import get_locale
from markupsafe import Markup, escape

from registry.catalog import labels, rules
from registry.catalog.search.entry import Line, Told
from registry.catalog.search.mark import Marker, best
from registry.catalog.search.store import Edition

MAX_KEPT = 3_000
"""Faces kept per language, some 6 kB each."""

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


@dataclass(frozen=True, slots=True)
class Face:
    """An app in one language: its texts ready to be marked, and its card in four pieces, between which they go."""

    name: Marker
    summary: Marker
    features: tuple[str, ...]
    publisher: str
    url: str
    pieces: tuple[str, str, str, str]

    def card(self, wanted: frozenset[str], language: str) -> str:
        """As HTML, the words it was found by marked; without any in name and summary, a feature that has one."""
        why = ""
        if wanted and wanted.isdisjoint(self.name.words) and wanted.isdisjoint(self.summary.words):
            feature = best(map(Marker.of, self.features), wanted)
            why = part("why", language, feature.mark(wanted)) if feature else ""
        start, after_name, after_summary, end = self.pieces
        return f"{start}{self.name.mark(wanted)}{after_name}{self.summary.mark(wanted)}{after_summary}{why}{end}"


def cards(held: Edition, ids: Sequence[int], wanted: frozenset[str]) -> Markup:
    """The cards of these apps, in this order."""
    language = str(get_locale())
    drawn = "".join([face.card(wanted, language) for face in faces(held, ids)])
    return Markup(drawn)  # noqa: S704 drawn by a template, filled with escaped values and marked words


def faces(held: Edition, ids: Sequence[int]) -> list[Face]:
    """In the order of the ids; those made before come from memory."""
    language = str(get_locale())
    known = held.kept(f"faces {language}", dict[int, Face])
    if len(known) > MAX_KEPT:
        known.clear()
    place = url_for("catalog.show_app", app="-").partition("-")[0]
    found = []
    for app_id in ids:
        line = held.index.line(app_id)
        if line and line.told and app_id not in known:
            known[app_id] = _made(line, line.told, place, language)
        if app_id in known:
            found.append(known[app_id])
    return found


def _made(line: Line, told: Told, place: str, language: str) -> Face:
    known = json.loads(told.description)
    texts = known.get(language) or rules.description({"description": known}, [language])[1]
    name = str(texts.get("localisedName") or line.name)
    summary, features = str(texts.get("shortDescription") or ""), tuple(map(str, texts.get("features") or ()))
    pieces = _pieces(line, told, name, place, language)
    return Face(Marker.of(name), Marker.of(summary), features, told.publisher, place + line.slug, pieces)


def _pieces(line: Line, told: Told, name: str, place: str, language: str) -> tuple[str, str, str, str]:
    """The card with all but name, summary and why filled in: what stands before, between and after them."""
    slug, url = str(escape(line.slug)), str(escape(place + line.slug))
    behind = " app-card-behind" if told.deprecated or told.described else ""
    by = part("by", language, told.publisher, told.version)
    state = part("state", language, *_maturity(told.maturity, language), told.deprecated, told.described)
    rating, used = part("rating", language, told.rating), part("used", language, told.adopters)
    at = _frame(language)
    return (
        f"{at[0]}{behind}{at[1]}{sum(line.slug.encode()) % 6}{at[2]}{escape(name[:1].upper())}{at[3]}{url}{at[4]}",
        f"{at[5]}{by}{at[6]}",
        at[7],
        f"{at[8]}{state}{at[9]}{rating}{at[10]}{used}{at[11]}{slug}{at[12]}{escape(name)}{at[13]}",
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
