"""Plugins whose release was withdrawn, or whose app is being retired: what their city must know and do.

Always asked of the tables, so a notice is gone as soon as the plugin runs something better.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Select, and_, or_, select

from registry.accounts.models import User
from registry.catalog.models import App, Release
from registry.catalog.service import latest_release
from registry.config import Settings
from registry.core import mail
from registry.core.db import db
from registry.core.errors import InvalidError
from registry.core.logs import logger
from registry.forge.models import Fork
from registry.hosting.models import Deployment, Revision
from registry.tenants import rules
from registry.tenants.models import City, Membership

WITHDRAWN, RETIRED = "withdrawn", "retired"


@dataclass(frozen=True)
class Notice:
    """``kind`` is `WITHDRAWN` (the release that serves) or `RETIRED` (the whole app); ``version`` is what serves.

    ``newest`` is the release to go to, "" when there is none beside what serves.
    """

    kind: str
    deployment: Deployment
    app: App
    version: str
    reason: str
    newest: str

    @property
    def title(self) -> str:
        names = {"plugin": self.deployment.name, "app": self.app.name, "version": self.version}
        if self.kind == WITHDRAWN:
            return _("%(plugin)s runs %(app)s %(version)s, which was withdrawn", **names)
        return _("%(plugin)s runs %(app)s, which is being retired", **names)

    @property
    def advice(self) -> str:
        """What to do."""
        successor = self.app.successor
        if self.kind == RETIRED:
            if successor is None:
                return _("No app takes its place yet: ask the publisher before you plan on it.")
            return _("Plan to move to %(app)s, which takes its place.", app=successor.name)
        if self.newest:
            return _("Take version %(version)s into your fork, then upgrade the plugin.", version=self.newest)
        return _("There is no other release yet: ask the publisher whether to switch the plugin off until there is.")


def notices_of(city: City) -> list[Notice]:
    """By plugin, the withdrawn before the retired. Needs the city's scope."""
    return list(_read(_wanted().where(Deployment.tenant_id == city.id)))


def tell_all(app_id: int, version: str) -> None:
    """Write to the admins of every city that runs this release, or with ``version`` "" this app, in any release.

    Needs the programme's scope, inside a unit of work.
    """
    kind = WITHDRAWN if version else RETIRED
    wanted = _wanted().where(App.id == app_id)
    found = [one for one in _read(wanted) if one.kind == kind and version in ("", one.version)]
    for city_id, told in groupby(found, lambda one: one.deployment.tenant_id):
        _write(db.session.get_one(City, city_id), tuple(told))


def _wanted() -> Select[Deployment, App, str, Release]:
    """Each plugin that serves something withdrawn or retired; None for the release when it is the latter alone."""
    yanked = and_(Release.app_id == App.id, Release.version == Revision.version, Release.yanked_at.is_not(None))
    return (
        select(Deployment, App, Revision.version, Release)
        .join(Fork, Fork.id == Deployment.fork_id)
        .join(App, App.id == Fork.app_id)
        .join(Revision, Revision.id == Deployment.serving_revision_id)
        .outerjoin(Release, yanked)
        .where(Deployment.removed_at.is_(None), or_(Release.id.is_not(None), App.deprecated_at.is_not(None)))
        .order_by(Deployment.tenant_id, Deployment.name, Deployment.id)
    )


def _read(wanted: Select[Deployment, App, str, Release]) -> Iterator[Notice]:
    for deployment, app, version, release in db.session.execute(wanted):
        if release is not None:
            yield Notice(WITHDRAWN, deployment, app, version, release.yank_reason, _newest(app, version))
        if app.deprecated_at is not None:
            yield Notice(RETIRED, deployment, app, version, app.deprecation, _newest(app, version))


def _newest(app: App, version: str) -> str:
    found = latest_release(app)
    return found.version if found and found.version != version else ""


def _write(city: City, told: Sequence[Notice]) -> None:
    role = rules.MAINTAINER if city.publisher else rules.ADMIN
    people = select(User.email).join(Membership, Membership.user_id == User.id)
    to = list(db.session.scalars(people.where(Membership.city_id == city.id, Membership.role == role)))
    if not to:
        return
    settings: Settings = current_app.extensions["lumbung"]
    with force_locale(city.locale or "id"):
        subject = _("Attention: %(what)s", what=f"{told[0].app.name} · {city.name}")[: mail.MAX_SUBJECT]
        text = "\n\n".join(_paragraph(settings, city, one) for one in told)
    try:
        mail.send(to[: mail.MAX_RECIPIENTS], subject, f"{text}\n", tenant_id=city.id)
    except InvalidError as refusal:  # the notice itself stays on the pages
        logger.warning("withdrawal not mailed", city=city.slug, reason=refusal.message)


def _paragraph(settings: Settings, city: City, notice: Notice) -> str:
    place = f"{settings.origin}/console/{city.slug}/plugins/{notice.deployment.name}"
    reason = _("Reason: %(reason)s", reason=notice.reason)
    return f"{notice.title}.\n{reason}\n{notice.advice}\n{place}"
