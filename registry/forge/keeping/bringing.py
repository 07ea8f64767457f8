"""Lost objects, brought from wherever they still are: pool, upstream, other forks, what was set aside, releases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from registry.core.logs import logger
from registry.forge import archives, git, storage
from registry.forge.keeping.checking import ID, SECONDS, is_there, present
from registry.forge.keeping.spots import Spot
from registry.forge.storage import Storage


def bring(place: Storage, spot: Spot, missing: set[str]) -> set[str]:
    """Write what can be found of ``missing``, with all it leads to, into the repository; answers what was found."""
    found: set[str] = set()
    with place.scratch() as folder:
        for source in _sources(place, spot, folder):
            if left := missing - found:
                found |= _from(source, spot.path, left, folder)
    return found


def fetch_bundle(repository: Path, bundle: Path, *specs: str) -> None:
    """Raises git.GitError."""
    words = ("fetch", "--quiet", "--no-auto-maintenance", "--no-write-fetch-head", "--no-tags", "--end-of-options")
    config = {"protocol.file.allow": "always", "fetch.writeCommitGraph": "false", "fetch.unpackLimit": "1"}
    git.run(repository, *words, str(bundle), *specs, config=config, seconds=SECONDS)


def bundles(place: Storage, app: str) -> list[Path]:
    """Of the app's releases, those that still are what was published."""
    found = sorted(place.archive(app, "x", "bundle").parent.glob("*.bundle"))
    return [path for path in found if archives.is_whole(path)]


def _sources(place: Storage, spot: Spot, folder: Path) -> Iterator[Path]:
    near = [place.pool(spot.app), place.upstream(spot.app)]
    forks = sorted((place.data / "git" / "cities").glob(f"*/{spot.app}.git"))
    aside = sorted((place.data / "git").glob(f"cities/*/{spot.app}.git.set-aside-*"))
    for source in (*near, *forks, *aside):
        if source != spot.path and is_there(source):
            yield source
    yield from _from_releases(place, spot.app, folder)


def _from_releases(place: Storage, app: str, folder: Path) -> Iterator[Path]:
    """All releases in one repository: each bundle holds its release with all of the history before."""
    found = bundles(place, app)
    if not found:
        return
    source = storage.make_scratch(folder / "releases.git")
    for number, bundle in enumerate(found):
        try:
            fetch_bundle(source, bundle, f"+refs/*:refs/release-{number}/*")
        except git.GitError as error:
            logger.error("a release's bundle cannot be read", bundle=bundle.name, reason=str(error)[-300:])
    yield source


def _from(source: Path, target: Path, wanted: set[str], folder: Path) -> set[str]:
    try:
        there = present(source, wanted)
        if not there:
            return set()
        _copy(source, target, sorted(_closure(source, there) - present(target, _closure(source, there))), folder)
    except git.GitError as error:
        logger.warning("nothing brought", source=source.name, reason=str(error)[-300:])
        return set()
    return there & present(target, there)


def _closure(source: Path, ids: set[str]) -> set[str]:
    """The ids with all they lead to; only themselves where the source is torn, too."""
    words = ("rev-list", "--objects", "--no-object-names", "--stdin")
    try:
        told = git.run(source, *words, stdin=_lines(sorted(ids)), seconds=SECONDS, limit=256 * 2**20)
    except git.GitError:
        return ids
    return {line for line in told.decode().splitlines() if ID.fullmatch(line)} | ids


def _copy(source: Path, target: Path, ids: Sequence[str], folder: Path) -> None:
    """As a pack that git checks while it takes it in."""
    pack = folder / "brought"
    name = git.run(source, "pack-objects", "-q", str(pack), stdin=_lines(ids), seconds=SECONDS).decode().strip()
    with (
        pack.with_name(f"brought-{name}.pack").open("rb") as file,
        git.started(target, "index-pack", "--stdin", stdin=file, seconds=SECONDS) as process,
    ):
        assert process.stdout  # noqa: S101 a pipe was asked for
        process.stdout.read()


def _lines(ids: Sequence[str]) -> bytes:
    return "".join(f"{one}\n" for one in ids).encode()
