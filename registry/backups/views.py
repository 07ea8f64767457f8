"""A plugin's backups in the console, and how all plugins of a city stand."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from registry.backups import forms, reading, service, words
from registry.backups.forms import ActForm, PolicyForm, TryForm
from registry.core import jobs
from registry.core.db import db
from registry.core.errors import InvalidError
from registry.core.uow import unit_of_work
from registry.hosting import reading as hosting
from registry.hosting import service as changes
from registry.hosting.models import Deployment
from registry.tenants import access
from registry.tenants.models import City

blueprint = Blueprint("backups", __name__, template_folder="templates")
PLACE = "/console/<city>/plugins/<name>"


@blueprint.get("/console/<city>/backups")
def overview(city: str) -> str:
    tenant = access.enter_city(city, "plugin.see")
    found = reading.facts(hosting.deployments(tenant))
    return render_template(
        "backups/overview.html",
        city=tenant,
        rows=sorted(found.values(), key=lambda one: (one.good, one.deployment.name)),
        removed=reading.removed(tenant),
        purged_on=reading.purged_on,
        place=reading.place(),
        words=words,
        act=ActForm(),
    )


@blueprint.get(f"{PLACE}/backups")
def backups(city: str, name: str) -> str:
    tenant, deployment = _of(city, name, "plugin.see")
    return _page(tenant, deployment)


@blueprint.post(f"{PLACE}/backups")
def back_up(city: str, name: str) -> Response:
    tenant, deployment = _of(city, name, "plugin.manage")
    with unit_of_work():
        service.back_up(tenant, deployment)
    flash(_("The backup is being made. You may leave this page."), "success")
    return _back(city, name)


@blueprint.post(f"{PLACE}/backups/policy")
def policy(city: str, name: str) -> Response | tuple[str, int]:
    tenant, deployment = _of(city, name, "plugin.manage")
    form = PolicyForm()
    if not form.validate_on_submit():
        return _page(tenant, deployment, form), 422
    with unit_of_work():
        service.set_policy(tenant, deployment, form.policy())
    flash(_("Saved. Backed up: %(how)s.", how=words.every(form.policy())), "success")
    return _back(city, name)


@blueprint.post(f"{PLACE}/backups/<int:backup_id>/restore")
def restore(city: str, name: str, backup_id: int) -> Response:
    tenant, deployment = _of(city, name, "plugin.manage")
    with unit_of_work():
        job = service.restore(tenant, deployment, reading.get_backup(deployment, backup_id))
    return redirect(url_for("hosting.job", job_id=job.id), 303)


@blueprint.post(f"{PLACE}/backups/<int:backup_id>/drill")
def drill(city: str, name: str, backup_id: int) -> Response:
    tenant, deployment = _of(city, name, "plugin.manage")
    with unit_of_work():
        service.drill(tenant, deployment, reading.get_backup(deployment, backup_id))
    flash(_("It is being tried on a scratch copy. You may leave this page."), "success")
    return _back(city, name)


@blueprint.post(f"{PLACE}/remove")
def remove(city: str, name: str) -> Response:
    tenant, deployment = _of(city, name, "plugin.manage")
    with unit_of_work():
        service.remove(tenant, deployment, _typed())
    flash(_("%(name)s is removed. Until it is purged you can put it back from this page.", name=name), "success")
    return redirect(url_for(".overview", city=city), 303)


@blueprint.post(f"{PLACE}/put-back")
def put_back(city: str, name: str) -> Response:
    tenant, deployment = _of(city, name, "plugin.manage")
    with unit_of_work():
        service.put_back(tenant, deployment)
    flash(_("%(name)s is back, with all its data.", name=name), "success")
    return redirect(url_for("hosting.plugin", city=city, name=name), 303)


@blueprint.post(f"{PLACE}/purge")
def purge(city: str, name: str) -> Response:
    tenant, deployment = _of(city, name, "plugin.manage")
    with unit_of_work():
        job = service.purge(tenant, deployment, _typed())
    return redirect(url_for("hosting.job", job_id=job.id), 303)


def _page(city: City, deployment: Deployment, form: PolicyForm | None = None) -> str:
    facts = reading.fact(deployment)
    return render_template(
        "backups/backups.html",
        city=city,
        deployment=deployment,
        facts=facts,
        cells=words.cells(facts, reading.place(), reading.next_moment(facts.policy, deployment, city)),
        rows=reading.backups(deployment),
        work=_work(city, deployment),
        job=hosting.open_job(deployment, city),
        serving=hosting.serving(deployment),
        policy=form or PolicyForm(obj=facts.policy),
        policy_refused=form is not None,
        place=reading.place(),
        words=words,
        act=ActForm(),
        **_trial(city, deployment),
        purged_on=reading.purged_on(deployment),
    )


def _trial(city: City, deployment: Deployment) -> dict[str, Any]:
    """What the page says of copies for trying: this plugin's, or this one as such."""
    trial = None if deployment.trial_of else reading.trial_of(deployment)
    shown = trial or (deployment if deployment.trial_of else None)
    return {
        "trial": trial,
        "original": reading.original_of(deployment),
        "trial_ends": reading.trial_ends(shown) if shown else None,
        "newer": None if deployment.removed_at else changes.newer_commit(city, deployment),
        "try_form": TryForm(formdata=None),
    }


def _work(city: City, deployment: Deployment) -> list[jobs.Job]:
    """Backups and drills under way, the newest first."""
    wanted = select(jobs.Job).where(jobs.Job.subject == hosting.subject(deployment, city))
    wanted = wanted.where(jobs.Job.kind.in_(hosting.ASIDE), jobs.Job.finished_at.is_(None))
    return list(db.session.scalars(wanted.order_by(jobs.Job.created_at.desc()).limit(2)))


def _of(city: str, name: str, permission: str) -> tuple[City, Deployment]:
    tenant = access.enter_city(city, permission)
    return tenant, hosting.get_deployment(tenant, name)


def _typed() -> str:
    form = forms.ConfirmForm()
    if not form.validate_on_submit():
        raise InvalidError(_("Type the plugin's name to confirm."))
    return form.confirm.data or ""


def _back(city: str, name: str) -> Response:
    return redirect(url_for(".backups", city=city, name=name), 303)
