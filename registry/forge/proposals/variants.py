"""A city publishes its fork as an app of its own beside the original: it asks, a maintainer decides, both sides hear.

A PKS that forbids passing on, or does not cover the original, refuses both. Asked again later, the next version of the
same variant is published. What a maintainer lets out the worker publishes (`registry.forge.proposals.issuing`). All in
a unit of work.
"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.accounts.models import User
from registry.catalog import agreed
from registry.catalog import service as catalog
from registry.catalog.models import App
from registry.core import audit, jobs
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, ForbiddenError, InvalidError, NotFoundError
from registry.core.jobs import Job
from registry.forge import git, service, storage
from registry.forge.following.distances import tip
from registry.forge.looking import look_repository
from registry.forge.models import Fork
from registry.forge.proposals import rules, variant_notices, words
from registry.forge.proposals.doors import Speaker
from registry.forge.proposals.models import VariantRequest
from registry.tenants.agreements import service as agreements
from registry.tenants.agreements.models import Agreement
from registry.tenants.models import City
from registry.tenants.rules import slug_problem

MAIN = "refs/heads/main"
TASK, KIND = "forge.publish_variant", "variant"
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
    pks = demand_part(city, fork.app)
    words.demand(
        name=rules.title_problem(name) or ("long" if len(name) > rules.MAX_NAME else None),
        why=rules.text_problem(why, rules.MAX_WHY, needed=True),
    )
    if slug_problem(slug):
        message = _("The short name has small letters, digits and single hyphens, and begins with a letter.")
        raise InvalidError(message, [Finding("slug", message)])
    known = demand_slug(slug, city, fork.app)
    look = look_repository(city, storage.here().fork(city.slug, fork.app.slug), MAIN)
    errors = [one for one in look.findings if one.level == "error"]
    if errors or not look.version:
        raise InvalidError(_("The fork cannot be published as it is."), errors)
    if known is not None:
        demand_nothing_lost(known, city, fork.app, look.commit)
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
    variant_notices.tell_asked(asked)
    return asked


def begin(asked: VariantRequest, speaker: Speaker) -> Job:
    """A maintainer lets it out: the worker publishes it. Raises ConflictError when it was decided or is under way."""
    _demand_maintainer(speaker)
    db.session.refresh(asked, with_for_update={"of": VariantRequest})
    if asked.state != rules.ASKED:
        raise ConflictError(_("This request was decided meanwhile."))
    if job_of(asked) is not None:
        raise ConflictError(_("This is being done already."))
    demand_part(asked.city, asked.app)
    demand_slug(asked.slug, asked.city, asked.app)
    told = {"number": asked.id, "user_id": speaker.user.id}
    return jobs.enqueue(TASK, KIND, _subject(asked), speaker.city.id, f"{TASK}:{asked.slug}", **told)


def job_of(asked: VariantRequest) -> Job | None:
    """The work on it that is under way, for maintainers: it is the programme's."""
    wanted = select(Job).where(Job.kind == KIND, Job.subject == _subject(asked), Job.finished_at.is_(None))
    return db.session.scalar(wanted.limit(1))


def decline(asked: VariantRequest, speaker: Speaker, reason: str) -> None:
    """Raises InvalidError without a reason, ConflictError when it was decided."""
    words.demand(text=rules.text_problem(reason, rules.MAX_REASON, needed=True))
    decide(asked, speaker, rules.REFUSED)
    if job_of(asked) is not None:
        raise ConflictError(_("It is being published at this moment."))
    asked.reason = reason.replace("\r\n", "\n").strip()
    audit.record("variant.decline", f"{asked.slug} {asked.city.slug}", asked.city_id, reason=reason[:500])
    variant_notices.tell_decided(asked)


def decide(asked: VariantRequest, speaker: Speaker, state: str) -> None:
    """Raises ForbiddenError for the other side, ConflictError when it was decided."""
    _demand_maintainer(speaker)
    db.session.refresh(asked, with_for_update={"of": VariantRequest})
    if asked.state != rules.ASKED:
        raise ConflictError(_("This request was decided meanwhile."))
    asked.state, asked.decided_by, asked.decided_at = state, speaker.user.id, now()


def demand_part(city: City, original: App) -> Agreement | None:
    """The PKS that lets the city publish variants of it. Raises AgreementNeededError, ForbiddenError."""
    if city.state != "admitted":
        raise ForbiddenError(_("%(city)s does not take part at present.", city=city.name))
    return agreements.require_variants(city, agreed.name_in_scope(original, city))


def demand_slug(slug: str, city: City, original: App) -> App | None:
    """None for a name that is free, else the city's own variant of the same original. Raises ConflictError."""
    app = db.session.scalar(select(App).where(App.slug == slug))
    if app is not None and (app.publisher_id != city.id or app.based_on_id != original.id):
        raise ConflictError(_("The short name %(name)s is taken.", name=slug))
    return app


def demand_nothing_lost(variant: App, city: City, original: App, head: str) -> None:
    """What the city pushed to its variant's own repository since must be in the fork, too. Raises ConflictError."""
    place = storage.here()
    pushed = tip(place.upstream(variant.slug))
    if pushed in {"", *(one.commit for one in catalog.releases_of(variant))}:
        return
    fork = place.fork(city.slug, original.slug)
    words_ = ("merge-base", "--is-ancestor", pushed, head)
    borrowed = {"GIT_ALTERNATE_OBJECT_DIRECTORIES": str(place.upstream(variant.slug) / "objects")}
    try:
        git.run(fork, *words_, variables=borrowed)
    except git.GitError as error:
        raise ConflictError(
            _("%(variant)s has commits of its own that are in no release. Merge %(address)s into your fork first.",
              variant=variant.name, address=service.clone_url(variant.slug))
        ) from error  # fmt: skip


def _demand_maintainer(speaker: Speaker) -> None:
    if speaker.side != rules.PUBLISHER:
        raise ForbiddenError(_("Only maintainers of the programme may do this."))


def _subject(asked: VariantRequest) -> str:
    return f"{asked.slug} #{asked.id}"
