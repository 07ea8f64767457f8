"""Where maintainers publish: an archive, a repository elsewhere, or what they pushed to an upstream."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from registry.accounts.access import person
from registry.catalog import service as catalog
from registry.catalog.models import App
from registry.core.db import db
from registry.core.errors import Finding, RefusalError
from registry.core.jobs import enqueue
from registry.core.uow import unit_of_work
from registry.forge import importing, publishing, uploads
from registry.forge.forms import PushedForm, UploadForm, UrlForm
from registry.forge.publishing import Publication
from registry.forge.views import blueprint
from registry.tenants.access import enter_programme

Page = str | Response | tuple[str, int]
PERMISSION = "app.publish"


@blueprint.get("/programme/publish")
def publish() -> Page:
    """The three ways, side by side."""
    enter_programme(PERMISSION)
    return _page()


@blueprint.post("/programme/publish/archive")
def publish_archive() -> Page:
    publisher = enter_programme(PERMISSION)
    form = UploadForm()
    if not form.validate_on_submit():
        return _page(upload=form, status=422)
    sent = form.archive.data
    return _publish(lambda: uploads.publish_upload(publisher, sent.stream, sent.filename or "", person().id))


@blueprint.post("/programme/publish/url")
def publish_url() -> Page:
    """Takes long: answers with the job's page."""
    publisher = enter_programme(PERMISSION)
    form = UrlForm()
    if not form.validate_on_submit():
        return _page(url=form, status=422)
    address = (form.url.data or "").strip()
    try:
        importing.check_url(address)
    except RefusalError as refusal:
        return _page(url=form, refusal=refusal.message, findings=refusal.findings, status=refusal.status)
    with unit_of_work():
        job = enqueue("forge.import_url", "import", address, publisher.id, url=address, user_id=person().id)
        job_id = job.id
    return redirect(url_for("hosting.job", job_id=job_id))


@blueprint.post("/programme/publish/pushed")
def publish_pushed() -> Page:
    enter_programme(PERMISSION)
    form = _pushed_form()
    if not form.validate_on_submit():
        return _page(pushed=form, status=422)
    app = catalog.get_app(form.app.data)
    return _publish(lambda: publishing.release_pushed(app, form.ref.data or "main", person().id))


def _publish(act: Callable[[], Publication]) -> Page:
    """Do it; what is wrong with the bundle is shown where the person is."""
    try:
        with unit_of_work():
            published = act()
            slug, version = published.release.app.slug, published.release.version
    except RefusalError as refusal:
        return _page(refusal=refusal.message, findings=refusal.findings, status=refusal.status)
    if published.new:
        flash(_("%(app)s %(version)s is published.", app=slug, version=version), "success")
    else:
        flash(_("%(app)s %(version)s was published before with this very content.", app=slug, version=version), "info")
    return redirect(url_for("catalog.show_app", app=slug))


def _pushed_form() -> PushedForm:
    form = PushedForm()
    apps = db.session.scalars(select(App).where(App.publisher.has(publisher=True)).order_by(App.name))
    form.app.choices = [(app.slug, app.name) for app in apps]
    return form


def _page(
    upload: UploadForm | None = None, url: UrlForm | None = None, pushed: PushedForm | None = None,
    refusal: str = "", findings: tuple[Finding, ...] = (), status: int = 200,
) -> tuple[str, int]:
    page = render_template(
        "forge/publish.html", upload=upload or UploadForm(), url=url or UrlForm(), pushed=pushed or _pushed_form(),
        refusal=refusal, findings=findings,
    )
    return page, status
