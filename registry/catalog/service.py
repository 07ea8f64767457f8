"""Apps, their releases and who uses them; finding them is in `registry.catalog.search`."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import or_, select

from registry.catalog import rules
from registry.catalog.inspection.inspect import Inspection
from registry.catalog.models import Adoption, App, Release
from registry.catalog.open_data import events
from registry.catalog.publiccode.file import PublicCode
from registry.catalog.search.derive import derive
from registry.catalog.trust import notices, proving
from registry.catalog.trust.rating import rate
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError
from registry.hosting.plain import Manifest
from registry.tenants.models import City
from registry.tenants.rules import slug_problem


def get_app(slug: str) -> App:
    """Raises NotFoundError."""
    app = None if slug_problem(slug) else db.session.scalar(select(App).where(App.slug == slug))
    if app is None:
        raise NotFoundError(_("There is no app %(app)s in the catalog.", app=slug[:60]))
    return app


def releases_of(app: App, yanked: bool = True) -> list[Release]:
    """Newest version first; ``yanked`` ones among them."""
    found = db.session.scalars(select(Release).where(Release.app_id == app.id))
    kept = [release for release in found if yanked or release.yanked_at is None]
    return sorted(kept, key=lambda release: rules.version_key(release.version), reverse=True)


def latest_release(app: App) -> Release | None:
    """The highest stable version that is not yanked, else the highest pre-release, else None."""
    known = {release.version: release for release in releases_of(app, yanked=False)}
    version = rules.newest(known)
    return known[version] if version else None


def get_release(app: App, version: str) -> Release:
    """Raises NotFoundError."""
    wanted = select(Release).where(Release.app_id == app.id, Release.version == version)
    release = db.session.scalar(wanted) if rules.is_version(version) else None
    if release is None:
        raise NotFoundError(_("%(app)s has no release %(version)s.", app=app.name, version=version[:40]))
    return release


def record_app(publisher: City, slug: str, inspection: Inspection) -> App:
    """Make or renew the entry from the inspected publiccode.yml.

    Raises InvalidError for an inspection with errors or a bad slug, ConflictError when another city has the slug.
    """
    described = _require(inspection)
    if slug_problem(slug):
        message = _("%(slug)s cannot be an app's name in addresses: use a-z, 0-9 and single hyphens.", slug=slug[:60])
        raise InvalidError(message, [Finding("slug", message)])
    app = db.session.scalar(select(App).where(App.slug == slug))
    if app is not None and app.publisher_id != publisher.id:
        raise ConflictError(_("%(slug)s is published by %(city)s already.", slug=slug, city=app.publisher.name))
    is_new = app is None
    if app is None:
        app = App(slug=slug, publisher_id=publisher.id)
        db.session.add(app)
    is_changed = app.publiccode != inspection.publiccode_text
    facts = dict(described.facts)
    app.name, app.maturity, app.licence = described.name, described.maturity, described.licence
    app.categories, app.facts, app.publiccode = list(described.categories), facts, inspection.publiccode_text
    app.described_only = False
    derive(app)
    app.based_on_id = _origin_of(described.is_based_on, slug)
    app.updated_at = now()
    db.session.flush()
    audit.record("app.record", slug, publisher.id, name=app.name)
    if is_changed:
        events.announce(events.APP_PUBLISHED if is_new else events.APP_UPDATED, app)
    return app


def _require(inspection: Inspection) -> PublicCode:
    if not inspection.ok or inspection.publiccode is None:
        message = _("The bundle has errors: correct them and publish again.")
        raise InvalidError(message, inspection.findings)
    return inspection.publiccode


def _origin_of(addresses: Sequence[str], slug: str) -> int | None:
    """The known app that one of these addresses names, by its own address or by ours."""
    if not addresses:
        return None
    ours = f"{current_app.extensions['lumbung'].origin}/git/"
    slugs = [address.removeprefix(ours).removesuffix(".git") for address in addresses if address.startswith(ours)]
    known = or_(App.facts["url"].astext.in_(addresses), App.slug.in_(slugs))
    return db.session.scalar(select(App.id).where(known, App.slug != slug).order_by(App.id).limit(1))


def record_release(
    app: App,
    inspection: Inspection,
    version: str,
    tag: str,
    commit: str,
    tree: str,
    sha256: str,
    size: int,
    user_id: int | None,
) -> Release:
    """Add a release. The same version of the same tree gives the one there is.

    Raises ConflictError when the version exists with another tree, InvalidError for a bad version or bundle.
    """
    _require(inspection)
    if inspection.manifest is None or not rules.is_version(version):
        message = _("%(version)s is not a version: write it like 1.2.0 or 1.3.0-rc.1.", version=version[:40])
        raise InvalidError(message, [Finding("version", message)])
    known = db.session.scalar(select(Release).where(Release.app_id == app.id, Release.version == version))
    if known is not None:
        if known.tree != tree:
            raise ConflictError(
                _(
                    "%(app)s %(version)s is released already and releases are immutable: give changes a new version.",
                    app=app.name,
                    version=version,
                )
            )
        return known
    release = Release(
        app_id=app.id,
        version=version,
        tag=tag,
        commit=commit,
        tree=tree,
        lock=inspection.lock,
        manifest=inspection.manifest.to_json(),
        config_schema=inspection.config_schema,
        size=size,
        sha256=sha256,
        changelog=inspection.changelog,
        published_by=user_id,
        rating=rate(inspection, proving.result_of(tree)).to_json(),
    )
    db.session.add(release)
    db.session.flush()
    take_newest(app)
    audit.record("release.publish", f"{app.slug} {version}", app.publisher_id, tree=tree, sha256=sha256)
    events.announce(events.RELEASE_PUBLISHED, app, version)
    return release


def take_newest(app: App) -> None:
    """What the list tells of an app's newest release: its runtime, its needs, its safety rating."""
    latest = latest_release(app)
    manifest = Manifest.from_json(latest.manifest) if latest else None
    app.runtime = manifest.runtime if manifest else ""
    app.needs = list(rules.needs_of(manifest)) if manifest else []
    app.rating = latest.rating.get("grade", "") if latest else ""


