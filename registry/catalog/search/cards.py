"""Apps as the list shows them. What does not depend on the question is made once per app, language and version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_babel import get_locale
from markupsafe import Markup
from sqlalchemy import Row, text

from registry.catalog import labels, rules
from registry.catalog.search.mark import Marker, best
from registry.catalog.search.store import Catalog

MAX_KEPT = 2_000
"""Faces kept per language, some 6 kB each."""

GAP, END = "\ufdd0", "\ufdd1"
"""Stand in drawn cards where marked words go, and behind each card: characters no text may have."""


@dataclass(frozen=True)
class Face:
    """An app in one language: its texts ready to be marked, and its card drawn around them in four pieces."""

    name: Marker
    summary: Marker
    features: tuple[Marker, ...]
    publisher: str
    url: str
    drawn: tuple[str, ...]

    def card(self, wanted: frozenset[str]) -> str:
        """As HTML, with the words marked it was found by, and the feature that has most of them."""
        feature = best(self.features, wanted) if wanted else None
        before, between, after, end = self.drawn
        why = WHY.format(feature.mark(wanted)) if feature else ""
        return f"{before}{self.name.mark(wanted)}{between}{self.summary.mark(wanted)}{after}{why}{end}"


WHY = Markup('<p class="app-card-why">{}</p>')


def cards(held: Catalog, ids: Sequence[int], wanted: frozenset[str]) -> Markup:
    """The cards of these apps, in this order."""
    drawn = "".join(face.card(wanted) for face in faces(held, ids))
    return Markup(drawn)  # noqa: S704 drawn by a template, filled with marked words


def faces(held: Catalog, ids: Sequence[int]) -> list[Face]:
    """Those made before come from memory; the others cost one query and one template together."""
    known = held.kept(f"faces {get_locale()}", dict[int, Face])
    missing = [app_id for app_id in ids if app_id not in known]
    if missing:
        if len(known) > MAX_KEPT:
            known.clear()
            missing = list(ids)
        known.update(_made(held, missing))
    return [known[app_id] for app_id in ids if app_id in known]


TOLD = text(
    """
    select a.id, a.slug, a.name, a.facts -> 'description' as description, a.maturity, a.rating, a.described_only,
           a.deprecated_at is not null as deprecated, city.name as publisher,
           (select array_agg(r.version) from releases r where r.app_id = a.id and r.yanked_at is null) as versions,
           (select count(*) from adoptions d where d.app_id = a.id) as adopters
      from apps a join cities city on city.id = a.publisher_id where a.id = any(:ids)
    """
)


def _made(held: Catalog, ids: list[int]) -> Iterator[tuple[int, Face]]:
    rows = held.line.rows(TOLD, {"ids": ids})
    language = str(get_locale())
    described = [rules.description({"description": row.description}, [language])[1] for row in rows]
    names = [_plain(texts.get("localisedName") or row.name) for row, texts in zip(rows, described, strict=True)]
    told = [_told(row, name) for row, name in zip(rows, names, strict=True)]
    drawn = render_template("catalog/cards.html", cards=told, gap=GAP, end=END).split(END)
    for row, texts, name, one, card in zip(rows, described, names, told, drawn, strict=False):
        features = tuple(Marker.of(_plain(feature)) for feature in texts.get("features") or ())
        summary = Marker.of(_plain(texts.get("shortDescription") or ""))
        yield row.id, Face(Marker.of(name), summary, features, row.publisher, one["url"], tuple(card.split(GAP)))


def _told(row: Row[Any], name: str) -> dict[str, Any]:
    """What the template draws of a card."""
    return {
        "url": url_for("catalog.show_app", app=row.slug), "letter": name[:1].upper(),
        "colour": sum(row.slug.encode()) % 6, "publisher": row.publisher, "version": rules.newest(row.versions or ()),
        "maturity": labels.maturity(row.maturity), "tone": labels.TONES.get(row.maturity, "muted"),
        "rating": row.rating, "adopters": row.adopters, "deprecated": row.deprecated, "described": row.described_only,
    }  # fmt: skip


def _plain(told: object) -> str:
    return str(told).replace(GAP, "").replace(END, "")
