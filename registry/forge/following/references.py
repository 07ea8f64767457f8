"""The references a sync moves beside main: what keeps the former main, and upstream's tags."""

from __future__ import annotations

from pathlib import Path

from registry.core.clock import today
from registry.forge import git, storage, writing
from registry.forge.following import distances, rules
from registry.forge.following.models import Sync
from registry.forge.models import Fork
from registry.forge.writing import ZERO

HEADS, TAGS, FORMER = "refs/heads/", "refs/tags/", "refs/lumbung/former/"
"""The last holds what main named before it went elsewhere and only the nameplate was the city's: plugins may still run
it, and nobody needs to see it.
"""


def kept(repository: Path, sync: Sync) -> dict[str, tuple[str, str]]:
    if sync.way not in rules.MOVES_BACK:
        return {}
    if _is_mere_nameplate(repository, sync):
        former = f"{FORMER}{sync.ours}"
        return {former: (sync.ours, writing.ref_value(repository, former))}
    return {f"{HEADS}{_safety_name(repository, sync)}": (sync.ours, ZERO)}


def _is_mere_nameplate(repository: Path, sync: Sync) -> bool:
    """One commit on top of upstream's, and only this one: the registry makes it anew, nobody misses it."""
    ahead, _behind = distances.between(repository, sync.ours, sync.theirs)
    return sync.way == rules.RENEW and ahead <= 1


def _safety_name(repository: Path, sync: Sync) -> str:
    known = refs_of(repository, HEADS)
    there = next((name for name, commit in known.items() if commit == sync.ours and name.startswith(rules.SAFE)), "")
    return there or rules.safety_branch(known, today())


def refs_of(repository: Path, prefix: str) -> dict[str, str]:
    """Short names and what they name."""
    told = git.line(repository, "for-each-ref", "--format=%(objectname) %(refname)", prefix).splitlines()
    pairs = (line.split(" ", 1) for line in told)
    return {name.removeprefix(prefix): commit for commit, name in pairs}


def new_tags(repository: Path, fork: Fork) -> dict[str, tuple[str, str]]:
    """Upstream's tags come along, as they did when the fork was made; a name the city uses stays the city's."""
    own, theirs = refs_of(repository, TAGS), refs_of(storage.here().upstream(fork.app.slug), TAGS)
    return {f"{TAGS}{name}": (commit, ZERO) for name, commit in theirs.items() if name not in own}


def safety_of(repository: Path, sync: Sync) -> str:
    """The safety branch a sync that moved main back has made, "" when there was nothing to keep visible."""
    if sync.way not in rules.MOVES_BACK:
        return ""
    known = refs_of(repository, HEADS)
    return next((name for name, commit in known.items() if commit == sync.ours and name.startswith(rules.SAFE)), "")
