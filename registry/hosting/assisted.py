"""Which plugins a city may name when it asks for assistance."""

from __future__ import annotations

from registry.catalog.assistance.seams import Plugin
from registry.hosting import reading
from registry.tenants.models import City


def plugins(city: City) -> list[Plugin]:
    """By name, copies for trying left out; each with the version that serves."""
    found = [one for one in reading.deployments(city) if one.trial_of is None]
    apps, serving = reading.apps(city), reading.serving_of(found)
    return [
        Plugin(one.name, apps[one.fork_id].id, serving[one.id].version if one.id in serving else "") for one in found
    ]
