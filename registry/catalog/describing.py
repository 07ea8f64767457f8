"""Apps that are described before their source is here: a first entry, so that cities can ask for it."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from registry.catalog.models import App
from registry.catalog.open_data import events
from registry.catalog.publiccode.file import PublicCode, parse
from registry.catalog.search.derive import derive
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError
from registry.tenants.models import City
from registry.tenants.rules import slug_problem


def describe(publisher: City, slug: str, text: bytes) -> App:
    """Make or renew an entry without source from its publiccode.yml; the first release makes it a usual one.

    Raises InvalidError for a file with errors or a bad slug, ConflictError for a slug that has source or another
    publisher.
    """
    described, findings = parse(text)
    if described is None:
        raise InvalidError(_("This publiccode.yml has errors: correct them first."), findings)
    if slug_problem(slug):
        message = _("%(slug)s cannot be an app's name in addresses: use a-z, 0-9 and single hyphens.", slug=slug[:60])
        raise InvalidError(message, [Finding("slug", message)])
    app = db.session.scalar(select(App).where(App.slug == slug))
    if app is not None and (app.publisher_id != publisher.id or not app.described_only):
        raise ConflictError(_("There is an app %(slug)s with its source already.", slug=slug))
    is_new = app is None
    if app is None:
        app = App(slug=slug, publisher_id=publisher.id, described_only=True)
        db.session.add(app)
    _fill(app, described, text.decode())
    db.session.flush()
    audit.record("app.describe", slug, publisher.id, name=app.name)
    events.announce(events.APP_PUBLISHED if is_new else events.APP_UPDATED, app)
    return app


def _fill(app: App, described: PublicCode, text: str) -> None:
    app.name, app.maturity, app.licence = described.name, described.maturity, described.licence
    app.categories, app.facts, app.publiccode = list(described.categories), dict(described.facts), text
    derive(app)
    app.updated_at = now()
