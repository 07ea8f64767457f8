"""What a sync comes to with what was decided: a tree beside the repository, looked over before anybody commits it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from registry.catalog.inspection.bundle import BundleLimits
from registry.catalog.inspection.inspect import Inspection, inspect
from registry.core.db import db
from registry.core.errors import Finding
from registry.forge import storage
from registry.forge.following import merging, rules
from registry.forge.following.conflicts import Conflict, Side
from registry.forge.following.models import Choice, Sync
from registry.forge.following.preview import Preview, nameplate_on
from registry.forge.trees import GitTree


@dataclass(frozen=True)
class Result:
    """What a sync comes to: a tree beside the repository, and what the inspection says of it.

    ``open`` are the conflicts nobody has decided yet; then there is no tree.
    """

    tree: str
    open: tuple[str, ...]
    inspection: Inspection | None

    @property
    def errors(self) -> tuple[Finding, ...]:
        return self.inspection.errors if self.inspection else ()


def choices_of(sync: Sync) -> dict[str, Choice]:
    return {one.path: one for one in db.session.scalars(select(Choice).where(Choice.sync_id == sync.id))}


def holds(conflict: Conflict, choice: Choice | None) -> bool:
    """Whether this was decided about these very versions."""
    return choice is not None and choice.state == conflict.state


def result_of(found: Preview, choices: Mapping[str, Choice], way: str) -> Result:
    """The tree that ``way`` leads to with what was decided, inspected without being run."""
    if way in (rules.DISCARD, rules.TIDY):
        return _checked(found, nameplate_on(found.place, found.head, found.target.commit))
    if found.merge is None:
        return _checked(found, found.tree)
    still = tuple(one.path for one in found.conflicts if not holds(one, choices.get(one.path)))
    if still:
        return Result("", still, None)
    entries: dict[str, Side | None] = {}
    for conflict in found.conflicts:
        choice = choices[conflict.path]
        blob = merging.put(found.place, choice.content.encode()) if choice.side == rules.EDITED else ""
        entries |= merging.decided(found.merge, conflict, choice.side, blob)
    return _checked(found, merging.with_entries(found.place, found.merge.tree, entries))


def _checked(found: Preview, tree: str) -> Result:
    settings = storage.settings()
    with GitTree(found.place.work, tree) as opened:
        limits = BundleLimits(size=settings.max_bundle, files=settings.max_bundle_files)
        return Result(tree, (), inspect(opened, limits))
