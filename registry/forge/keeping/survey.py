"""Checking, and repairing, many repositories: the pools first, then what borrows from them; kept on record."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from registry.catalog.models import App, Release
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.logs import logger
from registry.core.uow import unit_of_work
from registry.forge import git, storage
from registry.forge.keeping import checking, repairing
from registry.forge.keeping.checking import Fault, Kind
from registry.forge.keeping.models import BROKEN, LOST, POOL, REPAIRED, SOUND, RepositoryState
from registry.forge.keeping.service import state_of
from registry.forge.keeping.spots import Spot, spots
from registry.forge.storage import Storage

Tell = Callable[[str, int], None]


@dataclass(frozen=True)
class Report:
    """What a check came to for one repository."""

    spot: Spot
    state: str
    faults: tuple[Fault, ...]

    @property
    def well(self) -> bool:
        return self.state in (SOUND, REPAIRED)


def survey(
    app: str = "", city: str = "", repair: bool = False, deep: bool = False, tell: Tell | None = None,
    longest: float = 0,
) -> Iterator[Report]:  # fmt: skip
    """Each repository's report as it is made; one at a time, waiting for a backup that copies.

    Needs the programme's scope and no open unit of work. Where a fork is asked for its pool is checked with it.
    With ``longest`` (seconds) those not checked for longest come first, and after that time none is begun.
    """
    place, end = storage.here(), time.monotonic() + longest
    found = _asked(place, app, city)
    found = _oldest_first(found) if longest else found
    tags = _tags()
    for number, spot in enumerate(found):
        if longest and time.monotonic() > end:
            return
        if tell:
            tell(spot.name, number * 100 // len(found))
        db.session.rollback()
        with storage.upkeep(place.data):
            faults = _examined(place, spot, tags.get(spot.app_id, {}), repair, deep)
        yield _noted(Report(spot, checking.verdict(faults), tuple(faults)), repair)


def strangers(place: Storage) -> list[Path]:
    """Repositories on the disk that no table knows, relative to the data folder. They are left as they are."""
    known = {spot.path for spot in spots(place)}
    folder = place.data / "git"
    there = {*folder.glob("apps/*/*.git"), *folder.glob("cities/*/*.git")}
    return sorted(path.relative_to(place.data) for path in there - known)


def _oldest_first(found: Sequence[Spot]) -> list[Spot]:
    columns = (RepositoryState.tenant_id, RepositoryState.app_id, RepositoryState.kind, RepositoryState.checked_at)
    checked = {(city, app, kind): when for city, app, kind, when in db.session.execute(select(*columns))}
    times = {spot: checked.get((spot.city_id, spot.app_id, spot.kind)) for spot in found}
    return sorted(found, key=lambda spot: when.timestamp() if (when := times[spot]) else 0.0)


def _asked(place: Storage, app: str, city: str) -> list[Spot]:
    wanted = spots(place, app, city)
    if not city:
        return wanted
    apps = {spot.app for spot in wanted}
    return [spot for spot in spots(place, app) if spot.kind == POOL and spot.app in apps] + wanted


def _tags() -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for app_id, tag, commit in db.session.execute(select(Release.app_id, Release.tag, Release.commit)):
        found.setdefault(app_id, {})[tag] = commit
    return found


def _examined(place: Storage, spot: Spot, tags: dict[str, str], repair: bool, deep: bool) -> Sequence[Fault]:
    try:
        return repairing.examine(place, spot, tags, repair, deep)
    except (git.GitError, OSError) as error:
        logger.exception("a repository could not be checked", repository=spot.name)
        return [Fault(Kind.REPOSITORY, spot.path.name, BROKEN, str(error)[-300:])]


def _noted(report: Report, repair: bool) -> Report:
    spot = report.spot
    with unit_of_work():
        if db.session.get(App, spot.app_id) is None:
            return report
        state = state_of(spot.city_id, spot.app_id, spot.kind)
        state.checked_at, state.state = now(), report.state
        state.faults = [fault.to_json() for fault in report.faults]
        if repair and any(fault.state in (REPAIRED, LOST) for fault in report.faults):
            told = [f"{fault.kind} {fault.what}: {fault.state}"[:200] for fault in report.faults[:20]]
            audit.record("repository.repair", spot.name, tenant_id=spot.city_id, faults=told)
    return report
