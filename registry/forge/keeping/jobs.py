"""The worker's part of keeping."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts.notices.service import Notice
from registry.catalog.labels import size
from registry.core import jobs, scope
from registry.core.db import db
from registry.core.jobs import every, task
from registry.core.logs import logger
from registry.core.uow import unit_of_work
from registry.forge import service, storage
from registry.forge.keeping import detaching, purging, running, survey
from registry.forge.keeping.measuring import measure
from registry.forge.keeping.models import FORK
from registry.forge.keeping.service import note_figures
from registry.forge.keeping.spots import Spot
from registry.tenants.answering import tell_city
from registry.tenants.models import City

NIGHT = 2 * 3_600.0
"""Seconds a night's check may begin with another repository; it goes on with those longest unchecked."""


@every("forge.keep", "37 * * * *")
def keep() -> None:
    """Upkeep of the repositories that need it."""
    done = running.run()
    if done.needed:
        logger.info("repositories kept", seen=done.seen, needed=done.needed, kept=done.kept, failed=done.failed)


@every("forge.check_some", "12 19 * * *")
def check_some() -> None:
    """At night: what was not checked for longest, found faults are on the maintainers' page. Nothing is repaired."""
    bad = [report.spot.name for report in survey.survey(longest=NIGHT) if not report.well]
    if not bad:
        return
    logger.error("repositories with faults", count=len(bad), names=bad[:20])
    publisher = db.session.scalar(select(City).where(City.publisher))
    if publisher is not None:
        with unit_of_work():
            tell_city(publisher, lambda: _faults(bad))


def _faults(names: list[str]) -> Notice:
    text = _(
        "Last night's check found faults in %(n)d repositories: %(names)s. See what they are, and have them repaired.",
        n=len(names), names=", ".join(names[:20]),
    )  # fmt: skip
    subject = _("Attention: %(what)s", what=_("repositories"))
    return Notice("repository.faults", subject, [text], "/programme/storage", _("Open the storage"))


@every("forge.removals", "52 * * * *")
def removals() -> None:
    """Warn of forks that go soon, take those that are due."""
    purging.warn()
    purging.purge()


@task("forge.detach")
def detach(job_id: str, tenant_id: int, app: str) -> None:
    """Make a fork whole; safe to run again."""
    _of_fork(job_id, tenant_id, app, whole=True)


@task("forge.attach")
def attach(job_id: str, tenant_id: int, app: str) -> None:
    """Let a fork borrow again; safe to run again."""
    _of_fork(job_id, tenant_id, app, whole=False)


@task("forge.check")
def check(job_id: str, tenant_id: int, app: str, repair: bool, deep: bool) -> None:
    """Of every city's repositories, so it leaves the publisher's scope for the programme's."""
    db.session.remove()
    scope.enter_programme()
    with force_locale(db.session.get_one(City, tenant_id).locale or "id"):
        found = list(survey.survey(app, "", repair, deep, lambda name, share: _tell(job_id, share, name)))
        lines = [f"{one.state:9}{one.spot.name}\n" for one in found if one.faults]
        left = sum(not one.well for one in found)
        message = (
            _("%(bad)d of %(n)d repositories have faults.", bad=left, n=len(found))
            if left
            else _("All %(n)d repositories are sound.", n=len(found))
        )
        jobs.finish(job_id, message, "".join(lines))


def _tell(job_id: str, share: int, name: str) -> None:
    jobs.progress(job_id, "checking", share, name)


def _of_fork(job_id: str, tenant_id: int, app: str, whole: bool) -> None:
    city = db.session.get_one(City, tenant_id)
    with force_locale(city.locale or "id"):
        fork = service.fork_of(city, app)
        path = storage.here().fork(city.slug, app)
        spot = Spot(FORK, path, app, fork.app_id, city.id, city.slug)
        if whole:
            detaching.detach(storage.here(), spot, lambda step, share: jobs.progress(job_id, step, share))
        else:
            jobs.progress(job_id, "packing", 10)
            detaching.attach(storage.here(), spot)
        found = measure(path)
        with unit_of_work():
            note_figures(spot.city_id, spot.app_id, FORK, found)
        told = {"app": app, "size": size(found.bytes)}
        done = _("%(app)s is whole now: %(size)s.", **told) if whole else _("%(app)s borrows again: %(size)s.", **told)
        jobs.finish(job_id, done)
