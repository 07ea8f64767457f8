"""What an app's page shows, gathered: the app's own words, its newest release, who uses it, what a visitor may do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from flask_babel import get_locale
from markupsafe import Markup

from registry.catalog import agreed, pictures, rules, seams, service
from registry.catalog.markdown import render
from registry.catalog.models import Adoption, App, Release
from registry.catalog.pictures import Picture
from registry.catalog.trust import health
from registry.catalog.trust.health import Part
from registry.catalog.variants import Difference, Sheet, difference, sheet
from registry.catalog.voices import questions
from registry.catalog.voices import service as voices
from registry.catalog.voices.models import Declaration, Question
from registry.core import scope
from registry.core.clock import today
from registry.hosting.plain import Manifest
from registry.tenants import access
from registry.tenants import rules as policy
from registry.tenants.agreements.service import active_pks
from registry.tenants.models import City

MAX_RELEASES = 8
"""Open on the page; older ones are folded away."""

MAX_KIN = 6
"""Variants told feature by feature; all are named."""


@dataclass(frozen=True)
class ForkOffer:
    """What the page offers a city admin: the fork ``city`` has at the address ``fork``, else to fork when ``ready``,
    else what is missing first.
    """

    city: City
    fork: str | None
    ready: bool
    others: tuple[City, ...]


@dataclass(frozen=True)
class Contractor:
    """Who is paid to maintain the app; ``expired``: the contract as published has ended."""

    name: str
    until: date | None
    email: str
    website: str
    expired: bool


@dataclass(frozen=True)
class Kin:
    """The original of the app shown (``is_original``) or a variant of it, with what the variant changed."""

    app: App
    is_original: bool
    difference: Difference


@dataclass(frozen=True)
class AppPage:
    """``texts`` are those of ``language``, the visitor's or the best there is; ``needs`` is the newest release's.

    ``speaks``: the visitor may declare and ask for a city; ``may_moderate``: may answer and hide.
    """

    app: App
    latest: Release | None
    needs: Manifest | None
    language: str
    texts: Mapping[str, Any]
    story: Markup
    pictures: tuple[Picture, ...]
    logo: str
    fields: tuple[str, ...]
    adopters: tuple[Adoption, ...]
    variants: tuple[App, ...]
    kin: tuple[Kin, ...]
    releases: tuple[Release, ...]
    contractors: tuple[Contractor, ...]
    health: tuple[Part, ...]
    declarations: tuple[Declaration, ...]
    questions: tuple[Question, ...]
    speaks: bool
    may_moderate: bool
    offer: ForkOffer | None

    @property
    def running(self) -> int:
        """How many cities run it now."""
        return sum(adoption.running for adoption in self.adopters)

    @property
    def supports(self) -> tuple[str, ...]:
        """Standards and laws the app says it keeps, as names or addresses."""
        return tuple(str(one.get("id", "")) for one in self.app.facts.get("supports") or ())


def gather(app: App) -> AppPage:
    """All of one app in the visitor's language."""
    latest = service.latest_release(app)
    others = service.variants_of(app)
    language, texts = rules.description(app.facts, [str(get_locale())])
    return AppPage(
        app=app,
        latest=latest,
        needs=Manifest.from_json(latest.manifest) if latest else None,
        language=language,
        texts=texts,
        story=render(str(texts.get("longDescription", ""))),
        pictures=pictures.screenshots(texts) if latest else (),
        logo=pictures.inside(str(app.facts.get("logo") or "")) if latest else "",
        fields=rules.national_fields(app.categories),
        adopters=tuple(service.adopters(app)),
        variants=tuple(others),
        kin=tuple(_kin(app, others[:MAX_KIN], language)),
        releases=tuple(service.releases_of(app)),
        contractors=_contractors(app),
        health=health.of(app),
        declarations=tuple(voices.declarations_of(app)),
        questions=tuple(questions.questions_of(app)),
        speaks=bool(voices.cities_of_asker()),
        may_moderate=any(
            one.city.publisher and policy.allows("app.publish", {one.role}) for one in access.memberships()
        ),
        offer=_offer(app),
    )


def _kin(app: App, others: Iterable[App], language: str) -> Iterator[Kin]:
    mine = _sheet(app, language)
    if app.based_on:
        yield Kin(app.based_on, True, difference(_sheet(app.based_on, language), mine))
    for other in others:
        yield Kin(other, False, difference(mine, _sheet(other, language)))


def _sheet(app: App, language: str) -> Sheet:
    latest = service.latest_release(app)
    version = latest.version if latest else ""
    return sheet(app.facts, language, publisher=app.publisher.name, licence=app.licence, maturity=app.maturity,
                 version=version)  # fmt: skip


def _contractors(app: App) -> tuple[Contractor, ...]:
    return tuple(_contractor(one) for one in app.facts["maintenance"].get("contractors") or ())


def _contractor(facts: Mapping[str, Any]) -> Contractor:
    until = _date(str(facts.get("until", "")))
    texts = [str(facts.get(name) or "") for name in ("name", "email", "website")]
    return Contractor(texts[0], until, texts[1], texts[2], until is not None and until < today())


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _offer(app: App) -> ForkOffer | None:
    """For admins of admitted cities: the one named by ``?city=``, else the first; nothing to fork without source."""
    mine = [one.city for one in access.memberships() if policy.allows("fork.create", {one.role})]
    cities = {city.slug: city for city in mine if city.state == "admitted"}
    if not cities or app.described_only:
        return None
    wished = request.args.get("city", "")
    city = cities.pop(wished) if wished in cities else cities.pop(next(iter(cities)))
    scope.enter_city(city.id)
    ready = city.publisher or active_pks(city.id, agreed.name_in_scope(app, city)) is not None
    return ForkOffer(city, seams.fork_place(city, app), ready, tuple(cities.values()))
