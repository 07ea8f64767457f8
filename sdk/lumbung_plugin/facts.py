"""The city's facts as they are now; the environment has those of the plugin's start."""

import threading
import time
from dataclasses import dataclass, fields
from typing import Any

from lumbung_plugin import outside
from lumbung_plugin.city import City, city

KEPT_SECONDS = 60.0
MAX_UNITS = 2_000


@dataclass(frozen=True)
class Unit:
    """A unit of the city's government (OPD). `id` is its number in the registry and stays when it is renamed."""

    id: int
    name: str


@dataclass(frozen=True)
class _Told:
    at: float
    city: City | None = None
    units: tuple[Unit, ...] = ()


_lock = threading.Lock()
_known: _Told | None = None


def tenant() -> City:
    """Like `city()`, but asked of Lumbung at most once a minute: a new name or colour is seen without a restart.

    Never raises: alone, or while Lumbung does not answer, it is what was last known.
    """
    return _present().city or city()


def units() -> list[Unit]:
    """The city's units by name, asked together with `tenant()`, at most once a minute.

    Never raises: what was last known while Lumbung does not answer, nothing when the plugin runs alone.
    """
    return list(_present().units)


def _present() -> _Told:
    global _known
    with _lock:
        now = time.monotonic()
        if _known is None or now - _known.at > KEPT_SECONDS:
            last = _known or _Told(now)
            _known = _asked(now) or _Told(now, last.city, last.units)
        return _known


def _asked(now: float) -> _Told | None:
    try:
        told: Any = outside.checked(outside.ask("GET", "/tenant", seconds=3.0)).json()
        found = City(**{field.name: told[field.name] for field in fields(City)})
        # A registry older than this library tells no units.
        listed = told.get("units", [])[:MAX_UNITS]
        return _Told(now, found, tuple(Unit(int(one["id"]), str(one["name"])) for one in listed))
    except (outside.OutsideError, ValueError, KeyError, TypeError, AttributeError):
        return None
