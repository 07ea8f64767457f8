"""What a sync comes to, and the steps in which the worker does it: safe to kill at any of them, and to run again.

Main is moved by one transaction of references, from the very commit the sync was begun with. What it will name is
written to the table before, so that who runs the job again knows whether it was moved: then only the rest is done; or
not: then it is moved now.
"""

from __future__ import annotations

from pathlib import Path

from flask_babel import gettext as _

from registry.accounts.models import User
from registry.catalog import rules as versions
from registry.catalog import service as catalog
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, InvalidError
from registry.core.uow import unit_of_work
from registry.forge import git, pushes, storage, writing
from registry.forge.following import distances, merging, preview, references, rules, words
from registry.forge.following.distances import Target
from registry.forge.following.models import DONE, MOVING, OPEN, STOPPED, Sync
from registry.forge.following.preview import Preview
from registry.forge.following.results import choices_of, result_of
from registry.forge.keeping import service as keeping
from registry.forge.models import Fork
from registry.forge.pushes import Change
from registry.forge.signatures import own
from registry.forge.writing import Author
from registry.tenants.models import City

MAIN_REF = "refs/heads/main"


def prepare(city: City, fork: Fork, sync_id: int) -> None:
    """First step: the commit is made and checked, and written down as what main is to name.

    Opens its own unit of work. Nothing is done for a sync that is prepared already. Raises ConflictError when either
    side moved, InvalidError with findings for what could not be deployed.
    """
    sync = db.session.get_one(Sync, sync_id)
    if sync.state != OPEN:
        return
    place = storage.here()
    storage.feed_pool(place, fork.app.slug, place.upstream(fork.app.slug))
    looked = preview.looked(city, fork, Target(sync.theirs, sync.label), sync.ours)
    with looked as found, storage.in_use(found.repository):
        if distances.tip(found.repository) != sync.ours:
            raise _moved(fork)
        way = sync.way if sync.way in (rules.DISCARD, rules.TIDY) else found.way
        if sync.by_itself and way not in rules.BY_ITSELF:
            raise ConflictError(_("The fork has changes of its own: somebody must look at this sync."))
        result = result_of(found, choices_of(sync), way)
        if result.open:
            raise ConflictError(_("%(n)d files are still to be decided.", n=len(result.open)))
        if result.errors:
            raise InvalidError(_("What comes of it could not be deployed. Correct it first."), result.errors)
        keeping.demand_room(city)
        made = _commit(city, fork, sync, found, way, result.tree)
    with unit_of_work():
        sync = db.session.get_one(Sync, sync_id, with_for_update=True)
        if sync.state != OPEN:
            raise _moved(fork)
        sync.state, sync.way, sync.result = MOVING, way, made


def _commit(city: City, fork: Fork, sync: Sync, found: Preview, way: str, tree: str) -> str:
    """What main is to name, with all its objects in the fork."""
    target, parents = found.target.commit, (found.head, found.target.commit)
    same = tree == found.place.line("rev-parse", "--verify", f"{target}^{{tree}}")
    registry = Author("Lumbung", f"git@{storage.settings().registry_host}", now())
    try:
        if not _borrows(found.repository):
            tags = (new for new, _old in references.new_tags(found.repository, fork).values())
            merging.take_in(found.place, [target, *tags], [found.head])
        if way == rules.FORWARD or (way in rules.MOVES_BACK and same):
            return target
        known = (target,) if way in rules.MOVES_BACK else parents
        message = words.message(city, fork, way, sync.label)
        return merging.prepare(found.place, tree, known, message, _author(sync, city), registry, own.signed)
    except git.GitError as error:
        raise InvalidError(_("Git refuses this content: %(reason)s", reason=str(error)[-300:])) from error


def _borrows(repository: Path) -> bool:
    """A fork that was detached has every object itself, and must go on having them."""
    return (repository / "objects" / "info" / "alternates").exists()


def _author(sync: Sync, city: City) -> Author:
    """Who asked for it; a fork is public, so the address is one of the registry's and not the person's own."""
    host = storage.settings().registry_host
    user = db.session.get(User, sync.started_by) if sync.started_by else None
    if user is None:
        return Author(city.name, f"git@{host}", now())
    return Author(user.name, f"{user.id}.{city.slug}@{host}", now())


def move(city: City, fork: Fork, sync_id: int) -> None:
    """Second step: main names the result, with what it named before kept where it would be lost, and new tags.

    Nothing is done when main names it already. Raises ConflictError when main moved since; the sync is open again then.
    """
    sync = db.session.get_one(Sync, sync_id)
    if sync.state != MOVING:
        return
    repository = storage.here().fork(city.slug, fork.app.slug)
    if _contains(repository, distances.tip(repository), sync.result):
        return
    beside = {**references.kept(repository, sync), **references.new_tags(repository, fork)}
    wanted = {MAIN_REF: (sync.result, sync.ours), **beside}
    try:
        with storage.in_use(repository):
            writing.update_refs(repository, wanted)
    except git.GitError as error:
        with unit_of_work():
            sync = db.session.get_one(Sync, sync_id)
            sync.state, sync.result = OPEN, ""
        raise _moved(fork) from error


def settle(city: City, fork: Fork, sync_id: int) -> Sync:
    """Last step, in the caller's unit of work: what the tables say of the fork, and the audit log."""
    sync = db.session.get_one(Sync, sync_id)
    if sync.state != MOVING:
        return sync
    sync.state = DONE
    sync.safety = references.safety_of(storage.here().fork(city.slug, fork.app.slug), sync)
    note_base(city, fork)
    keeping.note_change(city, fork.app)
    pushes.record("fork", city, fork.app, [Change(MAIN_REF, sync.ours, sync.result)])
    told = {"way": sync.way, "to": sync.label, "safety": sync.safety, "by_itself": sync.by_itself}
    audit.record("fork.sync", f"{city.slug}/{fork.app.slug}", tenant_id=city.id, **told)
    return sync


def note_base(city: City, fork: Fork) -> None:
    """The newest release that is in the fork's main becomes what it is called to be made from."""
    repository = storage.here().fork(city.slug, fork.app.slug)
    head, base = distances.tip(repository), versions.version_key(fork.base_release.version)
    later = [one for one in catalog.releases_of(fork.app) if versions.version_key(one.version) >= base]
    newest_first = sorted(later, key=lambda one: versions.version_key(one.version), reverse=True)
    newest = next((one for one in newest_first if _contains(repository, head, one.commit)), None)
    if newest and newest.version != fork.base_release.version:
        fork.base_release_id = newest.id
        catalog.note_adoption(fork.app_id, city.id, newest.version, running=_runs(fork, city))


def _runs(fork: Fork, city: City) -> bool:
    return any(one.city_id == city.id and one.running for one in catalog.adopters(fork.app))


def _contains(repository: Path, head: str, commit: str) -> bool:
    try:
        git.run(repository, "merge-base", "--is-ancestor", commit, head)
    except git.GitError:
        return False
    return True


def undo(sync_id: int) -> None:
    """Nothing came of it: a sync nobody has to decide anything in is over, one with decisions waits for its people."""
    sync = db.session.get_one(Sync, sync_id)
    if sync.state == OPEN and sync.way != rules.CONFLICTS:
        sync.state = STOPPED


def _moved(fork: Fork) -> ConflictError:
    return ConflictError(_("The fork of %(app)s was changed meanwhile: look at the preview again.", app=fork.app.name))
