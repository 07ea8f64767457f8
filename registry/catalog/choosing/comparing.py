"""Apps side by side: of each what a city weighs, and their features on common lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale
from sqlalchemy import select

from registry.catalog import rules, service
from registry.catalog.choosing.features import Kinds, Line, align, sort_out
from registry.catalog.choosing.rules import Chosen
from registry.catalog.models import Adoption, App, Release
from registry.catalog.trust import health
from registry.core.clock import now
from registry.core.db import db
from registry.hosting.plain import Manifest


@dataclass(frozen=True)
class Side:
    """One app. ``texts`` are those of ``language``, the visitor's or the best there is; ``days`` is the age of the
    newest release; ``needs`` its manifest. ``users`` run it now or did, longest users first.
    """

    app: App
    language: str
    texts: Mapping[str, Any]
    latest: Release | None
    days: int
    needs: Manifest | None
    users: tuple[Adoption, ...]
    health: tuple[health.Part, ...]
    fields: tuple[str, ...]

    @property
    def title(self) -> str:
        return str(self.texts.get("localisedName") or self.app.name)

    @property
    def running(self) -> tuple[str, ...]:
        """Names of the cities that run it now."""
        return tuple(one.city.name for one in self.users if one.running)

    @property
    def features(self) -> tuple[str, ...]:
        return tuple(map(str, self.texts.get("features") or ()))


@dataclass(frozen=True)
class Comparison:
    """``unknown`` names are of no app."""

    sides: tuple[Side, ...]
    features: tuple[Line, ...]
    unknown: tuple[str, ...]

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(side.app.slug for side in self.sides)

    @property
    def kinds(self) -> Kinds:
        """The features by who names them."""
        return sort_out(self.features, len(self.sides))


def compare(chosen: Chosen) -> Comparison:
    """In the order they were chosen."""
    known = {app.slug: app for app in db.session.scalars(select(App).where(App.slug.in_(_possible(chosen.slugs))))}
    sides = tuple(_side(known[slug]) for slug in chosen.slugs if slug in known)
    unknown = tuple(slug for slug in chosen.slugs if slug not in known)
    return Comparison(sides, align([side.features for side in sides]), unknown)


def _possible(slugs: Sequence[str]) -> list[str]:
    """PostgreSQL takes no text with a zero byte."""
    return [slug for slug in slugs if "\0" not in slug]


def _side(app: App) -> Side:
    latest = service.latest_release(app)
    language, texts = rules.description(app.facts, [str(get_locale())])
    return Side(
        app=app,
        language=language,
        texts=texts,
        latest=latest,
        days=max(0, (now() - latest.published_at).days) if latest else 0,
        needs=Manifest.from_json(latest.manifest) if latest else None,
        users=tuple(service.adopters(app)),
        health=health.of(app),
        fields=rules.national_fields(app.categories),
    )
