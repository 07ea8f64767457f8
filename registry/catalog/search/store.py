"""The one index each process keeps of the catalog, and how it follows what is committed.

Who reads takes the newest `Edition` and keeps it to the end of the answer. The next one is made beside it and takes its
place when it is whole; until then, and when that fails, readers have the one before.
"""

from __future__ import annotations

import gc
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, Thread
from time import monotonic
from typing import Any, TypeVar

from flask import Flask, current_app

from registry.catalog.search import reading
from registry.catalog.search.index import Index
from registry.catalog.search.lexicon import lexicon
from registry.catalog.search.line import Line
from registry.catalog.search.spelling import Speller
from registry.core.logs import logger

Made = TypeVar("Made")

SMALL = 1_000
"""Entries up to which everything is read again at every change: a few hundredths of a second, and exactly in order.
Also the number of changed ones up to which a reader takes them in himself."""

WORN = 0.2
"""Share of used-up numbers from which a large index is made anew."""

BELIEVED = 0.1
"""Seconds for which what the database told of the version holds: so long may a change stay unseen."""

PAUSE = 10.0
"""Seconds before what failed is tried again."""


@dataclass(frozen=True)
class Edition:
    """The catalog as of a ``version`` ("" before the first look).

    ``horizon`` is the oldest transaction whose changes may be missing, ``seen`` the later ones that are in it.
    """

    index: Index
    version: str = ""
    horizon: int = 0
    seen: Mapping[int, int] = field(default_factory=dict)
    _made: dict[str, Any] = field(default_factory=dict)

    def kept(self, name: str, make: Callable[[], Made]) -> Made:
        """What was made of this edition; made when first asked for, gone with it."""
        if name not in self._made:
            self._made[name] = make()
        found: Made = self._made[name]
        return found

    def speller(self) -> Speller:
        """Knows the words of the catalog, and those of the synonyms."""
        return self.kept("speller", lambda: Speller({**dict.fromkeys(spoken(), 0), **self.index.word_counts()}.items()))

    def order(self, sort: str) -> Sequence[int]:
        """All numbers in the order of a sort."""
        return self.kept(f"order by {sort}", lambda: array("I", self.index.ordered(sort)))


class Catalog:
    """Keeps the newest edition for all threads of this process; one of them at a time makes the next."""

    def __init__(self) -> None:
        self.edition = Edition(Index(lexicon()))
        self.line = Line()
        self._lock = Lock()
        self._not_before = 0.0

    def refresh(self) -> None:
        """Take in what was committed since. A reader waits for that only at the first look; of a large catalog he takes
        in what changed, and what takes longer is done by a thread of its own.
        """
        first = not self.edition.version
        if not first and monotonic() < self._not_before:
            return
        asked = monotonic()
        if reading.version(self.line) == self.edition.version:
            self._not_before = asked + BELIEVED
        elif self._lock.acquire(blocking=first):
            beside = False
            try:
                with self._old_one_stays():
                    beside = self._follow()
            finally:
                if not beside:
                    self._lock.release()

    def _follow(self) -> bool:
        """Whether a thread goes on with it, and with the lock."""
        held, version = self.edition, reading.version(self.line)
        if version == held.version:
            return False
        if not held.version or held.index.size <= SMALL:
            self.edition = _whole(self.line)
            return False
        horizon, changed = reading.horizon(self.line), reading.changes(self.line, held.horizon)
        fresh = [app_id for app_id, when in changed.items() if held.seen.get(app_id) != when]
        if len(fresh) <= SMALL:
            _take_in(held.index, self.line, fresh)
            self.edition = Edition(held.index, version, horizon, changed)
        if len(fresh) <= SMALL and held.index.dead <= max(SMALL, WORN * held.index.size):
            return False
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        Thread(target=self._anew, args=(app,), name="catalog", daemon=True).start()
        return True

    def _anew(self, app: Flask) -> None:
        """On a line of its own, so that readers go on asking."""
        try:
            with app.app_context(), self._old_one_stays(), Line() as line:
                self.edition = _whole(line)
        finally:
            self._lock.release()

    @contextmanager
    def _old_one_stays(self) -> Iterator[None]:
        """When there is one: what went wrong is logged, and tried again after a pause."""
        try:
            yield
        except Exception as error:
            if not self.edition.version:
                raise
            self._not_before = monotonic() + PAUSE
            logger.error("the catalog's index was not renewed: the one before goes on", reason=str(error)[-300:])


def _whole(line: Line) -> Edition:
    """Read anew. What is asked first can only be older than the entries: then they are read again, never missed."""
    version, horizon = reading.version(line), reading.horizon(line)
    seen = reading.changes(line, horizon)
    index = Index(lexicon())
    index.fill(reading.entries(line))
    if index.size > SMALL:
        gc.freeze()  # it stays; visitors would wait for a collector that walks it again and again
    return Edition(index, version, horizon, seen)


def _take_in(index: Index, line: Line, ids: Sequence[int]) -> None:
    """Each entry by itself, beside readers: see `Index`."""
    found = {entry.id: entry for entry in reading.entries(line, ids)}
    for app_id in ids:
        if app_id in found:
            index.renew(found[app_id])
        else:
            index.drop(app_id)


def spoken() -> set[str]:
    """Words of the synonyms, used by an entry or not."""
    return {word for phrases in lexicon().same.values() for phrase in phrases for word in phrase}


def catalog() -> Edition:
    """The newest, as of now."""
    held = keeper()
    held.refresh()
    return held.edition


def keeper() -> Catalog:
    """This process's."""
    known = current_app.extensions
    found: Catalog = known.get("catalog_search") or known.setdefault("catalog_search", Catalog())
    return found