def yank_release(release: Release, reason: str) -> None:
    """Withdraw a release from new use, with the reason everybody reads. Raises InvalidError without one."""
    if not reason.strip():
        message = _("Say why: cities that run this release will read it.")
        raise InvalidError(message, [Finding("reason", message)])
    release.yanked_at, release.yank_reason = release.yanked_at or now(), reason.strip()[:500]
    db.session.flush()
    take_newest(release.app)
    release.app.updated_at = now()
    audit.record("release.yank", f"{release.app.slug} {release.version}", release.app.publisher_id, reason=reason[:500])
    events.announce(events.RELEASE_YANKED, release.app, release.version, release.yank_reason)
    notices.tell_runners(release.app, release.version)


def note_adoption(app_id: int, city_id: int, version: str, running: bool) -> Adoption:
    """Keep what a city runs of an app; ``since`` stays that of the first time."""
    adoption = db.session.get(Adoption, (app_id, city_id))
    if adoption is None:
        adoption = Adoption(app_id=app_id, city_id=city_id, since=now())
        db.session.add(adoption)
    adoption.version, adoption.running = version, running
    db.session.flush()
    return adoption


def adopters(app: App) -> list[Adoption]:
    """Longest users first, those that run it now before those that did."""
    wanted = select(Adoption).where(Adoption.app_id == app.id)
    return list(db.session.scalars(wanted.order_by(Adoption.running.desc(), Adoption.since, Adoption.city_id)))


def variants_of(app: App) -> list[App]:
    return list(db.session.scalars(select(App).where(App.based_on_id == app.id).order_by(App.name)))
