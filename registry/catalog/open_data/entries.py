"""The catalog from end to end, some hundred entries in memory at a time, as it was at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from registry.catalog import rules
from registry.catalog.models import Adoption, App, Release
from registry.catalog.state import EMPTY, CatalogState, Version
from registry.core.db import db
from registry.tenants.models import City

BATCH = 200

APP = (
    App.id, App.uid, App.slug, App.name, App.maturity, App.licence, App.categories, App.dimensions, App.affairs,
    App.audience, App.runtime, App.needs, App.rating, App.described_only, App.deprecated_at, App.deprecation, App.facts,
    App.based_on_id, App.successor_id, App.created_at, App.updated_at, City.slug.label("city_slug"),
    City.code.label("city_code"), City.name.label("city_name"),
)  # fmt: skip
RELEASE = (
    Release.app_id, Release.version, Release.published_at, Release.size, Release.sha256, Release.yanked_at,
    Release.yank_reason,
)  # fmt: skip
ADOPTION = (Adoption.app_id, Adoption.since, Adoption.version, Adoption.running, City.slug, City.code, City.name)


@dataclass(frozen=True)
class Whole:
    """One app with all that belongs to it; ``names`` are slugs of the apps it names, by id."""

    app: Row[Any]
    releases: Sequence[Row[Any]]
    adoptions: Sequence[Row[Any]]
    names: Mapping[int, str]

    @property
    def newest(self) -> str:
        """The newest version that is not withdrawn, "" without one."""
        return rules.newest(one.version for one in self.releases if one.yanked_at is None) or ""


@dataclass(frozen=True)
class Snapshot:
    """The catalog at the moment ``version`` was read; the connection sees no later change."""

    connection: Connection
    version: Version
    count: int

    def entries(self) -> Iterator[Whole]:
        """In the order of their slug."""
        after = ""
        while rows := self._apps(after):
            yield from self._whole(rows)
            after = rows[-1].slug

    def _apps(self, after: str) -> Sequence[Row[Any]]:
        wanted = select(*APP).join(City, City.id == App.publisher_id).where(App.slug > after)
        return self.connection.execute(wanted.order_by(App.slug).limit(BATCH)).all()

    def _whole(self, rows: Sequence[Row[Any]]) -> Iterator[Whole]:
        ids = [row.id for row in rows]
        releases = self._by_app(select(*RELEASE).where(Release.app_id.in_(ids)).order_by(Release.id))
        adopters = select(*ADOPTION).join(City, City.id == Adoption.city_id).where(Adoption.app_id.in_(ids))
        adoptions = self._by_app(adopters.order_by(Adoption.since, Adoption.city_id))
        named = {number for row in rows for number in (row.based_on_id, row.successor_id) if number}
        names = dict(self.connection.execute(select(App.id, App.slug).where(App.id.in_(named))).tuples().all())
        for row in rows:
            yield Whole(row, releases.get(row.id, ()), adoptions.get(row.id, ()), names)

    def _by_app(self, statement: Any) -> dict[int, list[Row[Any]]]:
        found: dict[int, list[Row[Any]]] = {}
        for row in self.connection.execute(statement):
            found.setdefault(row.app_id, []).append(row)
        return found


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """A connection of its own: the request's may have written something nobody else should see yet."""
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        row = connection.execute(select(CatalogState.version, CatalogState.changed_at)).first()
        count = connection.execute(select(db.func.count()).select_from(App)).scalar_one()
        yield Snapshot(connection, Version(*row) if row else EMPTY, count)
