"""When a repository needs upkeep, judged by its files and by when it was last kept. Pure.

After Gitaly's housekeeping: what a pool holds is kept for ever, so it is packed into one pack with a bitmap; a fork
gathers its few packs geometrically and is packed anew only now and then, without what the pool has.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from registry.forge.keeping.measuring import Figures

HOUR, DAY = 3600.0, 86400.0
DEAD_AFTER = 2 * HOUR
"""No git process here is given more than an hour: a lock or an unfinished file older than this is nobody's."""

ASIDE_KEPT = 90 * DAY
"""A repository that was set aside because no table knew it; by then no restore of the database will ask for it."""

GRACE = 30 * DAY
"""What nothing in a fork reaches any more is kept this long after it was last wanted. In a pool: for ever."""

MANY_REFS, MANY_PACKS, MANY_LOOSE = 50, 6, 200
VERY_MANY_PACKS = 50
WHOLE_EVERY, POOL_EVERY = 5 * DAY, 1 * DAY
WORTH_IT = 4 * 2**20
"""A fork that weighs less is not packed anew: gathering its packs is enough."""

OWN_GRAPH = 2**20
"""A fork whose own objects weigh this much gets a commit-graph on top of its pool's; for others the pool's will do."""


class Act(StrEnum):
    """What upkeep does, in this order."""

    REFS = "refs"
    GATHER = "gather"
    PACK = "pack"
    FORGET = "forget"
    GRAPH = "graph"


@dataclass(frozen=True)
class Known:
    """What is on record of the last time all of it was packed: when (seconds, 0: never) and what it weighed then."""

    packed: float = 0.0
    bytes: int = 0


def needs(pool: bool, found: Figures, known: Known, now: float, pool_graph: float = 0.0) -> tuple[Act, ...]:
    """What this repository needs now; () when it is well kept. ``pool_graph`` is when its pool's graph was written."""
    acts = [Act.REFS] if found.refs >= MANY_REFS else []
    if pool or not found.borrows:
        acts += [Act.PACK] if _wants_one_pack(found, known, now) else []
    elif _wants_packing(found, known, now):
        acts.append(Act.PACK)
    elif len(found.packs) >= MANY_PACKS or found.loose >= MANY_LOOSE:
        acts.append(Act.GATHER)
    if not pool and found.oldest is not None and found.oldest < now - GRACE:
        acts.append(Act.FORGET)
    if _wants_graph(pool, found, pool_graph) or (Act.PACK in acts and (pool or not found.borrows)):
        acts.append(Act.GRAPH)
    return tuple(acts)


def _wants_one_pack(found: Figures, known: Known, now: float) -> bool:
    """Of a repository that borrows nothing: one pack with a bitmap, made again when enough came on top."""
    if not found.packs and not found.loose:
        return False
    if len(found.packs) >= VERY_MANY_PACKS or not found.bitmap:
        return True
    many = len(found.packs) >= MANY_PACKS or found.loose >= MANY_LOOSE
    return many and now - known.packed >= POOL_EVERY


def _wants_packing(found: Figures, known: Known, now: float) -> bool:
    """Of one that borrows: so much came since that it may hold again what its pool has."""
    grown = found.bytes >= WORTH_IT and found.bytes * 2 >= known.bytes * 3 and found.changed > known.packed
    return grown and now - known.packed >= WHOLE_EVERY


def _wants_graph(pool: bool, found: Figures, pool_graph: float) -> bool:
    if found.borrows and not pool:
        newest = max(found.changed, pool_graph)
        return (found.graph > 0 or found.bytes >= OWN_GRAPH) and newest > found.graph
    return bool(found.packs or found.loose) and found.changed > found.graph
