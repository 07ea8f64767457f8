"""How far forks are from their upstreams, for lists of them: git is asked only where something moved since.

Heads are read as the small files they are; the counts of a pair of commits never change, so they are kept in the
table. A list of unchanged forks starts no git at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from registry.catalog import service as catalog
from registry.catalog.models import App, Release
from registry.catalog.publiccode.file import FILE as PUBLICCODE
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge import git, storage
from registry.forge.following import identity, rules
from registry.forge.following.models import MAIN, RELEASES, Following
from registry.forge.models import Fork
from registry.forge.trees import COMMIT_ID, blobs
from registry.tenants.models import City

MAX_PUBLICCODE = 512 * 1024
_OWN_HEAD = "refs/heads/main"
_PEELED = re.compile(r"^([0-9a-f]{40,64}) (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Target:
    """What a fork may be brought up to: ``label`` is a version or ``main``; ``release`` None for the latter."""

    commit: str
    label: str
    release: Release | None = None


@dataclass(frozen=True)
class Distance:
    """Commits between a fork's main and what it follows (``label``), and upstream's main.

    ``own_files`` counts the files the city changed, its nameplate aside; None when it is not known.
    """

    ahead: int
    behind: int
    label: str
    channel: str
    main_ahead: int
    main_behind: int
    own_files: int | None

    @property
    def unchanged(self) -> bool:
        """Whether nothing in it is the city's own but the nameplate."""
        return self.own_files == 0


@dataclass(frozen=True)
class _Heads:
    """What a fork's counts are counted of."""

    fork: str
    release: str
    main: str
    version: str


def of(city: City, fork: Fork) -> Distance | None:
    """Of one fork; None when there is nothing to compare (no main, no release)."""
    return measure([(city, fork)]).get(fork.id)


def of_city(city: City, forks: Sequence[Fork]) -> dict[int, Distance | None]:
    return measure([(city, fork) for fork in forks])


def measure(forks: Sequence[tuple[City, Fork]]) -> dict[int, Distance | None]:
    """By the forks' ids. Writes what it counts anew, in an own unit of work: not to be called inside one."""
    with unit_of_work():
        return count(forks)


def count(forks: Sequence[tuple[City, Fork]]) -> dict[int, Distance | None]:
    """`measure` for who is inside a unit of work."""
    wanted = select(Following).where(Following.fork_id.in_([fork.id for _city, fork in forks]))
    known = {one.fork_id: one for one in db.session.scalars(wanted)}
    uppers: dict[int, tuple[str, Release | None]] = {}
    found: dict[int, Distance | None] = {}
    for city, fork in forks:
        if fork.app_id not in uppers:
            uppers[fork.app_id] = (upstream_main(fork.app), catalog.latest_release(fork.app))
        main, release = uppers[fork.app_id]
        repository = storage.here().fork(city.slug, fork.app.slug)
        heads = _Heads(tip(repository), release.commit if release else "", main, release.version if release else "")
        row = known.get(fork.id)
        counted = _renewed(fork, repository, heads, row)
        found[fork.id] = _told(counted, heads, row)
        if release and counted and counted["release_behind"] == 0:
            _note_base(fork, release)
    return found


def target_of(app: App, channel: str) -> Target | None:
    """What a fork that follows ``channel`` is brought up to; None when there is nothing yet."""
    if channel == MAIN:
        commit = upstream_main(app)
        return Target(commit, MAIN) if commit else None
    release = catalog.latest_release(app)
    return Target(release.commit, release.version, release) if release else None


def upstream_main(app: App) -> str:
    return tip(storage.here().upstream(app.slug))


def tip(repository: Path, ref: str = _OWN_HEAD) -> str:
    """The commit a branch names, read without git: its own small file, else its line in packed-refs. "" without one."""
    try:
        loose = (repository / ref).read_text("ascii").strip()
        if COMMIT_ID.fullmatch(loose):
            return loose
    except (OSError, ValueError):
        loose = ""
    try:
        packed = (repository / "packed-refs").read_text("utf-8", "replace")
    except OSError:
        return ""
    return next((line[1] for line in _PEELED.finditer(packed) if line[2] == ref), "")


def _renewed(fork: Fork, repository: Path, heads: _Heads, row: Following | None) -> Mapping[str, int | None] | None:
    """The counts, from the row while it holds; None when there is nothing to count."""
    if not heads.fork or not (heads.release or heads.main):
        return None
    if row is not None and (row.head, row.release_commit, row.main_commit) == (heads.fork, heads.release, heads.main):
        return {name: getattr(row, name) for name in _COUNTS}
    variables = pool_of(fork.app)
    try:
        found = _counted(repository, heads, variables)
        if row is not None and row.own_head == heads.fork:
            found["own_files"] = row.own_files
        else:
            found["own_files"] = own_files(repository, heads.fork, heads.main or heads.release, variables)
    except git.GitError:
        return None
    _keep(fork, heads, found)
    return found


