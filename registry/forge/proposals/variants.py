"""A city publishes its fork as an app of its own beside the original: it asks, a maintainer decides.

A PKS that forbids passing on, or does not cover the original, refuses both. Asked again later, the next version of the same variant is published. Inside a unit of work.
"""

from __future__ import annotations

from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.accounts.models import User
from registry.catalog import agreed
from registry.catalog.models import App
from registry.catalog.publiccode.file import FILE as PUBLICCODE
from registry.catalog.publiccode.rewriting import rewrite
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, ForbiddenError, InvalidError, NotFoundError
from registry.core.uow import after_rollback
from registry.forge import service, storage, writing
from registry.forge.following import merging
from registry.forge.following.distances import tip
from registry.forge.following.merging import Side
from registry.forge.looking import look_repository
from registry.forge.models import Fork
from registry.forge.proposals import bringing, rules, words
from registry.forge.proposals.doors import Speaker
from registry.forge.proposals.models import VariantRequest
from registry.forge.publishing import release_commit
from registry.forge.trees import resolve
from registry.tenants.agreements import service as agreements
from registry.tenants.models import City
from registry.tenants.rules import slug_problem

MAIN = "refs/heads/main"
MAX_LISTED = 200


def requests(city: City | None = None, app: App | None = None) -> list[VariantRequest]:
    """Those that wait first, then the newest."""
    wanted = select(VariantRequest).order_by(VariantRequest.state != rules.ASKED, VariantRequest.id.desc())
    if city is not None:
        wanted = wanted.where(VariantRequest.city_id == city.id)
    if app is not None:
        wanted = wanted.where(VariantRequest.app_id == app.id)
    return list(db.session.scalars(wanted.limit(MAX_LISTED)))


def get(number: int) -> VariantRequest:
    """Raises NotFoundError."""
    found = db.session.get(VariantRequest, number) if 0 < number < 2**63 else None
    if found is None:
        raise NotFoundError(_("There is no such request."))
    return found


