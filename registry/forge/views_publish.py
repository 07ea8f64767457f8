"""Where maintainers publish: an archive, a repository elsewhere, or what they pushed to an upstream."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from registry.accounts.access import person
from registry.catalog import service as catalog
from registry.catalog.markdown import render
from registry.catalog.models import App
from registry.catalog.trust import proving
from registry.core.db import db
from registry.core.errors import Finding, RefusalError
from registry.core.jobs import enqueue
from registry.core.uow import unit_of_work
from registry.forge import candidates, importing, publishing, uploads
from registry.forge.checks import UntestedError
from registry.forge.forms import PushedForm, UploadForm, UrlForm
from registry.forge.looking import Look, look_pushed, look_upload
from registry.forge.publishing import Publication
from registry.forge.views import blueprint
from registry.forge.views_proving import look_again
from registry.tenants.access import enter_programme
from registry.tenants.models import City

Page = str | Response | tuple[str, int]
PERMISSION = "app.publish"
LOOK = "look"


@blueprint.get("/programme/publish")
def publish() -> Page:
    """The three ways, side by side."""
    enter_programme(PERMISSION)
    return _page()


@blueprint.post("/programme/publish/archive")
def publish_archive() -> Page:
    """With ``act=look`` it is looked over and kept for a while; nothing is released."""
    publisher = enter_programme(PERMISSION)
    form = UploadForm()
    if not form.validate_on_submit():
        return _page(upload=form, status=422)
    sent = form.archive.data
    if request.form.get("act") == LOOK:
        return _looked(lambda: _look_at_upload(publisher, sent))
    try:
        return _publish(
            lambda: uploads.publish_upload(publisher, sent.stream, sent.filename or "", person().id, _tested())
        )
    except UntestedError:
        sent.stream.seek(0)
        return _looked(lambda: _look_at_upload(publisher, sent), status=422)


@blueprint.post("/programme/publish/candidate")
def publish_candidate() -> Page:
    """What was looked over becomes a release."""
    publisher, name = enter_programme(PERMISSION), request.form.get("candidate", "")[:80]

    def act() -> Publication:
        with candidates.opened(name) as stream:
            return uploads.publish_upload(publisher, stream, name, person().id, _tested())

    try:
        answer = _publish(act)
    except UntestedError:
        return _looked(lambda: look_again(publisher, name), status=422)
    if isinstance(answer, Response):
        candidates.forget(name)
    return answer


@blueprint.get("/programme/publish/look")
def look() -> Page:
    """What was looked over before, as it stands now: back from its tests, say."""
    publisher = enter_programme(PERMISSION)
    candidate, app, ref = (request.args.get(name, "") for name in ("candidate", "app", "ref"))
    return _looked(lambda: look_again(publisher, candidate, app, ref))


def _look_at_upload(publisher: City, sent: FileStorage) -> tuple[Look, dict[str, str]]:
    look = look_upload(publisher, sent.stream, sent.filename or "")
    sent.stream.seek(0)
    wanted = look.may_release or look.awaits_tests
    return look, {"candidate": candidates.keep(sent.stream, sent.filename or "") if wanted else ""}


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
        job = enqueue(
            "forge.import_url", "import", address, publisher.id, importing.LANE, url=address, user_id=person().id
        )
        job_id = job.id
    return redirect(url_for("hosting.job", job_id=job_id))


@blueprint.post("/programme/publish/pushed")
def publish_pushed() -> Page:
    enter_programme(PERMISSION)
    form = _pushed_form()
    if not form.validate_on_submit():
        return _page(pushed=form, status=422)
    app = catalog.get_app(form.app.data)
    if request.form.get("act") == LOOK:
        return _looked(lambda: _look_at_pushed(app, form.ref.data or "main"))
    try:
        return _publish(lambda: publishing.release_pushed(app, form.ref.data or "main", person().id, _tested()))
    except UntestedError:
        return _looked(lambda: _look_at_pushed(app, form.ref.data or "main"), status=422)


def _look_at_pushed(app: App, ref: str) -> tuple[Look, dict[str, str]]:
    look = look_pushed(app, ref)
    return look, {"app": app.slug, "ref": look.commit}


def _tested() -> bool:
    """Whether its own tests must have passed: where a host is there to run them."""
    return proving.host_is_there()


def _looked(act: Callable[[], tuple[Look, dict[str, str]]], status: int = 200) -> Page:
    """The checklist, and the way on: ``act`` answers with what the next step sends."""
    try:
        look, sends = act()
    except RefusalError as refusal:
        return _page(refusal=refusal.message, findings=refusal.findings, status=refusal.status)
    target = "forge.publish_pushed" if "ref" in sends else "forge.publish_candidate"
    page = render_template(
        "forge/look.html", look=look, sends=sends, target=target, changes=render(look.changes),
        runs_tests=look.content is not None and (look.awaits_tests or look.may_release) and _tested(),
    )  # fmt: skip
    return page, status


def _publish(act: Callable[[], Publication]) -> Page:
    """Do it; what is wrong with the bundle is shown where the person is. Raises UntestedError: the checklist knows the
    way on.
    """
    try:
        with unit_of_work():
            published = act()
            slug, version = published.release.app.slug, published.release.version
    except UntestedError:
        raise
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
    upload: UploadForm | None = None,
    url: UrlForm | None = None,
    pushed: PushedForm | None = None,
    refusal: str = "",
    findings: tuple[Finding, ...] = (),
    status: int = 200,
) -> tuple[str, int]:
    page = render_template(
        "forge/publish.html",
        upload=upload or UploadForm(),
        url=url or UrlForm(),
        pushed=pushed or _pushed_form(),
        refusal=refusal,
        findings=findings,
    )
    return page, status
