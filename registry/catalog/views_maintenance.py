"""What maintainers do for an app that is out: withdraw releases, retire it, say what it belongs to."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select
from werkzeug.wrappers import Response

from registry.accounts import acting
from registry.catalog import service
from registry.catalog.models import App
from registry.catalog.trust import maintenance
from registry.catalog.trust.forms import ClassesForm, RetireForm, WithdrawForm
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants.access import enter_programme

PERMISSION = "app.publish"
HOME = "/programme/apps/<app>"
PER_PAGE = 50
MAX_WORDS = 80
Page = str | Response | tuple[str, int]

blueprint = Blueprint("maintenance", __name__)


@blueprint.get("/programme/apps")
def apps() -> Page:
    """By name; ``q`` is a part of one."""
    publisher = enter_programme(PERMISSION)
    words = request.args.get("q", "").strip()[:MAX_WORDS]
    wanted = select(App).where(App.publisher_id == publisher.id).order_by(App.name, App.id)
    if words:
        wanted = wanted.where(
            or_(App.name.icontains(words, autoescape=True), App.slug.contains(words, autoescape=True))
        )
    page = db.paginate(wanted, per_page=PER_PAGE, max_per_page=PER_PAGE, error_out=False)
    return render_template("catalog/maintained.html", page=page, words=words)


@blueprint.get(HOME)
def maintain(app: str) -> Page:
    enter_programme(PERMISSION)
    return _page(service.get_app(app))


@blueprint.post(f"{HOME}/releases/<version>/withdraw")
def withdraw(app: str, version: str) -> Page:
    enter_programme(PERMISSION)
    release, form = service.get_release(service.get_app(app), version), WithdrawForm()
    if not form.validate_on_submit():
        return _page(release.app, withdraw=form, version=version), 422
    told = _("%(version)s is withdrawn. Every city that runs it is being told.", version=version)
    return _do(app, lambda: service.yank_release(release, form.reason.data), told)


@blueprint.post(f"{HOME}/releases/<version>/restore")
def restore(app: str, version: str) -> Page:
    enter_programme(PERMISSION)
    release = service.get_release(service.get_app(app), version)
    return _do(app, lambda: maintenance.restore_release(release), _("%(version)s is offered again.", version=version))


@blueprint.post(f"{HOME}/retire")
def retire(app: str) -> Page:
    enter_programme(PERMISSION)
    found, form = service.get_app(app), RetireForm()
    if not form.validate_on_submit():
        return _page(found, retire=form), 422
    try:
        with unit_of_work():
            maintenance.deprecate(found, form.why.data, form.successor.data or "")
    except RefusalError as refusal:
        fields = {"reason": form.why, "successor": form.successor}
        for finding in refusal.findings:
            fields[finding.path].errors = [finding.message]
        return _page(service.get_app(app), retire=form), refusal.status
    flash(_("The app is being retired. Every city that runs it is being told."), "success")
    return _back(app)


@blueprint.post(f"{HOME}/keep")
def keep(app: str) -> Page:
    enter_programme(PERMISSION)
    found = service.get_app(app)
    return _do(app, lambda: maintenance.keep(found), _("The app stays."))


@blueprint.post(f"{HOME}/classes")
def classify(app: str) -> Page:
    enter_programme(PERMISSION)
    found, form = service.get_app(app), ClassesForm().offer()
    if not form.validate_on_submit():
        return _page(found, classed=form), 422
    return _do(app, lambda: maintenance.set_classes(found, form.dimensions.data, form.affairs.data), _("Saved."))


def _do(app: str, act: Callable[[], None], told: str) -> Response:
    return acting.act(act, told, url_for("maintenance.maintain", app=app))


def _back(app: str) -> Response:
    return redirect(url_for("maintenance.maintain", app=app), 303)


def _page(
    app: App, withdraw: WithdrawForm | None = None, version: str = "", retire: RetireForm | None = None,
    classed: ClassesForm | None = None,
) -> str:  # fmt: skip
    """``version`` is the release the form ``withdraw`` was about."""
    successor = app.successor.slug if app.successor else ""
    return render_template(
        "catalog/maintain.html", app=app, releases=service.releases_of(app), latest=service.latest_release(app),
        adopters=[one for one in service.adopters(app) if one.running],
        withdraw=withdraw or WithdrawForm(formdata=None), version=version,
        retire=retire or RetireForm(formdata=None, why=app.deprecation, successor=successor),
        classed=classed or ClassesForm(formdata=None, dimensions=app.dimensions, affairs=app.affairs).offer(),
    )  # fmt: skip
