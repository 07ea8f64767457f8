"""Entries as the database tells them, and what it tells of their changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from sys import intern
from typing import Any

from sqlalchemy import Row, select, text

from registry.catalog import rules
from registry.catalog.labels import INDONESIAN
from registry.catalog.search import classes
from registry.catalog.search.entry import Entry, Told
from registry.catalog.search.lexicon import words
from registry.catalog.search.line import Line
from registry.catalog.search.models import SearchChange
from registry.catalog.search.terms import LINES
from registry.catalog.state import EMPTY, CatalogState, Version

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


def version(line: Line) -> str:
    """Of the catalog, now."""
    told = line.first(VERSION)
    return str(Version(told.version, told.changed_at) if told else EMPTY)


def horizon(line: Line) -> int:
    """What is not over yet began here or later."""
    found: int = line.rows(text(f"select {OLDEST}"))[0][0]
    return found


def changes(line: Line, since: int) -> dict[int, int]:
    """Apps changed by transactions that were not over at the last look: told twice at times, missed never.

    A mark from the future came with a backup from another server; the entry is read when it changes again.
    """
    mark = SearchChange.changed
    wanted = select(SearchChange.app_id, mark).where(mark >= since, mark < text(NEXT))
    return {row.app_id: row.changed for row in line.rows(wanted)}


def entries(line: Line, ids: Sequence[int] | None = None) -> Iterator[Entry]:
    """These or all, best standing first; some thousands at a time, so that no more is in memory at once."""
    ranked = [row.id for row in line.rows(text(RANKED))] if ids is None else ids
    for at in range(0, len(ranked), AT_ONCE):
        some = list(ranked[at : at + AT_ONCE])
        rows = {row.id: row for row in line.rows(text(ENTRIES), {"ids": some})}
        yield from (_entry(rows[app_id]) for app_id in some if app_id in rows)


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
    version = rules.newest(row.versions or ()) or ""
    told = Told(intern(row.publisher_name), row.description or "{}", intern(version), row.adopters,
                intern(row.maturity), intern(row.rating), row.deprecated, row.described_only)  # fmt: skip
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
