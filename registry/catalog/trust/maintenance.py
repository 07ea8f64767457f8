"""What maintainers decide about an app once it is out: releases put back, retirement with a successor."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from registry.catalog.models import App, Release
from registry.catalog.open_data import events
from registry.catalog.search import classes
from registry.catalog.service import take_newest
from registry.catalog.trust import notices
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError

MAX_REASON = 500


def restore_release(release: Release) -> None:
    """A withdrawn release is offered again. Raises ConflictError for one that is offered."""
    app = release.app
    if release.yanked_at is None:
        raise ConflictError(_("%(app)s %(version)s is not withdrawn.", app=app.name, version=release.version))
    release.yanked_at, release.yank_reason = None, ""
    db.session.flush()
    take_newest(app)
    app.updated_at = now()
    audit.record("release.restore", f"{app.slug} {release.version}", app.publisher_id)
    events.announce(events.APP_UPDATED, app)


def deprecate(app: App, reason: str, successor: str = "") -> None:
    """Begin to retire an app, or change what is said of it; ``successor`` is the slug of the app that takes its place.

    It stays readable and running; cities that run it are told. Raises InvalidError.
    """
    if not reason.strip() or len(reason) > MAX_REASON:
        message = _("Say why, in at most %(n)d letters: cities that run this app will read it.", n=MAX_REASON)
        raise InvalidError(message, [Finding("reason", message)])
    following = _successor(app, successor.strip()) if successor.strip() else None
    app.deprecated_at, app.deprecation = app.deprecated_at or now(), reason.strip()
    app.successor_id = following.id if following else None
    app.updated_at = now()
    db.session.flush()
    audit.record("app.deprecate", app.slug, app.publisher_id, reason=app.deprecation, successor=successor.strip())
    events.announce(events.APP_DEPRECATED, app, reason=app.deprecation)
    notices.tell_runners(app)


def keep(app: App) -> None:
    """The app is not retired after all. Raises ConflictError when it was not going to be."""
    if app.deprecated_at is None:
        raise ConflictError(_("%(app)s is not being retired.", app=app.name))
    app.deprecated_at, app.deprecation, app.successor_id = None, "", None
    app.updated_at = now()
    db.session.flush()
    audit.record("app.keep", app.slug, app.publisher_id)
    events.announce(events.APP_UPDATED, app)


def set_classes(app: App, dimensions: Sequence[str], affairs: Sequence[str]) -> None:
    """By hand; without any they are derived from what the app says of itself, as for every other. Raises InvalidError
    for a code nobody knows.
    """
    if dimensions or affairs:
        classes.set_classes(app, dimensions, affairs)
    else:
        app.classed_by_hand = False
        classes.classify(app)
    app.updated_at = now()
    db.session.flush()
    audit.record("app.classify", app.slug, app.publisher_id, by_hand=app.classed_by_hand)
    events.announce(events.APP_UPDATED, app)


def _successor(app: App, slug: str) -> App:
    """A living app: so that no chain of successors ever comes back to where it began."""
    found = db.session.scalar(select(App).where(App.slug == slug[:60]))
    if found is None:
        message = _("There is no app %(app)s in the catalog.", app=slug[:60])
    elif found.id == app.id:
        message = _("An app cannot take its own place.")
    elif found.deprecated_at is not None:
        message = _("%(app)s is being retired too: name an app that stays.", app=found.name)
    else:
        return found
    raise InvalidError(message, [Finding("successor", message)])
