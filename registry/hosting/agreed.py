"""What the room of agreements shows of a city's plugins, and how a maintainer closes them for citizens."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from registry.hosting import reading, upkeep
from registry.hosting.models import Deployment
from registry.tenants.agreements.seams import Effect
from registry.tenants.models import City


def effects(city: City) -> list[Effect]:
    text = _("These plugins go on running, with their data and settings; they can no longer be upgraded:")
    return [Effect(text, tuple(one.name for one in _open(city)))]


class Closer:
    """See `registry.tenants.agreements.seams.Closer`."""

    def running(self, city: City) -> list[str]:
        return [one.name for one in _open(city)]

    def close(self, city: City, words: str) -> list[str]:
        found = _open(city)
        for one in found:
            upkeep.set_maintenance(city, one, words)
        return [one.name for one in found]

    def reopen(self, city: City, names: Sequence[str], words: str) -> list[str]:
        found = [one for one in reading.deployments(city) if one.name in names and one.maintenance == words]
        for one in found:
            upkeep.set_maintenance(city, one, "")
        return [one.name for one in found]


def _open(city: City) -> list[Deployment]:
    """Reached by citizens: switched on, not closed for maintenance already, not a copy for trying."""
    return [one for one in reading.deployments(city) if one.enabled and not one.maintenance and one.trial_of is None]
