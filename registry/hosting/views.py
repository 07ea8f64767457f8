"""A city's plugins in the console, the progress of long work, and the way into a plugin's origin."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.access import person
from registry.catalog.service import get_app
from registry.core.db import db
from registry.core.errors import InvalidError, NotFoundError
from registry.core.uow import unit_of_work
from registry.forge.service import fork_of
from registry.hosting import domains, forms, glance, reading, rules, service, withdrawn
from registry.hosting.models import Deployment
from registry.tenants import access
from registry.tenants.models import City, Opd
from registry.tenants.people.units import indented

blueprint = Blueprint("hosting", __name__, template_folder="templates")
CONSOLE = "/console/<city>/plugins"


@blueprint.app_template_global()
def plugins_of(city: City) -> list[Deployment]:
    """For the overview of the console; nothing for who may not see plugins."""
    return reading.deployments(city) if access.may("plugin.see", city) else []


@blueprint.app_template_global()
def withdrawn_of(city: City) -> list[withdrawn.Notice]:
    """What the console warns of; nothing for who may not see plugins."""
    return withdrawn.notices_of(city) if access.may("plugin.see", city) else []


@blueprint.get(CONSOLE)
def plugins(city: str) -> str:
    tenant = access.enter_city(city, "plugin.see")
    rows = glance.rows(tenant)
    words, state = request.args.get("q", "").strip()[:80], request.args.get("state", "")
    return render_template(
        "hosting/plugins.html",
        city=tenant,
        rows=glance.chosen(rows, words, state),
        total=len(rows),
        numbers=glance.numbers(rows),
        words=words,
        state=state if state in glance.STATES else "",
        origin=reading.settings().plugin_origin,
        host_is_late=reading.host_is_late(),
    )


@blueprint.route(f"{CONSOLE}/new", methods=["GET", "POST"])
def new_plugin(city: str) -> str | BaseResponse:
    tenant = access.enter_city(city, "plugin.manage")
    app = get_app(request.args.get("app", ""))
    fork = fork_of(tenant, app.slug)
    wanted = service.candidate(tenant, app)
    language = _language()
    form = forms.NewPluginForm(data={"name": app.slug})
    units = db.session.scalars(select(Opd).order_by(Opd.name))
    form.opd_id.choices = [(0, "–"), *indented(units)]
    config = forms.config_form(wanted.schema, language)(data=forms.data_for_form(wanted.schema, language, {}))
    if form.validate_on_submit() and config.validate():
        chosen = forms.config_of_form(wanted.schema, language, config)
        try:
            with unit_of_work():
                job = service.deploy(tenant, fork, form.name.data or "", chosen, form.opd_id.data or None)
        except InvalidError as refusal:
            return render_template("hosting/new.html", refusal=refusal, **_new(tenant, app, wanted, form, config))
        return redirect(url_for(".job", job_id=job.id))
    return render_template("hosting/new.html", **_new(tenant, app, wanted, form, config))


def _new(city: City, app: object, wanted: service.Candidate, form: object, config: object) -> dict[str, object]:
    return {"city": city, "app": app, "wanted": wanted, "form": form, "config": config}


@blueprint.get(f"{CONSOLE}/<name>")
def plugin(city: str, name: str) -> str:
    tenant = access.enter_city(city, "plugin.see")
    return overview(tenant, reading.get_deployment(tenant, name))


def overview(tenant: City, deployment: Deployment, closing: forms.MaintenanceForm | None = None) -> str:
    """The plugin's first page; ``closing`` is the maintenance form when it was not filled in well."""
    return render_template(
        "hosting/plugin.html",
        city=tenant,
        deployment=deployment,
        app=reading.app_of(deployment),
        serving=reading.serving(deployment),
        job=reading.open_job(deployment, tenant),
        last_job=reading.last_job(deployment, tenant),
        log=reading.log_tail(deployment, 12),
        behind=service.newer_commit(tenant, deployment),
        origin=reading.settings().plugin_origin(tenant.slug, deployment.name),
        host=reading.host(),
        host_is_late=reading.host_is_late(),
        cells=glance.cells(tenant, [deployment]).get(deployment.id, ()),
        domains=[one for one in domains.of(deployment) if one.verified_at],
        origin_of=domains.origin,
        act=forms.ActForm(),
        closing=closing or forms.MaintenanceForm(formdata=None, words=deployment.maintenance),
        closing_refused=closing is not None,
    )


@blueprint.post(f"{CONSOLE}/<name>/<any(on, off):which>")
def switch(city: str, name: str, which: str) -> BaseResponse:
    tenant = access.enter_city(city, "plugin.manage")
    with unit_of_work():
        service.set_enabled(tenant, reading.get_deployment(tenant, name), which == "on")
    message = _("%(name)s is on.", name=name) if which == "on" else _("%(name)s is off. Its data stays.", name=name)
    flash(message, "success")
    return redirect(url_for(".plugin", city=city, name=name))


@blueprint.post(f"{CONSOLE}/<name>/upgrade")
def upgrade(city: str, name: str) -> BaseResponse:
    tenant = access.enter_city(city, "plugin.manage")
    with unit_of_work():
        job = service.upgrade(tenant, reading.get_deployment(tenant, name))
    return redirect(url_for(".job", job_id=job.id))


@blueprint.route(f"{CONSOLE}/<name>/config", methods=["GET", "POST"])
def config(city: str, name: str) -> str | BaseResponse:
    tenant = access.enter_city(city, "plugin.manage")
    deployment = reading.get_deployment(tenant, name)
    revision = reading.serving(deployment)
    if revision is None:
        raise NotFoundError(_("Nothing is deployed yet, so there is nothing to configure."))
    schema, language = revision.build.config_schema, _language()
    shown = rules.shown_config(schema, reading.config_of(revision))
    form = forms.config_form(schema, language)(data=forms.data_for_form(schema, language, shown))
    refusal = None
    if form.validate_on_submit():
        try:
            with unit_of_work():
                job = service.configure(tenant, deployment, forms.config_of_form(schema, language, form))
            return redirect(url_for(".job", job_id=job.id))
        except InvalidError as error:
            refusal = error
    return render_template("hosting/config.html", city=tenant, deployment=deployment, form=form, refusal=refusal)


@blueprint.get("/jobs/<uuid:job_id>")
def job(job_id: uuid.UUID) -> str | Response:
    """How far it is: read again every second by htmx, or by the page itself where scripts are off."""
    person()
    found = reading.job_of(job_id, access.memberships())
    city = db.session.get_one(City, found.tenant_id)
    name = found.subject.removesuffix(f".{city.slug}")
    deployment = db.session.scalar(select(Deployment).where(Deployment.name == name))
    template = "hosting/job_progress.html" if request.headers.get("HX-Request") else "hosting/job.html"
    answer = Response(render_template(template, job=found, city=city, deployment=deployment))
    if not found.finished and not request.headers.get("HX-Request"):
        answer.headers["Refresh"] = "2"
    return answer


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else "id"
