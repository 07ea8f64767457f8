"""Plugins whose release was withdrawn, or whose app is being retired: what their city must know and do.

Always asked of the tables, so a notice is gone as soon as the plugin runs something better.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Select, and_, or_, select

from registry.accounts.notices import service as notices
from registry.catalog.models import App, Release
from registry.catalog.service import latest_release
from registry.config import Settings
from registry.core.db import db
from registry.forge.models import Fork
from registry.hosting.models import Deployment, Revision
from registry.tenants.answering import tell_city
from registry.tenants.models import City

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
        city = db.session.get_one(City, city_id)
        tell_city(city, partial(_told, city, tuple(told)))


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


def _told(city: City, told: Sequence[Notice]) -> notices.Notice:
    subject = _("Attention: %(what)s", what=f"{told[0].app.name} · {city.name}")
    parts = [part for one in told for part in _paragraphs(city, one)]
    kind = "release.withdrawn" if told[0].kind == WITHDRAWN else "app.retired"
    link = _place(city, told[0]) if len(told) == 1 else f"/console/{city.slug}/plugins"
    action = _("Open the plugin") if len(told) == 1 else _("Open the plugins")
    return notices.Notice(kind, subject, parts, link, action, city.id)


def _paragraphs(city: City, notice: Notice) -> list[str]:
    settings: Settings = current_app.extensions["lumbung"]
    reason = _("Reason: %(reason)s", reason=notice.reason)
    return [f"{notice.title}.", f"{reason}\n{notice.advice}", f"{settings.origin}{_place(city, notice)}"]


def _place(city: City, notice: Notice) -> str:
    return f"/console/{city.slug}/plugins/{notice.deployment.name}"
