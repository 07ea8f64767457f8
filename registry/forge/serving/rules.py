"""What a push may change, how slow a client may be, who may hold how much of the house. Pure.

The hook that decides (`registry.forge.serving.receiving`) starts with every push: this module imports nothing of the
registry and little of Python.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ZERO = "0" * 40
MAIN, RELEASE_TAGS = "refs/heads/main", "refs/tags/v"
KEPT = ("refs/heads/", "refs/tags/")

MAX_CHANGES = 1_000
"""Branches and tags in one push."""

MAX_REFS = 5_000
"""Branches and tags of a repository: each is told to every client that does not ask for less."""

MAX_FILE = 32 * 2**20
"""Bytes of one file. What is larger is data, not source, and every clone would carry it for ever."""

POINTER, POINTER_SIZES = b"version https://git-lfs.github.com/spec/", range(100, 1_025)
"""How a Git LFS pointer begins, and its bytes (git-lfs: docs/spec.md)."""

LINK, SUBMODULE = "120000", "160000"

STALL, GRACE, FLOOR = 60.0, 120.0, 4_096
"""A client takes (or sends) its next piece within STALL seconds, and after GRACE seconds FLOOR bytes in each."""


@dataclass(frozen=True)
class Policy:
    """What a repository allows its own people: an upstream and a new fork nothing of this."""

    rewrite_main: bool = False
    move_release_tags: bool = False


@dataclass(frozen=True)
class Update:
    """One line of a push. ``forward``: nothing of the old history is lost."""

    ref: str
    old: str
    new: str
    forward: bool = True


def update_problem(policy: Policy, update: Update) -> str | None:
    """Why a push may not do this (a stable code)."""
    if not update.ref.startswith(KEPT):
        return "not-kept"
    if update.ref == MAIN and update.new == ZERO:
        return "main-deleted"
    if update.ref == MAIN and not update.forward and not policy.rewrite_main:
        return "main-rewritten"
    if update.ref.startswith(RELEASE_TAGS) and update.old != ZERO and not policy.move_release_tags:
        return "tag-moved"
    return None


def count_problem(updates: Iterable[Update], there: int) -> str | None:
    """Why so many at once, or so many in all, are refused; ``there`` are the repository's references now."""
    given = list(updates)
    if len(given) > MAX_CHANGES:
        return "too-many-changes"
    grown = sum((one.old == ZERO) - (one.new == ZERO) for one in given)
    return "too-many-refs" if grown > 0 and there + grown > MAX_REFS else None


def may_be_pointer(kind: str, size: int) -> bool:
    return kind == "blob" and size in POINTER_SIZES


def is_too_slow(waited: float, moved: int, since: float) -> bool:
    """Whether a client is given up: ``moved`` bytes in ``waited`` seconds in all, the present piece for ``since``."""
    return since > STALL or (waited > GRACE and moved < waited * FLOOR)


def share(total: int) -> int:
    """How many of ``total`` packs one repository, and one person or address, may hold: some stay for the others."""
    return max(1, total * 3 // 4)


def printable(text: str) -> str:
    """A name from a pushed tree as a terminal may be shown it."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:200]
