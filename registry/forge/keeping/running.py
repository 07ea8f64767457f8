"""A round of upkeep: every repository is measured by its files, those that need it are kept, one at a time.

Nothing is remembered between rounds but when each was last packed: what a killed round left is found again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select

from registry.core.clock import now as clock_now
from registry.core.db import db
from registry.core.logs import logger
from registry.core.uow import unit_of_work
from registry.forge import git, storage
from registry.forge.keeping import rules, sweeping, upkeep
from registry.forge.keeping.measuring import Figures, measure
from registry.forge.keeping.models import POOL, RepositoryState
from registry.forge.keeping.rules import Act, Known
from registry.forge.keeping.service import note_figures
from registry.forge.keeping.spots import Spot, spots
from registry.forge.storage import Storage

LONGEST = 1_500.0
"""Seconds after which a round begins with no further repository; the next one goes on."""

Key = tuple[int, int, str]
Tell = Callable[[str, int], None]


@dataclass(frozen=True)
class Round:
    """What a round did: how many repositories there are, needed something, were kept, and failed."""

    seen: int
    needed: int
    kept: int
    failed: int


def run(
    app: str = "", city: str = "", longest: float = LONGEST, tell: Callable[[str, int], None] | None = None
) -> Round:
    """Keep what needs it; a repository that a backup copies just now waits for the next round.

    Needs the programme's scope (or the city's, for its forks) and no open unit of work. ``tell`` hears of each that is
    kept: its name, and how many hundredths of the work are done.
    """
    place, end = storage.here(), time.monotonic() + longest
    with suppress(BlockingIOError), storage.upkeep(place.data, wait=False):
        _log("", sweeping.sweep_around(place, time.time()))
    found = spots(place, app, city)
    todo = _measured(found)
    kept = failed = 0
    for number, (spot, acts) in enumerate(todo):
        if time.monotonic() > end:
            break
        if tell:
            tell(spot.name, number * 100 // len(todo))
        done = _keep(place, spot, acts)
        kept, failed = kept + (done is True), failed + (done is False)
    return Round(len(found), len(todo), kept, failed)


def _measured(found: Sequence[Spot]) -> list[tuple[Spot, tuple[Act, ...]]]:
    """Note what changed since the last time; answer those that need something."""
    known = {_key(state): state for state in db.session.scalars(select(RepositoryState))}
    figures = {spot: one for spot in found if (one := _figures(spot)) is not None}
    graphs = {spot.app_id: one.graph for spot, one in figures.items() if spot.kind == POOL}
    with unit_of_work():
        for spot, one in figures.items():
            state = known.get((spot.city_id, spot.app_id, spot.kind))
            if state is None or (state.bytes, state.packs, state.loose) != (one.bytes, len(one.packs), one.loose):
                noted = note_figures(spot.city_id, spot.app_id, spot.kind, one)
                known[_key(noted)] = noted
        moment = time.time()
        needed = {
            spot: rules.needs(
                spot.kind == POOL, one, _known(known[(spot.city_id, spot.app_id, spot.kind)]), moment,
                graphs.get(spot.app_id, 0.0),
            )
            for spot, one in figures.items()
        }  # fmt: skip
    return [(spot, acts) for spot, acts in needed.items() if acts]


def _keep(place: Storage, spot: Spot, acts: Sequence[Act]) -> bool | None:
    """None when a backup is copying, or somebody else keeps."""
    done: list[Act] = []
    try:
        with storage.upkeep(place.data, wait=False):
            _log(spot.name, sweeping.sweep(spot.path, time.time()))
            for act in acts:
                upkeep.keep(place, spot.path, spot.kind == POOL, act)
                done.append(act)
    except BlockingIOError:
        return None
    except (git.GitError, OSError) as error:
        logger.error("upkeep failed; the next round tries again", repository=spot.name, reason=str(error)[-300:])
    _note(spot, done)
    return len(done) == len(acts)


def _note(spot: Spot, done: Sequence[Act]) -> None:
    found = _figures(spot)
    if found is None:
        return
    with unit_of_work():
        state = note_figures(spot.city_id, spot.app_id, spot.kind, found)
        state.kept_at, state.kept = clock_now(), " ".join(done)
        if Act.PACK in done:
            state.packed_at, state.packed_bytes = clock_now(), found.bytes


def _figures(spot: Spot) -> Figures | None:
    try:
        return measure(spot.path)
    except FileNotFoundError:
        return None


def _known(state: RepositoryState) -> Known:
    return Known(state.packed_at.timestamp() if state.packed_at else 0.0, state.packed_bytes)


def _key(state: RepositoryState) -> Key:
    return state.tenant_id, state.app_id, state.kind


def _log(name: str, swept: Sequence[str]) -> None:
    if swept:
        logger.info("left behind and taken away", repository=name, files=list(swept[:20]), count=len(swept))
