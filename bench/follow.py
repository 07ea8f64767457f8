"""Ahead and behind of 500 forks of one app, and one sync, against asking git for the same.

The list of who follows an app reads each fork's head as the small file it is; git is asked only for forks whose head,
or whose original, moved since the last look. "After a release" is the worst case: every count is stale at once (the
worker counts anew when it tells the cities, so that no page waits for it). A sync is measured from the preview to the
moved main, inspection of the result included; beside it stand the three git commands that such a merge cannot do
without.
"""

from __future__ import annotations

import itertools
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import delete, select, update

from bench.harness import Row, Way, ratio, rounds, seconds, spread
from bench.house import House
from bench.stack import CITY, Stack
from registry.catalog.models import App
from registry.catalog.publiccode.file import FILE as PUBLICCODE
from registry.catalog.service import get_app, latest_release
from registry.core import scope
from registry.core.clock import now
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge import git, storage, writing
from registry.forge.following import distances, followers, rules
from registry.forge.following.distances import Target
from registry.forge.following.models import Following
from registry.forge.following.preview import looked
from registry.forge.following.results import result_of
from registry.forge.models import Fork
from registry.forge.publishing import MAIN
from registry.forge.storage import Storage
from registry.forge.writing import Author, File
from registry.tenants.models import City
from registry.tenants.service import find_city

FORKS, ROUNDS, SYNCS = 500, 5, 15
APP = "antrian"


@dataclass
class Crowd:
    """An app with many forks, each with one commit of its own."""

    stack: Stack
    repositories: list[Path] = field(default_factory=list)

    def made(self) -> None:
        with self.stack.app.test_request_context():
            scope.enter_programme()
            app = get_app(APP)
            release = latest_release(app)
            assert release is not None
            with unit_of_work():
                for number in range(FORKS):
                    self._add(number, app, release.id, release.commit)

    def _add(self, number: int, app: App, release: int, commit: str) -> None:
        slug = f"ukur-{number}"
        city = City(code=f"99.{number}", slug=slug, name=f"Ukur {number}", province="Ukur", state="admitted")
        db.session.add(city)
        db.session.flush()
        db.session.add(Fork(tenant_id=city.id, app_id=app.id, base_release_id=release))
        place = Storage(self.stack.settings.data)
        refs = {MAIN: commit if not self.repositories else distances.tip(self.repositories[0])}
        target = storage.make_fork(place, slug, app.slug, refs)
        if self.repositories:
            shutil.copytree(self.repositories[0] / "objects" / "pack", target / "objects" / "pack", dirs_exist_ok=True)
        else:
            file = File("UKUR.md", 0o100644, b"own\n")
            author = Author("Ukur", "ukur@example.org", now())
            writing.commit_files(target, MAIN, [file], "own", author, parent=commit)
        self.repositories.append(target)

    def undone(self) -> None:
        """What comes after is measured as before."""
        with self.stack.app.test_request_context():
            scope.enter_programme()
            with unit_of_work():
                mine = select(City.id).where(City.slug.startswith("ukur-"))
                for model in (Following, Fork):
                    db.session.execute(delete(model).where(model.tenant_id.in_(mine)))
                db.session.execute(delete(City).where(City.slug.startswith("ukur-")))
        for repository in self.repositories:
            storage.remove(repository.parent)

    def listed(self) -> None:
        """What the page of followers gathers."""
        with self.stack.app.test_request_context():
            scope.enter_programme()
            with unit_of_work():
                assert len(followers.of(get_app(APP))) >= FORKS

    def forgotten(self) -> None:
        """As after a release: no count holds any more."""
        with self.stack.app.test_request_context():
            scope.enter_programme()
            with unit_of_work():
                db.session.execute(update(Following).values(release_commit="", main_commit=""))

    def asked(self) -> None:
        """One git for each fork."""
        pool = Storage(self.stack.settings.data).upstream(APP)
        theirs = git.line(pool, "rev-parse", MAIN)
        for repository in self.repositories:
            git.line(repository, "rev-list", "--left-right", "--count", f"{MAIN}...{theirs}")


def run(house: House) -> list[Row]:
    crowd = Crowd(house.stack)
    try:
        crowd.made()
        crowd.listed()
        found = rounds(ROUNDS, warm=seconds(crowd.listed), git=seconds(crowd.asked), cold=_after_a_release(crowd))
    finally:
        crowd.undone()
    what = f"ahead/behind of {FORKS} forks"
    peer = "one `git rev-list` for each fork"
    rows = [
        Row("follow", f"{what}, nothing moved", peer, ratio(found["warm"], found["git"]), 0.5),
        Row("follow", f"{what}, right after a release", peer, ratio(found["cold"], found["git"]), 2),
        Row("follow", f"{what}, nothing moved", "", spread([value * 1000 for value in found["warm"]]), unit="ms"),
    ]
    return rows + _syncs(house.stack)


def _after_a_release(crowd: Crowd) -> Way:
    def timed() -> float:
        crowd.forgotten()
        return seconds(crowd.listed)()

    return timed


def _syncs(stack: Stack) -> list[Row]:
    """A clean merge in a city's fork that has one change of its own and is one release behind."""
    stack.fork(APP)
    fork = _behind(stack)
    numbers = itertools.count()
    found = rounds(SYNCS, ours=seconds(lambda: _looked(stack, fork)), git=seconds(lambda: _plain(fork, next(numbers))))
    what, label = "a sync looked at and inspected", "merge-tree, commit-tree and update-ref"
    return [
        Row("follow", what, label, ratio(found["ours"], found["git"])),
        Row("follow", what, "", spread([value * 1000 for value in found["ours"]]), unit="ms"),
    ]


@dataclass(frozen=True)
class Behind:
    repository: Path
    head: str
    target: str


def _behind(stack: Stack) -> Behind:
    """Both sides on top of the app's newest release, in the demo city's fork."""
    with stack.app.test_request_context():
        city = find_city(CITY)
        scope.enter_city(city.id)
        repository = storage.here().fork(CITY, APP)
        author = Author("Ukur", "ukur@example.org", now())
        base = git.line(repository, "rev-parse", MAIN)
        text = git.run(repository, "cat-file", "blob", f"{base}:{PUBLICCODE}")
        ours = [File("KOTA.md", 0o100644, b"own\n")]
        theirs = [File("BARU.md", 0o100644, b"new\n"), File(PUBLICCODE, 0o100644, text + b"# more\n")]
        head = writing.commit_files(repository, "refs/heads/ukur-kota", ours, "own", author, parent=base)
        target = writing.commit_files(repository, "refs/heads/ukur-asli", theirs, "new", author, parent=base)
    return Behind(repository, head, target)


def _looked(stack: Stack, fork: Behind) -> None:
    with stack.app.test_request_context():
        city = find_city(CITY)
        scope.enter_city(city.id)
        row = db.session.query(Fork).join(App).filter(App.slug == APP, Fork.tenant_id == city.id).one()
        with looked(city, row, Target(fork.target, "ukur"), fork.head) as found:
            assert found.way == rules.MERGE, found.way
            assert result_of(found, {}, found.way).tree


def _plain(fork: Behind, number: int) -> None:
    tree = git.line(fork.repository, "merge-tree", "--write-tree", fork.head, fork.target)
    author = Author("Ukur", "ukur@example.org", now())
    commit = writing.commit_tree(fork.repository, tree, fork.head, "joined", author)
    writing.update_refs(fork.repository, {f"refs/heads/ukur-{number}": (commit, writing.ZERO)})
