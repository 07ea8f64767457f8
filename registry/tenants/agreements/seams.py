"""What rooms above tell about themselves when an agreement changes: apps there are, what an end closes, what runs.

Each registers itself in its ``init_app``; nothing here imports them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from flask import Flask, current_app

from registry.tenants.models import City

APPS, EFFECTS, CLOSER = "agreements.apps", "agreements.effects", "agreements.closer"

AppLister = Callable[[], dict[str, str]]
"""Every app an agreement may name: slug and name, by name."""


@dataclass(frozen=True)
class Effect:
    """What becomes of one kind of things: a sentence, and the things by name."""

    text: str
    items: tuple[str, ...]


EffectTeller = Callable[[City], Sequence[Effect]]
"""Of a room above: what the city has of it and what an ended agreement means for that, in the asker's language."""


class Closer(Protocol):
    """Of the room that runs plugins. Each is called in the open unit of work, in the scope of city or programme."""

    def running(self, city: City) -> list[str]:
        """The names of the plugins citizens reach now."""

    def close(self, city: City, words: str) -> list[str]:
        """Show citizens ``words`` instead of each; answers with the names of those it closed."""

    def reopen(self, city: City, names: Sequence[str], words: str) -> list[str]:
        """Open those of ``names`` that still show ``words``; answers with their names."""


def add_apps(app: Flask, lister: AppLister) -> None:
    app.extensions[APPS] = lister


def add_effects(app: Flask, teller: EffectTeller) -> None:
    app.extensions.setdefault(EFFECTS, []).append(teller)


def add_closer(app: Flask, closer: Closer) -> None:
    app.extensions[CLOSER] = closer


def apps() -> dict[str, str]:
    lister: AppLister = current_app.extensions.get(APPS, dict)
    return lister()


def effects(city: City) -> list[Effect]:
    found = [effect for teller in current_app.extensions.get(EFFECTS, []) for effect in teller(city)]
    return [one for one in found if one.items]


def closer() -> Closer:
    """Raises KeyError where no room runs plugins."""
    found: Closer = current_app.extensions[CLOSER]
    return found