_COUNTS = ("release_ahead", "release_behind", "main_ahead", "main_behind", "own_files")


def _counted(repository: Path, heads: _Heads, variables: Mapping[str, str]) -> dict[str, int | None]:
    found: dict[str, int | None] = dict.fromkeys(_COUNTS)
    for name, commit in (("main", heads.main), ("release", heads.release)):
        if commit and name == "release" and commit == heads.main:
            found["release_ahead"], found["release_behind"] = found["main_ahead"], found["main_behind"]
        elif commit:
            found[f"{name}_ahead"], found[f"{name}_behind"] = between(repository, heads.fork, commit, variables)
    return found


def between(repository: Path, head: str, target: str, variables: Mapping[str, str] | None = None) -> tuple[int, int]:
    """Commits only ``head`` has, and only ``target`` has. Raises GitError."""
    arguments = ("rev-list", "--left-right", "--count", "--end-of-options", f"{head}...{target}")
    ahead, behind = git.run(repository, *arguments, variables=variables).split()
    return int(ahead), int(behind)


def own_files(repository: Path, head: str, target: str, variables: Mapping[str, str]) -> int:
    """How many files differ between ``head`` and what it was made of; a publiccode.yml that only says whose it is does
    not count. Raises GitError.
    """
    arguments = ("diff", "--name-only", "-z", "--no-renames", "--end-of-options", f"{target}...{head}")
    names = [name for name in git.run(repository, *arguments, variables=variables).split(b"\0") if name]
    if PUBLICCODE.encode() not in names:
        return len(names)
    base = git.run(repository, "merge-base", "--end-of-options", target, head, variables=variables).decode().strip()
    return len(names) - is_nameplate(repository, base, head)


def is_nameplate(repository: Path, one: str, other: str) -> bool:
    """Whether two commits' or trees' publiccode.yml tell the same of everything but whose it is."""
    texts = texts_at(repository, [f"{one}:{PUBLICCODE}", f"{other}:{PUBLICCODE}"])
    return None not in texts and identity.is_nameplate_only(texts[0] or "", texts[1] or "")


def texts_at(repository: Path, names: Iterable[str]) -> list[str | None]:
    """Files by ``commit:path`` or id, through one git; None for what is not there or no UTF-8."""
    found: list[str | None] = []
    with blobs(repository) as opened:
        for name in names:
            try:
                found.append(b"".join(opened.chunks(name, MAX_PUBLICCODE)).decode())
            except (FileNotFoundError, UnicodeDecodeError):
                found.append(None)
    return found


def pool_of(app: App) -> dict[str, str]:
    """Lets a fork that was detached still see what its upstream has, and what the pool was not fed with yet."""
    place = storage.here()
    folders = (place.pool(app.slug), place.upstream(app.slug))
    return {"GIT_ALTERNATE_OBJECT_DIRECTORIES": ":".join(str(folder / "objects") for folder in folders)}


def _keep(fork: Fork, heads: _Heads, found: Mapping[str, int | None]) -> None:
    """Two readers may count the same at once: the later one's row stays."""
    counted = {
        **found, "head": heads.fork, "release_commit": heads.release, "main_commit": heads.main, "own_head": heads.fork
    }  # fmt: skip
    made = insert(Following).values(tenant_id=fork.tenant_id, fork_id=fork.id, **counted)
    db.session.execute(made.on_conflict_do_update(index_elements=["tenant_id", "fork_id"], set_=counted))


def _note_base(fork: Fork, release: Release) -> None:
    """Somebody brought the release in with git, and pushed."""
    if rules.concerns(fork.base_release.version, release.version):
        fork.base_release_id = release.id
        db.session.flush()
        db.session.refresh(fork)


def _told(found: Mapping[str, int | None] | None, heads: _Heads, row: Following | None) -> Distance | None:
    if found is None:
        return None
    channel = row.channel if row else RELEASES
    if channel == RELEASES and not heads.release:
        channel = MAIN
    name = "main" if channel == MAIN else "release"
    ahead, behind = found[f"{name}_ahead"], found[f"{name}_behind"]
    if ahead is None or behind is None:
        return None
    label = MAIN if channel == MAIN else heads.version
    mine = (found["main_ahead"], found["main_behind"])
    main_ahead, main_behind = (ahead if mine[0] is None else mine[0], behind if mine[1] is None else mine[1])
    return Distance(ahead, behind, label, channel, main_ahead, main_behind, found["own_files"])
