"""Entries as they come from the database, and the one index each process keeps of them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import Row, select, text

from registry.catalog import rules
from registry.catalog.labels import INDONESIAN
from registry.catalog.search import classes
from registry.catalog.search.entry import Entry, Told
from registry.catalog.search.index import Index
from registry.catalog.search.lexicon import lexicon, words
from registry.catalog.search.line import Line
from registry.catalog.search.models import SearchChange
from registry.catalog.search.spelling import Speller
from registry.catalog.search.terms import LINES
from registry.catalog.state import EMPTY, CatalogState, Version

Made = TypeVar("Made")

SMALL = 1_000
"""Entries up to which everything is read again at every change: a few hundredths of a second, and exactly in order."""

WORN = 0.2
"""Share of used-up numbers from which a large index is made anew."""

OLDEST, NEXT = (f"pg_snapshot_{end}(pg_current_snapshot())::text::bigint" for end in ("xmin", "xmax"))
"""The oldest transaction that is not over, and the next that will begin."""

VERSION = f"select version, changed_at from {CatalogState.__tablename__}"  # noqa: S608 our own table

ENTRIES = """
    select a.id, a.slug, a.name, a.terms, a.maturity, a.licence, a.categories, a.dimensions, a.affairs, a.audience,
           a.runtime, a.needs, a.rating, a.described_only, a.deprecated_at is not null as deprecated,
           city.slug as publisher, city.name as publisher_name,
           coalesce(used.adopters, 0) as adopters, coalesce(used.running, 0) as running, released.versions,
           extract(epoch from coalesce(released.newest, a.created_at))::float as moment,
           coalesce(released.tested, false) as tested, said.description
      from apps a join cities city on city.id = a.publisher_id
      left join (select app_id, count(*) as adopters, count(*) filter (where running) as running
                   from adoptions group by app_id) used on used.app_id = a.id
      left join (select app_id, max(published_at) as newest, array_agg(version) as versions,
                        bool_or(rating @> '{"parts": [{"code": "tests", "reason": "some"}]}') as tested
                   from releases where yanked_at is null group by app_id) released on released.app_id = a.id
      left join lateral (select jsonb_object_agg(key, value - 'longDescription')::text as description
                           from jsonb_each(a.facts -> 'description') where jsonb_typeof(value) = 'object') said on true
     where a.id = any(:ids)
"""
RANKED = """
    select a.id from apps a
      left join (select app_id, count(*) filter (where running) as running from adoptions group by app_id) used
        on used.app_id = a.id
     order by a.described_only or a.deprecated_at is not null or a.maturity = 'obsolete',
              coalesce(used.running, 0) desc, case a.maturity when 'stable' then 0 when 'beta' then 1 else 2 end,
              lower(a.name), a.id
