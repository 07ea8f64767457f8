"""The doors to a request: the asking city's console, the programme's pages, the console of a variant's publisher."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, url_for

from registry.catalog.assistance import reading, rules
from registry.catalog.assistance.models import AssistanceRequest
from registry.tenants import access
from registry.tenants.models import City

ASKS, PROGRAMME, GIVES = "asks", "programme", "gives"
"""Where somebody came in: as the city that asks, as a maintainer, as a city that publishes a variant."""

PATHS = {
    ASKS: "/console/<city>/assistance",
    GIVES: "/console/<city>/assistance-given",
    PROGRAMME: "/programme/assistance",
}
SEE, WRITE = "see", "write"
PERMISSIONS = {
    ASKS: {SEE: "assistance.see", WRITE: "assistance.write"},
    GIVES: {SEE: "assistance.see", WRITE: "assistance.write"},
    PROGRAMME: {SEE: "programme.see", WRITE: "programme.manage"},
}


@dataclass(frozen=True)
class Door:
    """Whoever came in: for which city, and where."""

    city: City
    place: str

    @property
    def side(self) -> str:
        return rules.CITY if self.place == ASKS else rules.HELPER

    @property
    def base(self) -> str:
        """The template whose navigation stays around the page."""
        return "programme.html" if self.place == PROGRAMME else "console.html"

    @property
    def may_write(self) -> bool:
        return bool(access.may(PERMISSIONS[self.place][WRITE], self.city))

    def url(self, endpoint: str, **values: Any) -> str:
        """The address of a page of this room in the same place."""
        own: dict[str, Any] = {} if self.place == PROGRAMME else {"city": self.city.slug}
        return url_for(f"assistance.{endpoint}", place=self.place, **own, **values)

    def request(self, request_id: int) -> AssistanceRequest:
        """Raises NotFoundError for one that is not behind this door."""
        return reading.find(self.side, self.city, request_id)


def enter(place: str, slug: str, what: str) -> Door:
    """``what`` is `SEE` or `WRITE`. Raises SignInNeededError, NotFoundError for strangers, ForbiddenError."""
    permission = PERMISSIONS[place][what]
    if place == PROGRAMME:
        return Door(access.enter_programme(permission), place)
    if place == GIVES:
        return Door(access.enter_helping(slug, permission), place)
    return Door(access.enter_city(slug, permission), place)


def every(
    blueprint: Blueprint, path: str, methods: tuple[str, ...] = ("GET",), places: tuple[str, ...] = tuple(PATHS)
) -> Callable[..., Any]:
    """Register a view in these places; it is given ``place``, and addresses are made with it."""

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        for place in places:
            defaults = {"place": place, **({"city": ""} if place == PROGRAMME else {})}
            rule = f"{PATHS[place]}{path}"
            blueprint.add_url_rule(rule, view.__name__, view, methods=list(methods), defaults=defaults)
        return view

    return register
