"""A proposal's commits brought into the app's upstream, and how they stand to its main: found out without a checkout.

They lie under ``refs/lumbung/proposals/``, which git is never told of (`registry.forge.git.CONFIG` hides it) and which
keeps them from being forgotten. A proposal is public as the upstream is, so both have one visibility.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry.catalog.models import App
from registry.catalog.publiccode.file import FILE as PUBLICCODE
from registry.core.clock import now
from registry.forge import git, storage
from registry.forge.browsing.diffs import diff
from registry.forge.browsing.patches import Bounds
from registry.forge.following import identity, merging
from registry.forge.following.distances import texts_at
from registry.forge.following.merging import Side, Workplace
from registry.forge.following.preview import settled
from registry.forge.proposals import rules
from registry.forge.writing import Author
from registry.tenants.models import City

PLACE = "refs/lumbung/proposals"
MAX_CONFLICTS = 100
COUNTED = Bounds(files=2_000, shown=0, lines=1)
"""Names and numbers of all, lines of none: with no line allowed at all it would end at the first."""

NOT_OFFERED = (*identity.OWN, *identity.FOLLOWED)
"""Keys of publiccode.yml that stay as they were: whose it is, and which version the publisher calls it."""

_FETCH = ("fetch", "--quiet", "--no-auto-maintenance", "--no-write-fetch-head", "--no-tags")
_CONFIG = {"protocol.file.allow": "always", "fetch.unpackLimit": "1"}


@dataclass(frozen=True)
class Standing:
    """How ``head`` stands to ``target``: the columns of a proposal that hold as long as both are what they are."""

    head: str
    target: str
    base: str = ""
    offer: str = ""
    trial: str = ""
    fit: str = rules.UNRELATED
    conflicts: tuple[str, ...] = ()
    counts: Mapping[str, Any] | None = None


def registry_author() -> Author:
    return Author("Lumbung", f"git@{storage.settings().registry_host}", now())


def bring(app: App, city: City, branch: str, number: int) -> str:
    """Fetch the fork's branch into the upstream. Returns its commit. Raises GitError when there is none."""
    upstream, ref = storage.here().upstream(app.slug), f"{PLACE}/{number}/head"
    source = storage.here().fork(city.slug, app.slug)
    spec = f"+refs/heads/{branch}:{ref}"
    with storage.in_use(upstream):
        git.run(upstream, *_FETCH, "--end-of-options", str(source), spec, config=_CONFIG, seconds=merging.SECONDS)
    return git.line(upstream, "rev-parse", "--verify", f"{ref}^{{commit}}")


def stand(app: App, number: int, head: str, target: str) -> Standing:
    """Both are commits in the app's upstream. What is found is kept there under the proposal's number."""
    place = storage.here()
    upstream = place.upstream(app.slug)
    with storage.in_use(upstream), place.scratch() as scratch:
        work = merging.workplace(upstream, scratch, (place.pool(app.slug),))
        found = _found(work, head, target)
    _keep(upstream, number, found)
    return found


def forget(app: App, number: int) -> None:
    """Nothing came of a proposal that was being opened."""
    upstream = storage.here().upstream(app.slug)
    _update(upstream, [f"delete {PLACE}/{number}/{name}" for name in ("head", "offer", "trial")])


def _found(work: Workplace, head: str, target: str) -> Standing:
    base = _base(work, head, target)
    if base in ("", head):
        return Standing(head, target, base, fit=rules.CONTAINED if base else rules.UNRELATED)
    own, before, goal = _trees(work, head, base, target)
    tree = _offered(work, base, head, own)
    offer = head if tree == own else _commit(work, tree, (head,))
    counted = diff(work.work, base, offer, bounds=COUNTED)
    counts = {"files": counted.count, "added": counted.added, "removed": counted.removed, "cut": counted.cut,
              "commits": int(work.line("rev-list", "--count", f"{target}..{head}"))}  # fmt: skip
    if tree == before:
        return Standing(head, target, base, offer, fit=rules.EMPTY, counts=counts)
    merge = settled(merging.merged(work, target, offer), base)
    if not merge.clean:
        paths = tuple(one.path for one in merge.conflicts[:MAX_CONFLICTS])
        return Standing(head, target, base, offer, fit=rules.CONFLICTS, conflicts=paths, counts=counts)
    if not _keeps_own(work, merge.tree, target):
        return Standing(head, target, base, offer, fit=rules.CONFLICTS, conflicts=(PUBLICCODE,), counts=counts)
    if merge.tree == goal:
        return Standing(head, target, base, offer, fit=rules.EMPTY, counts=counts)
    trial = _commit(work, merge.tree, (target, head))
    return Standing(head, target, base, offer, trial, rules.CLEAN, counts=counts)


def _base(work: Workplace, head: str, target: str) -> str:
    try:
        return work.line("merge-base", "--end-of-options", head, target)
    except git.GitError as error:
        if error.code != 1:
            raise
        return ""


def _offered(work: Workplace, base: str, head: str, tree: str) -> str:
    """``tree``, that of ``head``, with the nameplate and the version of ``base``."""
    before, after = texts_at(work.work, [f"{base}:{PUBLICCODE}", f"{head}:{PUBLICCODE}"])
    if before is None or after is None:
        return tree
    text = identity.aligned(after, before, NOT_OFFERED)
    mode = merging.listed(work, head, [PUBLICCODE])[PUBLICCODE].mode
    return merging.with_entries(work, tree, {PUBLICCODE: Side(mode, merging.put(work, text.encode()))})


def _keeps_own(work: Workplace, tree: str, target: str) -> bool:
    """A last look, for files too unusual to be merged by meaning: the nameplate stays the upstream's."""
    merged, before = texts_at(work.work, [f"{tree}:{PUBLICCODE}", f"{target}:{PUBLICCODE}"])
    return merged is not None and (before is None or identity.keeps_own(merged, before))


def _trees(work: Workplace, *commits: str) -> list[str]:
    return work.line("rev-parse", *(f"{one}^{{tree}}" for one in commits)).split()


def _commit(work: Workplace, tree: str, parents: tuple[str, ...]) -> str:
    author = registry_author()
    return merging.prepare(work, tree, parents, "On trial: what a proposal comes to", author, author)


def _keep(upstream: Path, number: int, found: Standing) -> None:
    refs = {"offer": found.offer, "trial": found.trial}
    _update(upstream, [
        f"update {PLACE}/{number}/{name} {commit}" if commit else f"delete {PLACE}/{number}/{name}"
        for name, commit in refs.items()
    ])  # fmt: skip


def _update(upstream: Path, lines: list[str]) -> None:
    git.run(upstream, "update-ref", "--stdin", stdin="\n".join([*lines, ""]).encode())
