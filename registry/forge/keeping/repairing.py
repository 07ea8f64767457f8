"""Making a repository whole again. Nothing is deleted that cannot be rebuilt: what cannot be read is set aside.

What was set aside lies in the repository: ``broken/`` has torn files, ``broken/refs`` lines of "when id name" for
references whose object nobody has any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from registry.core.clock import now
from registry.core.files import write_lasting
from registry.forge import git, storage
from registry.forge.keeping import bringing, checking
from registry.forge.keeping.checking import MOST_NAMED, Fault, Kind, Torn
from registry.forge.keeping.models import FORK, LOST, POOL, REPAIRED, UPSTREAM
from registry.forge.keeping.spots import Spot
from registry.forge.storage import Storage
from registry.forge.writing import ZERO

ROUNDS = 20
ASIDE = "broken"


def examine(
    place: Storage, spot: Spot, releases: Mapping[str, str], repair: bool = False, deep: bool = False
) -> list[Fault]:
    """What is wrong with it, and with ``repair`` what became of that. ``releases`` are an app's tags (name → commit).

    Raises git.GitTimeoutError.
    """
    if not checking.is_there(spot.path):
        missing = Fault(Kind.REPOSITORY, spot.path.name)
        if not (repair and _rebuilt(place, spot, releases)):
            return [replace(missing, state=LOST, note="it is not on the disk") if repair else missing]
        return [replace(missing, state=REPAIRED), *examine(place, spot, releases, repair, deep)]
    faults = list(checking.plain_faults(place, spot))
    if repair:
        faults = [_mended(place, spot, fault) for fault in faults]
    elif any(fault.kind in (Kind.HEAD, Kind.CONFIG) for fault in faults):
        return faults  # git itself would not look at it
    faults += _objects(place, spot, repair, deep)
    if spot.kind != FORK:
        tags = list(checking.tag_faults(spot, releases))
        faults += [_tagged(place, spot, fault, releases) for fault in tags] if repair else tags
    return faults


def _rebuilt(place: Storage, spot: Spot, releases: Mapping[str, str]) -> bool:
    """A fork only from what was set aside: what its city made is nowhere else."""
    if spot.kind == FORK:
        aside = sorted(spot.path.parent.glob(f"{spot.path.name}.set-aside-*"), key=lambda one: one.stat().st_mtime)
        if aside:
            aside[-1].rename(spot.path)
        return bool(aside)
    storage.make_app(place, spot.app)
    if spot.kind == UPSTREAM:
        write_lasting(spot.path / "packed-refs", storage.packed(checking.refs(place.pool(spot.app))))
        return True
    for bundle in bringing.bundles(place, spot.app):
        bringing.fetch_bundle(spot.path, bundle, "+refs/tags/*:refs/tags/*")
    return bool(releases)


def _mended(place: Storage, spot: Spot, fault: Fault) -> Fault:
    """A plain fault: each file can be written from what we know, or is set aside."""
    if fault.kind == Kind.CONFIG:
        write_lasting(spot.path / "config", checking.config_of(spot))
    elif fault.kind == Kind.HEAD:
        write_lasting(spot.path / "HEAD", storage.HEAD)
    elif fault.kind == Kind.ALTERNATES:
        _borrow(place, spot)
    elif fault.kind == Kind.INDEX:
        return _indexed(spot.path, fault)
    elif fault.kind == Kind.REF:
        _set_aside(spot.path, spot.path / fault.what)
        return replace(fault, state=LOST, note="set aside in broken/; an older value may have come back")
    return replace(fault, state=REPAIRED)


def _borrow(place: Storage, spot: Spot) -> None:
    line = checking.borrowing(place, spot)
    path = checking.alternates(spot.path)
    if line is None:
        _set_aside(spot.path, path)
    else:
        write_lasting(path, line)


def _indexed(repository: Path, fault: Fault) -> Fault:
    """Git writes the index anew from the pack; a pack that is torn is set aside, its objects are looked for."""
    pack = repository / "objects" / "pack" / fault.what
    try:
        git.run(repository, "index-pack", str(pack), seconds=checking.SECONDS)
    except git.GitError as error:
        _set_aside(repository, pack)
        return replace(fault, state=REPAIRED, note=f"torn, set aside in broken/: {str(error)[-200:]}")
    return replace(fault, state=REPAIRED)


def _objects(place: Storage, spot: Spot, repair: bool, deep: bool) -> Iterator[Fault]:
    torn = checking.torn(spot, deep)
    if not torn:
        return
    fault = Fault(Kind.OBJECTS, _named(torn))
    if not repair:
        yield fault
        return
    if spot.kind != POOL and not checking.alternates(spot.path).exists():
        _borrow(place, spot)
    left = _brought(place, spot, torn)
    if not left:
        yield replace(fault, state=REPAIRED)
        return
    yield Fault(Kind.OBJECTS, _named(left), LOST, f"{len(left.missing)} in no repository and no release")
    yield from _without_lost_tips(place, spot)


def _brought(place: Storage, spot: Spot, torn: Torn) -> Torn:
    """What is still missing when nothing more can be found. Each round may show what lies behind the last."""
    for _round in range(ROUNDS):
        for name in torn.loose:
            _set_aside(spot.path, spot.path / "objects" / name[:2] / name[2:])
        for name in torn.packs:
            _saved(spot.path, name)
        found = bringing.bring(place, spot, set(torn.missing))
        left = checking.torn(spot)
        if not left or (not found and left == torn):
            return left
        torn = left
    return torn


def _saved(repository: Path, name: str) -> None:
    """A torn pack is set aside, and what can be read of it written anew."""
    for path in (repository / "objects" / "pack").glob(f"{name}.*"):
        _set_aside(repository, path)
    with suppress(git.GitError), (repository / ASIDE / f"objects-pack-{name}.pack").open("rb") as pack:
        with git.started(repository, "unpack-objects", "-q", "-r", stdin=pack, seconds=checking.SECONDS) as process:
            assert process.stdout  # noqa: S101 a pipe was asked for
            process.stdout.read()


def _without_lost_tips(place: Storage, spot: Spot) -> Iterator[Fault]:
    """References nobody can follow any more are written down and taken out; a main that the pool has comes back."""
    for value, names in checking.lost_tips(spot.path).items():
        for name in names:
            note = spot.path / ASIDE / "refs"
            note.parent.mkdir(exist_ok=True)
            with note.open("a") as file:
                file.write(f"{now().isoformat()} {value} {name}\n")
            git.run(spot.path, "update-ref", "--no-deref", "-d", name)
            yield Fault(Kind.REF, name, LOST, f"named {value}, which is gone; noted in broken/refs")
            if spot.kind == UPSTREAM:
                _take_back(place, spot, name)


def _take_back(place: Storage, spot: Spot, name: str) -> None:
    value = checking.refs(place.pool(spot.app)).get(name)
    if value and checking.present(spot.path, {value}):
        git.run(spot.path, "update-ref", name, value, ZERO)


def _tagged(place: Storage, spot: Spot, fault: Fault, releases: Mapping[str, str]) -> Fault:
    """A release's tag again, as the pool or the release's own bundle has it; one that moved is not touched."""
    if fault.state == LOST:
        return fault
    name, version = f"refs/tags/{fault.what}", fault.what.removeprefix("v")
    bundle = place.archive(spot.app, version, "bundle")
    try:
        if spot.kind == POOL and bundle in bringing.bundles(place, spot.app):
            bringing.fetch_bundle(spot.path, bundle, f"{name}:{name}")
        elif spot.kind == UPSTREAM:
            git.run(spot.path, "update-ref", name, checking.refs(place.pool(spot.app))[name], ZERO)
    except (git.GitError, KeyError):
        return replace(fault, state=LOST, note="neither the pool nor the release's bundle has it")
    left = {one.what for one in checking.tag_faults(spot, releases)}
    return replace(fault, state=LOST if fault.what in left else REPAIRED)


def _set_aside(repository: Path, path: Path) -> None:
    """Its name in ``broken/`` tells where it was."""
    if path.exists():
        target = repository / ASIDE / str(path.relative_to(repository)).replace("/", "-")
        target.parent.mkdir(exist_ok=True)
        path.rename(target)


def _named(torn: Torn) -> str:
    told = sorted(torn.missing | torn.packs)
    more = f" and {len(told) - MOST_NAMED} more" if len(told) > MOST_NAMED else ""
    return " ".join(told[:MOST_NAMED]) + more