def ask(city: City, fork: Fork, user: User, name: str, slug: str, why: str) -> VariantRequest:
    """Ask to publish what the fork's main is now. Raises AgreementNeededError, InvalidError, ConflictError."""
    _demand_part(city)
    pks = agreements.require_variants(city, agreed.name_in_scope(fork.app, city))
    words.demand(
        name=rules.title_problem(name) or ("long" if len(name) > rules.MAX_NAME else None),
        why=rules.text_problem(why, rules.MAX_WHY, needed=True),
    )
    if slug_problem(slug):
        message = _("The short name has small letters, digits and single hyphens, and begins with a letter.")
        raise InvalidError(message, [Finding("slug", message)])
    _demand_slug(slug, city, fork.app)
    look = look_repository(city, storage.here().fork(city.slug, fork.app.slug), MAIN)
    errors = [one for one in look.findings if one.level == "error"]
    if errors or not look.version:
        raise InvalidError(_("The fork cannot be published as it is."), errors)
    asked = VariantRequest(
        app_id=fork.app_id, city_id=city.id, author_id=user.id, name=name.strip(), slug=slug,
        why=why.replace("\r\n", "\n").strip(), head=look.commit, version=look.version,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(asked)
    except IntegrityError as error:
        raise ConflictError(_("Your city has asked for this already: wait for the answer.")) from error
    db.session.refresh(asked)
    audit.record("variant.ask", f"{slug} {city.slug}", city.id, of=fork.app.slug, pks=pks.number if pks else "")
    return asked


def decline(asked: VariantRequest, speaker: Speaker, reason: str) -> None:
    """Raises InvalidError without a reason, ConflictError when it was decided."""
    words.demand(text=rules.text_problem(reason, rules.MAX_REASON, needed=True))
    _decide(asked, speaker, rules.REFUSED)
    asked.reason = reason.replace("\r\n", "\n").strip()
    audit.record("variant.decline", f"{asked.slug} {asked.city.slug}", asked.city_id, reason=reason[:500])


def approve(asked: VariantRequest, speaker: Speaker) -> None:
    """Publish it: its own upstream and pool, the city as publisher, listed beside the original.

    Raises what publishing raises, ConflictError when it was decided or the name is taken, AgreementNeededError when the
    PKS has ended meanwhile.
    """
    city, original = asked.city, asked.app
    _demand_part(city)
    pks = agreements.require_variants(city, agreed.name_in_scope(original, city))
    _decide(asked, speaker, rules.APPROVED)
    _demand_slug(asked.slug, city, original)
    place = storage.here()
    known = place.upstream(asked.slug).exists()
    if not known:
        after_rollback(lambda: storage.remove(place.upstream(asked.slug).parent))
    storage.make_app(place, asked.slug)
    made = _commit(asked)
    storage.feed_pool(place, asked.slug, place.upstream(asked.slug))
    published = release_commit(city, asked.slug, resolve(place.upstream(asked.slug), made), speaker.user.id)
    audit.record(
        "variant.approve", f"{asked.slug} {city.slug}", asked.city_id, of=original.slug, pks=pks.number if pks else "",
        version=published.release.version,
    )  # fmt: skip


def _commit(asked: VariantRequest) -> str:
    """The fork's history with the variant's nameplate on top, on main of its upstream, after what was there before."""
    place = storage.here()
    upstream, fork = place.upstream(asked.slug), place.fork(asked.city.slug, asked.app.slug)
    old = tip(upstream)
    with storage.in_use(fork):
        storage.feed_pool(place, asked.slug, fork, ("+refs/heads/main:refs/heads/offered",))
    with place.scratch() as scratch:
        work = merging.workplace(upstream, scratch, (place.pool(asked.slug),))
        text = work.run("cat-file", "blob", f"{asked.head}:{PUBLICCODE}").decode()
        own = rewrite(text, {
            "name": asked.name, "url": service.clone_url(asked.slug), "isBasedOn": service.clone_url(asked.app.slug),
        })  # fmt: skip
        mode = merging.listed(work, asked.head, [PUBLICCODE])[PUBLICCODE].mode
        side = Side(mode, merging.put(work, own.encode()))
        tree = merging.with_entries(work, f"{asked.head}^{{tree}}", {PUBLICCODE: side})
        parents = (old, asked.head) if old else (asked.head,)
        author = bringing.registry_author()
        made = merging.prepare(work, tree, parents, f"{asked.name} {asked.version}", author, author)
    writing.update_refs(upstream, {MAIN: (made, old or writing.ZERO)})
    after_rollback(lambda: _back(upstream, made, old))
    return made


def _back(upstream: Path, made: str, old: str) -> None:
    """Only a variant that was there before still has its repository when the unit of work was rolled back."""
    if old and upstream.exists():
        writing.update_refs(upstream, {MAIN: (old, made)})


def _decide(asked: VariantRequest, speaker: Speaker, state: str) -> None:
    if speaker.side != rules.PUBLISHER:
        raise ForbiddenError(_("Only maintainers of the programme may do this."))
    db.session.refresh(asked, with_for_update={"of": VariantRequest})
    if asked.state != rules.ASKED:
        raise ConflictError(_("This request was decided meanwhile."))
    asked.state, asked.decided_by, asked.decided_at = state, speaker.user.id, now()


def _demand_part(city: City) -> None:
    if city.state != "admitted":
        raise ForbiddenError(_("%(city)s does not take part at present.", city=city.name))


def _demand_slug(slug: str, city: City, original: App) -> None:
    """Free, or that of the city's own variant of the same original."""
    app = db.session.scalar(select(App).where(App.slug == slug))
    if app is None:
        if storage.here().upstream(slug).exists():
            raise ConflictError(_("The short name %(name)s is taken.", name=slug))
    elif app.publisher_id != city.id or app.based_on_id != original.id:
        raise ConflictError(_("The short name %(name)s is taken.", name=slug))
