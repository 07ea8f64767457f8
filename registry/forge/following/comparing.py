"""What an app's newer version brings and asks for, told from what both say of themselves. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from registry.hosting.plain import Manifest

MAX_NAMES = 40


@dataclass(frozen=True)
class Described:
    """A version as it describes itself: ``features`` in the reader's language, ``grade`` of its safety rating or ""."""

    manifest: Manifest
    schema: Mapping[str, Any]
    features: tuple[str, ...]
    lock: str
    grade: str


@dataclass(frozen=True)
class Point:
    """One difference: ``code`` says which (`registry.forge.following.news_words`), ``names`` what it is about.

    ``tone`` is ok for what is gained, warn for what somebody must think about, info for the rest.
    """

    code: str
    names: tuple[str, ...]
    tone: str = "info"


def differences(old: Described, new: Described) -> tuple[Point, ...]:
    """In the order people ask: what is new, what must I set, what does it want, what else changes."""
    return tuple(point for judge in _JUDGES for point in judge(old, new) if point.names)


def _features(old: Described, new: Described) -> Iterator[Point]:
    yield _added("features-new", old.features, new.features, "ok")
    yield _added("features-gone", new.features, old.features, "warn")


def _config(old: Described, new: Described) -> Iterator[Point]:
    before, after = _properties(old.schema), _properties(new.schema)
    required = [name for name in new.schema.get("required") or () if name not in (old.schema.get("required") or ())]
    yield Point("config-required", _named(required), "warn")
    yield _added("config-new", before, [name for name in after if name not in required])
    yield _added("config-gone", after, before, "warn")


def _outside(old: Described, new: Described) -> Iterator[Point]:
    one, other = old.manifest, new.manifest
    yield _added("egress-new", one.egress, other.egress, "warn")
    yield _added("egress-gone", other.egress, one.egress, "ok")
    yield Point("mail-new", ("mail",) if other.mail and not one.mail else (), "warn")
    yield _added("uses-new", one.uses, other.uses, "warn")
    yield _added("uses-gone", other.uses, one.uses)
    yield _added("provides-new", one.provides, other.provides)
    yield _added("provides-gone", other.provides, one.provides, "warn")


def _inside(old: Described, new: Described) -> Iterator[Point]:
    one, other = old.manifest, new.manifest
    yield _added("staff-gone", other.staff, one.staff, "warn")
    yield _added("tasks-new", [task.name for task in one.tasks], [task.name for task in other.tasks])
    yield _added("tasks-gone", [task.name for task in other.tasks], [task.name for task in one.tasks], "warn")
    yield Point("store", (other.store,) if one.store != other.store else (), "warn")
    yield Point("runtime", (other.runtime,) if one.runtime != other.runtime else ())
    before, after = one.limits.to_json(), other.limits.to_json()
    yield Point("limits", _named(name for name in after if after[name] > before[name]))
    yield Point("libraries", ("requirements.txt",) if old.lock != new.lock else ())


def _rating(old: Described, new: Described) -> Iterator[Point]:
    if old.grade and new.grade and old.grade != new.grade:
        yield Point("rating", (old.grade, new.grade), "warn" if new.grade > old.grade else "ok")


_JUDGES = (_features, _config, _outside, _inside, _rating)


def _properties(schema: Mapping[str, Any]) -> tuple[str, ...]:
    found = schema.get("properties")
    return tuple(found) if isinstance(found, Mapping) else ()


def _added(code: str, old: Iterable[str], new: Iterable[str], tone: str = "info") -> Point:
    known = set(old)
    return Point(code, _named(name for name in new if name not in known), tone)


def _named(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(names)[:MAX_NAMES]
