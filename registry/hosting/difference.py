"""What lies between two revisions of a plugin: commits, files, settings and limits. Secrets are only said to differ."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry.forge import git
from registry.forge.trees import Commit, missing
from registry.hosting.models import Revision
from registry.hosting.plain import Limits
from registry.hosting.reading import config_of

MAX_COMMITS, MAX_FILES, MAX_VALUE = 50, 200, 160


@dataclass(frozen=True)
class FileChange:
    """Lines added and removed; None for a file that is no text."""

    path: str
    added: int | None
    removed: int | None


@dataclass(frozen=True)
class Change:
    """One setting or limit; ``before`` and ``after`` are texts, None where it is not set, and of a secret neither."""

    name: str
    before: str | None
    after: str | None
    secret: bool = False


@dataclass(frozen=True)
class Difference:
    """From ``earlier`` to ``later`` (by number). ``known``: whether the repository still has both commits.

    ``commits`` are those the later has and the earlier has not, newest first; ``undone`` the other way round (the later
    revision was made from older code). ``files`` are listed up to `MAX_FILES`, ``file_count`` counts all.
    """

    earlier: Revision
    later: Revision
    known: bool
    commits: tuple[Commit, ...]
    undone: tuple[Commit, ...]
    files: tuple[FileChange, ...]
    file_count: int
    settings: tuple[Change, ...]
    limits: tuple[Change, ...]

    @property
    def same_code(self) -> bool:
        return self.earlier.commit == self.later.commit


def between(repository: Path, one: Revision, other: Revision) -> Difference:
    """The difference of two revisions of one deployment, in the order of their numbers."""
    earlier, later = sorted((one, other), key=lambda revision: revision.number)
    files = _files(repository, earlier.commit, later.commit)
    return Difference(
        earlier=earlier,
        later=later,
        known=files is not None,
        commits=_commits(repository, earlier.commit, later.commit),
        undone=_commits(repository, later.commit, earlier.commit),
        files=tuple(files or ())[:MAX_FILES],
        file_count=len(files or ()),
        settings=settings_changed(earlier, later),
        limits=limits_changed(earlier, later),
    )


def settings_changed(earlier: Revision, later: Revision) -> tuple[Change, ...]:
    """By name; what either schema calls secret stays secret."""
    before, after = config_of(earlier), config_of(later)
    secret = _secrets(earlier.build.config_schema) | _secrets(later.build.config_schema)
    names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return tuple(
        Change(name, None, None, secret=True)
        if name in secret
        else Change(name, _text(before.get(name)), _text(after.get(name)))
        for name in names
    )


def limits_changed(earlier: Revision, later: Revision) -> tuple[Change, ...]:
    before, after = (Limits.from_json(revision.limits).to_json() for revision in (earlier, later))
    return tuple(Change(key, str(before[key]), str(after[key])) for key in before if before[key] != after[key])


def _secrets(schema: Mapping[str, Any]) -> set[str]:
    return {name for name, rule in (schema.get("properties") or {}).items() if rule.get("writeOnly")}


def _text(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MAX_VALUE else f"{text[:MAX_VALUE]}…"


def _commits(repository: Path, before: str, after: str) -> tuple[Commit, ...]:
    """Commits of ``after`` that ``before`` has not, newest first."""
    return () if before == after else tuple(missing(repository, after, before, MAX_COMMITS))


def _files(repository: Path, before: str, after: str) -> list[FileChange] | None:
    """Files that differ, by path; None when git does not know a commit any more."""
    try:
        output = git.run(repository, "diff", "--numstat", "-z", "--no-renames", "--end-of-options", before, after, "--")
    except git.GitError:
        return None
    rows = [row.split("\t", 2) for row in output.decode("utf-8", "replace").split("\0") if row.count("\t") >= 2]
    return [FileChange(path, _count(added), _count(removed)) for added, removed, path in rows]


def _count(text: str) -> int | None:
    return int(text) if text.isdigit() else None
