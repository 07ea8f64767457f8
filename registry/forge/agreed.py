"""What the room of agreements shows of a city's forks before a PKS is ended."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.forge import service
from registry.tenants.agreements.seams import Effect
from registry.tenants.models import City


def effects(city: City) -> list[Effect]:
    names = tuple(sorted(fork.app.name for fork in service.forks_of(city)))
    return [Effect(_("These forks stay with the city, and take no new ones beside them:"), names)]
