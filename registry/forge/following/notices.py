"""Cities hear of releases their forks have not got: at once when a hole is closed, else many in one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import groupby

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts.notices.rules import Notice, quoted
from registry.catalog import service as catalog
from registry.catalog.models import Adoption, App, Release
from registry.catalog.rules import version_key
from registry.config import Settings
from registry.core import audit, jobs
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import Finding, InvalidError, RefusalError
from registry.core.logs import logger
from registry.forge.following import preview, rules, service
from registry.forge.following.models import News, SecurityRelease
from registry.forge.models import Fork
from registry.forge.service import LEAVING
from registry.tenants.answering import tell_city
from registry.tenants.models import City

TASK = "forge.tell_release"
WAIT = timedelta(minutes=10)
"""Releases often come several at a time: an ordinary one waits this long for others."""

MAX_ADVICE = 2_000


@dataclass(frozen=True)
class Warning:
    """A release that closes a hole and is not yet everywhere in a city: not in its ``fork``, or still to be deployed
    from it (``taken``).
    """

    fork: Fork
    app: App
    version: str
    advice: str
    taken: bool


def announce(release: Release) -> None:
    """A release is out; in the publication's unit of work. Its change log says whether it closes a hole."""
    advice = rules.security_notes(release.changelog, release.version)
    if advice is not None:
        db.session.add(SecurityRelease(release_id=release.id, advice=advice[:MAX_ADVICE]))
    jobs.defer(TASK, release_id=release.id)


def mark_security(release: Release, advice: str) -> None:
    """A maintainer says that a release closes a hole: every city below it is written to at once."""
    text = advice.strip()
    if not text or len(text) > MAX_ADVICE:
        message = _("Say in 1 to %(n)d characters what hole it closes and what cities must do.", n=MAX_ADVICE)
        raise InvalidError(message, [Finding("advice", message)])
    found = db.session.get(SecurityRelease, release.id)
    if found is None:
        found = SecurityRelease(release_id=release.id)
        db.session.add(found)
    found.advice, found.marked_by, found.marked_at = text, audit.actor().name, now()
    db.session.flush()
    subject = f"{release.app.slug} {release.version}"
    audit.record("release.security", subject, release.app.publisher_id, advice=text[:500])
    jobs.defer(TASK, release_id=release.id)


def tell(release_id: int) -> None:
    """Note for each fork below the release that its city hears of it. Needs the programme's scope, a unit of work."""
    release = db.session.get(Release, release_id)
    if release is None or release.yanked_at is not None:
        return
    security = db.session.get(SecurityRelease, release_id)
    for fork in forks_of(release.app_id):
        if not rules.concerns(_lowest(fork), release.version):
            continue
        news = _noted(fork, release, security is not None)
        if security is not None and news.mailed_at is None:
            tell_city(fork.city, partial(_hole, fork, release, security.advice))
            news.mailed_at = now()


def forks_of(app_id: int) -> list[Fork]:
    """All that are there to stay, by city."""
    wanted = select(Fork).where(Fork.app_id == app_id, ~LEAVING).order_by(Fork.tenant_id)
    return list(db.session.scalars(wanted))


def willing(release_id: int) -> list[int]:
    """Ids of forks whose cities want the newest release by itself, when this is the newest."""
    release = db.session.get(Release, release_id)
    newest = catalog.latest_release(release.app) if release else None
    if newest is None or newest.id != release_id:
        return []
    return [fork.id for fork in forks_of(newest.app_id) if service.settings_of(fork).auto]


def _lowest(fork: Fork) -> str:
    """The lower of what the fork was made from and what the city runs."""
    running = db.session.get(Adoption, (fork.app_id, fork.tenant_id))
    runs = [running.version] if running and running.running and running.version else []
    return min([fork.base_release.version, *runs], key=version_key)


def _noted(fork: Fork, release: Release, security: bool) -> News:
    wanted = select(News).where(News.fork_id == fork.id, News.release_id == release.id)
    news = db.session.scalar(wanted)
    if news is None:
        news = News(tenant_id=fork.tenant_id, fork_id=fork.id, release_id=release.id, security=security)
        db.session.add(news)
    elif security and not news.security:
        news.security, news.mailed_at = True, None
    db.session.flush()
    return news


