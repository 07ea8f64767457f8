"""Apps as the list shows them. What does not depend on the question is made once per app, language and version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import get_template_attribute, url_for
from flask_babel import get_locale
from markupsafe import Markup, escape
from sqlalchemy import Row, text

from registry.catalog import labels, rules
from registry.catalog.search.mark import Marker, best
from registry.catalog.search.store import Catalog

MAX_KEPT = 5_000
"""Faces kept per language, some 2 kB each."""

GAP = "\ufdd0"
"""Stands in the one drawn card where an app's own values go: a character no text may have."""

TEMPLATE = "catalog/card.html"
HOLES = ("behind", "colour", "letter", "url", "name", "by", "summary", "why", "state", "rating", "used")
"""Of the card, in their order; as in the template."""


@dataclass(frozen=True, slots=True)
class Face:
    """An app in one language: its texts ready to be marked, the other holes of its card filled."""

    name: Marker
    summary: Marker
    features: tuple[str, ...]
    publisher: str
    url: str
    filled: dict[str, str]

    def card(self, frame: Sequence[str], wanted: frozenset[str], language: str) -> str:
        """As HTML, the words it was found by marked; without any in name and summary, a feature that has one."""
        why = ""
        if wanted and wanted.isdisjoint(self.name.words) and wanted.isdisjoint(self.summary.words):
            feature = best(map(Marker.of, self.features), wanted)
            why = part("why", language, feature.mark(wanted)) if feature else ""
        marked = {"name": self.name.mark(wanted), "summary": self.summary.mark(wanted), "why": why}
        values = self.filled | marked
        holes = [piece for before, hole in zip(frame, HOLES, strict=False) for piece in (before, values[hole])]
        return "".join([*holes, frame[-1]])


def cards(held: Catalog, ids: Sequence[int], wanted: frozenset[str]) -> Markup:
    """The cards of these apps, in this order."""
    language = str(get_locale())
    frame = _frame(language)
    drawn = "".join([face.card(frame, wanted, language) for face in faces(held, ids)])
    return Markup(drawn)  # noqa: S704 drawn by a template, filled with escaped values and marked words


def faces(held: Catalog, ids: Sequence[int]) -> list[Face]:
    """Those made before come from memory; the others cost one query together."""
    language = str(get_locale())
    known = held.kept(f"faces {language}", dict[int, Face])
    missing = [app_id for app_id in ids if app_id not in known]
    if missing:
        if len(known) > MAX_KEPT:
            known.clear()
            missing = list(ids)
        known.update(_made(held, missing, language))
    return [known[app_id] for app_id in ids if app_id in known]


TOLD = text(
    """
    select a.id, a.slug, a.name,
           coalesce((a.facts -> 'description' -> :language) - 'longDescription', a.facts -> 'description') as told,
           a.maturity, a.rating, a.described_only, a.deprecated_at is not null as deprecated, city.name as publisher,
           (select array_agg(r.version) from releases r where r.app_id = a.id and r.yanked_at is null) as versions,
           (select count(*) from adoptions d where d.app_id = a.id) as adopters
      from apps a join cities city on city.id = a.publisher_id where a.id = any(:ids)
    """
)


def _made(held: Catalog, ids: list[int], language: str) -> Iterator[tuple[int, Face]]:
    place = url_for("catalog.show_app", app="-").partition("-")[0]
    for row in held.line.rows(TOLD, {"ids": ids, "language": language}):
        texts = row.told if "features" in row.told else _nearest(row.told, language)
        name = str(texts.get("localisedName") or row.name)
        filled = _filled(row, name, place, language)
        summary, features = str(texts.get("shortDescription") or ""), tuple(map(str, texts.get("features") or ()))
        yield row.id, Face(Marker.of(name), Marker.of(summary), features, row.publisher, place + row.slug, filled)


def _nearest(description: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    """The texts to show where there are none in exactly this language."""
    return rules.description({"description": description}, [language])[1]


def _filled(row: Row[Any], name: str, place: str, language: str) -> dict[str, str]:
    """The holes of a card that no question changes, as HTML."""
    version = rules.newest(row.versions or ()) or ""
    return {
        "behind": " app-card-behind" if row.deprecated or row.described_only else "",
        "colour": str(sum(row.slug.encode()) % 6),
        "letter": escape(name[:1].upper()),
        "url": escape(place + row.slug),
        "by": part("by", language, row.publisher, version),
        "state": part("state", language, *_maturity(row.maturity, language), row.deprecated, row.described_only),
        "rating": part("rating", language, row.rating),
        "used": part("used", language, row.adopters),
    }


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
