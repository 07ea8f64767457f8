"""Tells the shims who signed out: a small file in the folder each sandbox sees, replaced whole when it changes.

A city's plugins learn of the people of that city and of nobody else. What is older than any token is left out.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

import structlog

from registry.config import Settings
from registry.core.files import write_whole
from registry.host.database import Cursor

logger = structlog.get_logger("lumbung.host")

FILE = "signed-out.json"
HOURS = 14
"""A token and its renewals end twelve hours after the entry at the latest, and a quarter of an hour more."""

_NEWEST = "select coalesce(max(id), 0) as newest from sign_outs"
_RECENT = """
    with recent as (select user_id, city_id, at from sign_outs where at > now() - make_interval(hours => %(hours)s))
    select c.slug, told.user_id, extract(epoch from max(told.at))::float8 as at
      from (select s.user_id, m.city_id, s.at from recent s join memberships m on m.user_id = s.user_id
             where s.city_id is null
             union all select user_id, city_id, at from recent where city_id is not null) told
      join cities c on c.id = told.city_id
     group by c.slug, told.user_id"""


class Deployed(Protocol):
    """A deployment as far as it matters here."""

    @property
    def id(self) -> int: ...

    @property
    def city(self) -> str: ...


class SignedOut:
    """Keeps the files; asks for the people only when there is a newer sign-out, or a plugin that knows of none."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._newest = -1
        self._cities: Mapping[str, str] = {}
        self._told: dict[int, str] = {}

    def agree(self, cursor: Cursor, deployments: Iterable[Deployed]) -> None:
        """Bring the files of these deployments to what the table says. Raises psycopg.Error."""
        row = cursor.execute(_NEWEST).fetchone()
        newest = row["newest"] if row else 0
        if newest != self._newest:
            self._cities = _by_city(cursor)
            self._newest = newest
        for one in deployments:
            text, folder = self._cities.get(one.city, "{}"), self._settings.outside(one.id)
            if self._told.get(one.id) != text and folder.is_dir() and _replaced(folder / FILE, text):
                self._told[one.id] = text

    def forget(self, deployment: int) -> None:
        """Its folder is gone, or will be made anew."""
        self._told.pop(deployment, None)


def _by_city(cursor: Cursor) -> dict[str, str]:
    """The content of the file, by the city's slug."""
    cities: dict[str, dict[str, float]] = defaultdict(dict)
    for row in cursor.execute(_RECENT, {"hours": HOURS}):
        cities[row["slug"]][str(row["user_id"])] = row["at"]
    return {slug: json.dumps(people, sort_keys=True) for slug, people in cities.items()}


def _replaced(place: Path, text: str) -> bool:
    """Whether it could be written; if not, the next look tries again."""
    try:
        write_whole(place, text, mode=0o644)
    except OSError as error:
        logger.warning("a plugin was not told who signed out", place=str(place), error=str(error))
        return False
    return True
