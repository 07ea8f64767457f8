"""The two doors to an agreement: the city's console and the programme's pages. What is behind them is the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, url_for

from registry.tenants import access
from registry.tenants.agreements import rules
from registry.tenants.models import City
from registry.tenants.service import find_city

CONSOLE, PROGRAMME = "/console/<city>", "/programme/cities/<city>"
PERMISSIONS = {
    rules.PARTNER: {"see": "agreement.see", "act": "agreement.act"},
    rules.PUBLISHER: {"see": "programme.see", "act": "programme.manage"},
}


@dataclass(frozen=True)
class Door:
    """Whoever came in: for which city, on which side."""

    city: City
    side: str

    @property
    def base(self) -> str:
        """The template whose navigation stays around the page."""
        return "console.html" if self.side == rules.PARTNER else "programme.html"

    @property
    def may_act(self) -> bool:
        if self.side == rules.PUBLISHER:
            return True
        return bool(access.may("agreement.act", self.city))

    def url(self, endpoint: str, **values: Any) -> str:
        """The address of a page of this room on the same side."""
        return url_for(f"agreements.{endpoint}", side=self.side, city=self.city.slug, **values)

    @property
    def home(self) -> str:
        """The list the person came from."""
        if self.side == rules.PARTNER:
            return url_for("agreements.overview", city=self.city.slug)
        return url_for("tenants.programme_city", city=self.city.slug)


def enter(side: str, slug: str, what: str) -> Door:
    """Raises as `access.enter_city` and `access.enter_programme` do; ``what`` is ``see`` or ``act``."""
    permission = PERMISSIONS[side][what]
    if side == rules.PARTNER:
        return Door(access.enter_city(slug, permission), side)
    access.enter_programme(permission)
    return Door(find_city(slug), side)


def both(blueprint: Blueprint, path: str, methods: tuple[str, ...] = ("GET",)) -> Callable[..., Any]:
    """Register a view under both doors; it is given ``side``, and addresses are made with it."""

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        for side, place in ((rules.PARTNER, CONSOLE), (rules.PUBLISHER, PROGRAMME)):
            blueprint.add_url_rule(
                f"{place}/agreements{path}", view.__name__, view, methods=list(methods), defaults={"side": side}
            )
        return view

    return register
