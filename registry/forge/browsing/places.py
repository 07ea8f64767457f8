"""Which repository a page is about, and who may look: an app's upstream is public, a city's fork is for its people."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from registry.catalog import service as catalog
from registry.catalog.models import App, Release
from registry.core.errors import ForbiddenError, NotFoundError
from registry.forge import service, storage
from registry.forge.browsing import refs
from registry.forge.browsing.diffs import diff
from registry.forge.browsing.patches import Diff
from registry.forge.browsing.turns import turn
from registry.tenants.access import enter_city, may
from registry.tenants.models import City

MAIN = "main"


@dataclass(frozen=True)
class Place:
    """A repository that is looked at. ``city`` is None for the app's upstream."""

    app: App
    city: City | None
    repository: Path

    @property
    def url(self) -> dict[str, Any]:
        """What `url_for` needs to stay in this repository."""
        return {"app": self.app.slug, "city": self.city.slug if self.city else ""}

    @property
    def name(self) -> str:
        return f"{self.city.slug}/{self.app.slug}" if self.city else self.app.slug

    @property
    def clone_url(self) -> str:
        return service.clone_url(self.app.slug, self.city.slug if self.city else "")

    def changes(self, old: str | None, new: str, path: str = "") -> Diff:
        """What pages show between two commits (full ids); waits for its turn. Raises UnavailableError."""
        with turn():
            return diff(self.repository, old, new, path=path)

    @property
    def may_write(self) -> bool:
        """For templates; `demand_write` is the door."""
        return self.city is not None and self.city.state == "admitted" and may("fork.push", self.city)

    @property
    def default(self) -> str:
        """The version a page shows unasked: of an upstream what cities adopt, of a fork its main."""
        release = None if self.city else catalog.latest_release(self.app)
        return release.tag if release else MAIN

    def release_of(self, commit: str) -> Release | None:
        """The app's release that is this commit, when this is its upstream."""
        if self.city:
            return None
        return next((one for one in catalog.releases_of(self.app) if one.commit == commit), None)

    def version(self, asked: str, default: str = "") -> refs.Version:
        """Raises NotFoundError."""
        return refs.resolve(self.repository, asked or default or self.default)


def enter(app: str, city: str, permission: str = "city.see") -> Place:
    """Raises NotFoundError for what is not there or not for this person to know of, SignInNeededError."""
    storing = storage.here()
    if not city:
        found = catalog.get_app(app)
        return _existing(Place(found, None, storing.upstream(found.slug)))
    entered = enter_city(city, permission)
    fork = service.fork_of(entered, app)
    return _existing(Place(fork.app, entered, storing.fork(entered.slug, fork.app.slug)))


def enter_to_write(app: str, city: str) -> Place:
    """A fork that this person may change. Raises ForbiddenError, too."""
    place = enter(app, city, "fork.push")
    if place.city is None or place.city.state != "admitted":
        name = place.city.name if place.city else place.app.name
        raise ForbiddenError(_("%(city)s does not take part at present; its forks are read-only.", city=name))
    return place


def _existing(place: Place) -> Place:
    if not place.repository.is_dir():
        raise NotFoundError(_("The source of %(app)s is not here.", app=place.app.name))
    return place