def follow_by_itself(fork_id: int) -> None:
    """Where the city has changed nothing, the worker brings the newest release in; it never merges. In a unit of work.

    What stands against it is for people to see on the fork's page.
    """
    fork = db.session.get_one(Fork, fork_id)
    try:
        with preview.looked(fork.city, fork, service.target_of(fork)) as found:
            way = found.way
        if way in rules.BY_ITSELF:
            service.begin(fork.city, fork, None, by_itself=True)
    except RefusalError as refusal:
        logger.info("fork does not follow by itself", city=fork.city.slug, app=fork.app.slug, reason=refusal.message)


def send_digests() -> None:
    """What waited long enough, one message per city. Needs the programme's scope, in a unit of work."""
    wanted = select(News).where(News.mailed_at.is_(None), News.told_at <= now() - WAIT)
    waiting = list(db.session.scalars(wanted.order_by(News.tenant_id, News.id)))
    for tenant, found in groupby(waiting, lambda one: one.tenant_id):
        told = list(found)
        city = db.session.get_one(City, tenant)
        due = [one for one in told if _is_due(one)]
        if due:
            tell_city(city, partial(_news, city, due))
        for one in told:
            one.mailed_at = now()


def _is_due(news: News) -> bool:
    """Not for what the fork has got by now, what was withdrawn, or a fork on its way out."""
    fork = db.session.scalar(select(Fork).where(Fork.id == news.fork_id, ~LEAVING))
    if fork is None:
        return False
    return news.release.yanked_at is None and rules.concerns(fork.base_release.version, news.release.version)


def warnings_of(city: City) -> list[Warning]:
    """By app: the newest release that closes a hole and is not everywhere in the city yet."""
    wanted = (
        select(SecurityRelease, Fork)
        .join(Release, Release.id == SecurityRelease.release_id)
        .join(Fork, Fork.app_id == Release.app_id)
        .where(Fork.tenant_id == city.id, Release.yanked_at.is_(None), ~LEAVING)
    )
    found: dict[int, Warning] = {}
    for security, fork in db.session.execute(wanted):
        version, known = security.release.version, found.get(fork.id)
        newer = known is None or rules.concerns(known.version, version)
        if newer and rules.concerns(_lowest(fork), version):
            taken = not rules.concerns(fork.base_release.version, version)
            found[fork.id] = Warning(fork, fork.app, version, security.advice, taken)
    return sorted(found.values(), key=lambda one: one.app.name)


def security_versions(app: App) -> frozenset[str]:
    """Versions of the app that close a hole."""
    wanted = select(Release.version).join(SecurityRelease, SecurityRelease.release_id == Release.id)
    return frozenset(db.session.scalars(wanted.where(Release.app_id == app.id)))


def advice_of(app: App) -> dict[str, str]:
    """Of each version that closes a hole: which, and what cities must do."""
    wanted = select(Release.version, SecurityRelease.advice)
    found = wanted.join(SecurityRelease, SecurityRelease.release_id == Release.id).where(Release.app_id == app.id)
    return {version: advice for version, advice in db.session.execute(found)}


def _news(city: City, due: Sequence[News]) -> Notice:
    told = [_("%(app)s %(version)s is out.", app=one.release.app.name, version=one.release.version) for one in due]
    places = [f"{_origin()}{_place(city, one.release.app)}" for one in due]
    names = ", ".join(dict.fromkeys(one.release.app.name for one in due))
    parts = [f"{text}\n{place}" for text, place in zip(told, places, strict=True)]
    link = _place(city, due[0].release.app) if len(due) == 1 else f"/console/{city.slug}/forks"
    return Notice("release.out", _("New releases: %(what)s", what=names), parts, link, _("See what is new"), city.id)


def _hole(fork: Fork, release: Release, advice: str) -> Notice:
    parts = [
        _("%(app)s %(version)s closes a security hole.", app=fork.app.name, version=release.version),
        quoted(advice),
        _("Take it into your fork, then upgrade the plugin, today if you can."),
    ]
    subject, link = _("SECURITY: %(what)s", what=fork.app.name), _place(fork.city, fork.app)
    return Notice("release.security", subject, parts, link, _("Take it over"), fork.tenant_id)


def _place(city: City, app: App) -> str:
    return f"/console/{city.slug}/forks/{app.slug}/upstream"


def _origin() -> str:
    settings: Settings = current_app.extensions["lumbung"]
    return settings.origin
