"""Apps as the list shows them: what does not depend on the question is made once per app, language and version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import get_locale
from markupsafe import Markup, escape

from registry.catalog import labels, rules
from registry.catalog.search.find import Listed, listed
from registry.catalog.search.mark import best, mark
from registry.catalog.search.store import Catalog


@dataclass(frozen=True)
class Face:
    """An app in one language. ``state`` is "deprecated", "described" (no source yet) or ""."""

    id: int
    slug: str
    url: str
    name: str
    own_name: str
    by: str
    version: str
    text: str
    features: tuple[str, ...]
    maturity: str
    tone: str
    adopters: int
    rating: str
    state: str
    colour: int

    @property
    def letter(self) -> str:
        return self.name[:1].upper()


@dataclass(frozen=True)
class Card:
    """A face with the words marked that it was found by; ``feature`` is the one that says why, "" without."""

    face: Face
    name: Markup
    text: Markup
    feature: Markup


def cards(held: Catalog, ids: Iterable[int], wanted: frozenset[str]) -> list[Card]:
    """In the order of the ids."""
    return [_card(face, wanted) for face in faces(held, list(ids))]


def faces(held: Catalog, ids: list[int]) -> list[Face]:
    """Those made before come from memory; the others cost three queries together."""
    known = held.kept(f"faces {get_locale()}", dict[int, Face])
    missing = [app_id for app_id in ids if app_id not in known]
    if missing:
        if len(known) > MAX_KEPT:
            known.clear()
            missing = ids
        known.update((one.app.id, _face(one)) for one in listed(missing))
    return [known[app_id] for app_id in ids if app_id in known]


MAX_KEPT = 2_000
"""Faces per language, some 3 kB each."""


def _face(one: Listed) -> Face:
    app = one.app
    texts = rules.description(app.facts, [str(get_locale())])[1]
    state = "deprecated" if app.deprecated_at else "described" if app.described_only else ""
    return Face(
        app.id, app.slug, url_for("catalog.show_app", app=app.slug), str(texts.get("localisedName") or app.name),
        app.name, app.publisher.name, one.version, str(texts.get("shortDescription", "")),
        tuple(map(str, texts.get("features") or ())), labels.maturity(app.maturity),
        labels.TONES.get(app.maturity, "muted"), one.adopters, app.rating, state, sum(app.slug.encode()) % 6,
    )  # fmt: skip


def _card(face: Face, wanted: frozenset[str]) -> Card:
    if not wanted:
        return Card(face, escape(face.name), escape(face.text), Markup())
    return Card(face, mark(face.name, wanted), mark(face.text, wanted), mark(best(face.features, wanted), wanted))