"""
AT_ONCE = 5_000
"""Entries read together: of a hundred thousand, all at once would take 720 MB for a moment, so 280."""


@dataclass
class Catalog:
    """The index of this process, as of a ``version`` of the catalog ("" before the first look)."""

    index: Index = field(default_factory=lambda: Index(lexicon()))
    version: str = ""
    _horizon: int = 0
    _seen: dict[int, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    line: Line = field(default_factory=Line)
    _made: tuple[str, dict[str, Any]] = ("", {})

    def refresh(self) -> None:
        """Take in what was committed since; while another thread does so, the catalog is as it was."""
        told = self.line.first(VERSION)
        version = str(Version(told.version, told.changed_at) if told else EMPTY)
        if version == self.version or not self._lock.acquire(blocking=not self.version):
            return
        try:
            horizon = self.line.rows(text(f"select {OLDEST}"))[0][0]
            changed = self._changes()
            self._take_in([app_id for app_id, when in changed.items() if self._seen.get(app_id) != when])
            self._horizon, self._seen, self.version = horizon, changed, version
        finally:
            self._lock.release()

    def _take_in(self, fresh: Sequence[int]) -> None:
        index = self.index
        worn = index.dead + len(fresh) > max(SMALL, WORN * index.size)
        if not self.version or index.size <= SMALL or worn:
            index = Index(lexicon())
            index.fill(self._entries())
            if index.size > SMALL:
                gc.freeze()  # it stays; visitors would wait for a collector that walks it again and again
        else:
            found = {entry.id: entry for entry in self._entries(fresh)}
            for app_id in fresh:
                if app_id in found:
                    index.renew(found[app_id])
                else:
                    index.drop(app_id)
        self.index = index

    def _changes(self) -> dict[int, int]:
        """What was changed by transactions that were not over at the last look: told twice at times, missed never.

        A mark from the future came with a backup from another server; the entry is read when it changes again.
        """
        mark = SearchChange.changed
        wanted = select(SearchChange.app_id, mark).where(mark >= self._horizon, mark < text(NEXT))
        return {row.app_id: row.changed for row in self.line.rows(wanted)}

    def _entries(self, ids: Sequence[int] | None = None) -> Iterator[Entry]:
        """These or all, best standing first; some thousands at a time, so that no more is in memory at once."""
        ranked = [row.id for row in self.line.rows(text(RANKED))] if ids is None else ids
        for at in range(0, len(ranked), AT_ONCE):
            some = list(ranked[at : at + AT_ONCE])
            rows = {row.id: row for row in self.line.rows(text(ENTRIES), {"ids": some})}
            yield from (_entry(rows[app_id]) for app_id in some if app_id in rows)

    def kept(self, name: str, make: Callable[[], Made]) -> Made:
        """What was made of this version of the catalog; made when first asked for, gone with the version."""
        if self._made[0] != self.version:
            self._made = self.version, {}
        made = self._made[1]
        if name not in made:
            made[name] = make()
        found: Made = made[name]
        return found

    def speller(self) -> Speller:
        """Knows the words of the catalog, and those of the synonyms."""
        return self.kept("speller", lambda: Speller({**dict.fromkeys(spoken(), 0), **self.index.word_counts()}.items()))

    def order(self, sort: str) -> list[int]:
        """All numbers in the order of a sort."""
        return self.kept(f"order by {sort}", lambda: self.index.ordered(sort))


def spoken() -> set[str]:
    """Words of the synonyms, used by an entry or not."""
    return {word for phrases in lexicon().same.values() for phrase in phrases for word in phrase}


def catalog() -> Catalog:
    """This process's, as of now."""
    known = current_app.extensions
    held: Catalog = known.get("catalog_search") or known.setdefault("catalog_search", Catalog())
    held.refresh()
    return held


def _entry(row: Row[Any]) -> Entry:
    facets = {
        "dimension": row.dimensions, "affair": row.affairs, "audience": row.audience, "category": row.categories,
        "maturity": [row.maturity], "licence": [row.licence], "runtime": [row.runtime] if row.runtime else [],
        "needs": _needs(row), "rating": [row.rating] if row.rating else [], "publisher": [row.publisher],
        "used": ["yes"] if row.running else [], "released": ["yes"] if row.tested else [],
    }  # fmt: skip
    held = dict(zip(LINES, row.terms.split("\n"), strict=False))
    held["field"] = " ".join([
        *(_class_words("dimension", code) for code in row.dimensions),
        *(_class_words("affair", code) for code in row.affairs),
        *(_label_words(code) for code in (*row.categories, *row.audience)), _plain(row.publisher_name),
    ])  # fmt: skip
    used = min(9, 3 * row.running.bit_length())
    standing = used + {"stable": 6, "beta": 3}.get(row.maturity, 0)
    behind = row.described_only or row.deprecated or row.maturity == "obsolete"
    told = Told(row.publisher_name, row.description or "{}", rules.newest(row.versions or ()) or "", row.adopters,
                row.maturity, row.rating, row.deprecated, row.described_only)  # fmt: skip
    return Entry(row.id, row.slug, row.name, held, facets, standing, behind, row.moment, row.running, told)


def _needs(row: Row[Any]) -> list[str]:
    """What it needs, and as ``-code`` what it does without: both unknown where there is no release yet."""
    without = [f"-{code}" for code in rules.NEEDS if code not in row.needs]
    return [*row.needs, *without] if row.runtime else []


@lru_cache(maxsize=200)
def _class_words(kind: str, code: str) -> str:
    return " ".join(words(" ".join(classes.name(kind, code, language) for language in ("id", "en"))))


@lru_cache(maxsize=500)
def _label_words(code: str) -> str:
    return " ".join(words(f"{code.replace('-', ' ')} {INDONESIAN.get(code, '')}"))


@lru_cache(maxsize=2000)
def _plain(name: str) -> str:
    return " ".join(words(name))
