"""What a maintainer let out is published: the fork's history under the variant's nameplate, in a new upstream."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from registry.catalog.models import App
from registry.catalog.publiccode.file import FILE as PUBLICCODE
from registry.catalog.publiccode.rewriting import rewrite
from registry.core import audit
from registry.core.db import db
from registry.core.uow import after_rollback
from registry.forge import git, service, storage, writing
from registry.forge.following import merging
from registry.forge.following.distances import tip
from registry.forge.following.merging import Side, Workplace
from registry.forge.proposals import bringing, rules, variant_notices, variants
from registry.forge.proposals.doors import Speaker
from registry.forge.proposals.models import VariantRequest
from registry.forge.proposals.variants import MAIN
from registry.forge.publishing import release_commit
from registry.forge.signatures import own
from registry.forge.storage import Storage
from registry.forge.trees import resolve


def approve(asked: VariantRequest, speaker: Speaker) -> None:
    """Publish it: its own upstream and pool, the city as publisher, listed beside the original.

    Inside a unit of work; safe to do again after somebody was killed at it. Raises what publishing raises,
    ConflictError when it was decided or the name is taken, AgreementNeededError when the PKS has ended meanwhile.
    """
    city, original, place = asked.city, asked.app, storage.here()
    pks = variants.demand_part(city, original)
    variants.decide(asked, speaker, rules.APPROVED)
    known = _place(place, asked)
    made = _commit(place, asked, known)
    storage.feed_pool(place, asked.slug, place.upstream(asked.slug))
    published = release_commit(city, asked.slug, resolve(place.upstream(asked.slug), made), speaker.user.id)
    audit.record(
        "variant.approve", f"{asked.slug} {city.slug}", asked.city_id, of=original.slug, pks=pks.number if pks else "",
        version=published.release.version,
    )  # fmt: skip
    variant_notices.tell_decided(asked)


def _place(place: Storage, asked: VariantRequest) -> App | None:
    """Its repositories. Those that no table knows a killed worker left behind: they are set aside.

    The lock is the one every publication of this name takes, so nobody is at work in them.
    """
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"forge.publish:{asked.slug}"))))
    known = variants.demand_slug(asked.slug, asked.city, asked.app)
    folder = place.upstream(asked.slug).parent
    if known is None:
        if folder.exists():
            storage.set_aside(folder)
        after_rollback(lambda: storage.remove(folder))
    storage.make_app(place, asked.slug)
    return known


def _commit(place: Storage, asked: VariantRequest, known: App | None) -> str:
    """The variant's nameplate on top of the fork's history, on main of its upstream, after what was there before."""
    upstream, fork = place.upstream(asked.slug), place.fork(asked.city.slug, asked.app.slug)
    old = tip(upstream)
    with storage.in_use(fork):
        storage.feed_pool(place, asked.slug, fork, ("+refs/heads/main:refs/heads/offered",))
    with storage.in_use(upstream), place.scratch() as scratch:
        work = merging.workplace(upstream, scratch, (place.pool(asked.slug),))
        tree = _tree(work, asked)
        if old and _is_made(upstream, old, asked.head, tree):
            return old
        if known is not None:
            variants.demand_nothing_lost(known, asked.city, asked.app, asked.head)
        parents = (old, asked.head) if old else (asked.head,)
        author = bringing.registry_author()
        made = merging.prepare(work, tree, parents, f"{asked.name} {asked.version}", author, author, own.signed)
        writing.update_refs(upstream, {MAIN: (made, old or writing.ZERO)})
    after_rollback(lambda: _back(upstream, made, old))
    return made


def _tree(work: Workplace, asked: VariantRequest) -> str:
    text = work.run("cat-file", "blob", f"{asked.head}:{PUBLICCODE}").decode()
    named = rewrite(text, {
        "name": asked.name, "url": service.clone_url(asked.slug), "isBasedOn": service.clone_url(asked.app.slug),
    })  # fmt: skip
    mode = merging.listed(work, asked.head, [PUBLICCODE])[PUBLICCODE].mode
    side = Side(mode, merging.put(work, named.encode()))
    return merging.with_entries(work, f"{asked.head}^{{tree}}", {PUBLICCODE: side})


def _is_made(upstream: Path, main: str, head: str, tree: str) -> bool:
    """Whether main is already what comes of it, by a worker who was killed afterwards."""
    told = git.line(upstream, "rev-list", "--max-count=1", "--no-commit-header", "--format=%T %P", main).split()
    return told[0] == tree and head in told[1:]


def _back(upstream: Path, made: str, old: str) -> None:
    """Only a variant that was there before still has its repository when the unit of work was rolled back."""
    if old and upstream.exists():
        writing.update_refs(upstream, {MAIN: (old, made)})
