"""A bundle's own tests before it is released: where their source is found again, and waiting for their end.

A source is a few words that are kept with the run: ``candidate`` (an upload or a repository that waits, see
`registry.forge.candidates`), or ``app`` with ``commit`` (pushed or released), and ``city`` when it is in that city's
fork. They are written here only, never taken from a request.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flask_babel import gettext as _

from registry.catalog.models import App, Release
from registry.catalog.trust import proving
from registry.catalog.trust.models import Proving
from registry.catalog.trust.proved import Content, Result
from registry.core.db import db
from registry.core.errors import ConflictError, UnavailableError
from registry.core.uow import unit_of_work
from registry.forge import candidates, storage, uploads
from registry.forge.looking import Look, look_repository
from registry.forge.models import Fork
from registry.forge.publishing import committed, limits
from registry.forge.trees import resolve
from registry.tenants.models import City

POLL, SECONDS = 1.0, 1800.0
Source = Mapping[str, str]


def ask(city: City, look: Look, source: Source, user_id: int | None) -> Proving:
    """Have the tests run of what was looked over. Raises ConflictError when there is something else to mend first, or
    nothing to be run; UnavailableError when nobody is there who would run them.
    """
    if look.content is None or not (look.awaits_tests or look.may_release):
        raise ConflictError(_("Mend what else is missing first: then its tests are worth running."))
    return _ask(city, look.content, source, user_id)


def ask_released(release: Release, user_id: int | None) -> Proving:
    """Of a release that is out, for everybody to see."""
    content = Content(release.tree, release.lock, str(release.manifest.get("runtime", "")), release.version)
    return _ask(release.app.publisher, content, {"app": release.app.slug, "commit": release.commit}, user_id)


def ask_fork(fork: Fork, ref: str, user_id: int | None) -> Proving:
    """Of what ``ref`` names in a city's fork, whatever else it lacks: a proposal shows it. Raises NotFoundError."""
    repository = storage.here().fork(fork.city.slug, fork.app.slug)
    look = look_repository(fork.city, repository, ref)
    if look.content is None:
        raise ConflictError(_("This cannot be tested: its lumbung.toml cannot be read."))
    source = {"city": fork.city.slug, "app": fork.app.slug, "commit": look.commit}
    return _ask(fork.city, look.content, source, user_id)


def ask_commit(city: City, app: App, commit: str, user_id: int | None) -> Proving:
    """Of a commit in the app's upstream, for ``city``: of a proposal as it would be merged, say."""
    look = look_repository(city, storage.here().upstream(app.slug), commit)
    if look.content is None:
        raise ConflictError(_("This cannot be tested: its lumbung.toml cannot be read."))
    return _ask(city, look.content, {"app": app.slug, "commit": commit}, user_id)


def _ask(city: City, content: Content, source: Source, user_id: int | None) -> Proving:
    if not proving.host_is_there():
        raise UnavailableError(_("The plugin host, which runs tests, was not heard for a while. Try again later."))
    return proving.ask(city, content, source, user_id)


@contextmanager
def opened(publisher: City, source: Source) -> Iterator[tuple[Path, str]]:
    """The repository of a source and its tree's id. Raises NotFoundError when it is not kept any more."""
    name = source.get("candidate", "")
    if not name:
        place, app = storage.here(), source["app"]
        found = place.fork(source["city"], app) if "city" in source else place.upstream(app)
        yield found, resolve(found, source["commit"]).tree
    elif kept := candidates.repository(name):
        yield kept, resolve(kept, "HEAD").tree
    else:
        with candidates.opened(name) as stream, storage.here().scratch() as scratch:
            folder = uploads.unpacked(stream, name, scratch / "bundle", limits())
            with committed(publisher, folder) as found_tree:
                yield found_tree


def try_repository(
    publisher: City, repository: Path, ref: str, user_id: int | None, tell: Callable[[Result], None]
) -> bool:
    """Run the tests of what ``ref`` names and wait for their end, ``tell`` hears how far they are; not inside a unit of
    work. False when there was no reason to: they have passed, something else is missing, or nobody would run them.
    """
    look = look_repository(publisher, repository, ref)
    if not look.awaits_tests:
        return False
    name = candidates.keep_repository(repository)
    try:
        with unit_of_work():
            asked = ask(publisher, look, {"candidate": name}, user_id)
            proving_id = asked.id
        wait(proving_id, tell)
    finally:
        candidates.forget(name)
    return True


def wait(proving_id: int, tell: Callable[[Result], None], seconds: float = SECONDS) -> Result:
    """Until it has ended. Raises UnavailableError when nobody comes to it in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        db.session.rollback()
        found = proving.get(proving_id)
        if found.ended:
            return proving.told(found)
        tell(proving.told(found))
        time.sleep(POLL)
    raise UnavailableError(_("The plugin host did not come to it in time. Try again later."))
