"""A fork's settings: what it weighs, making it whole, removing it, bringing it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.jobs import Job
from registry.core.uow import unit_of_work
from registry.forge import service
from registry.forge.keeping import asking, removing, words
from registry.forge.keeping.models import FORK, RepositoryState
from registry.forge.keeping.service import room_of
from registry.forge.models import Fork
from registry.forge.views import blueprint
from registry.tenants.access import enter_city, may
from registry.tenants.models import City

SETTINGS = "/console/<city>/forks/<app>/settings"
SEE, MANAGE = "city.see", "fork.manage"
Page = str | Response | tuple[str, int]

blueprint.add_app_template_filter(words.state, "repository_state")


@blueprint.context_processor
def _room() -> dict[str, object]:
    return {"room_of": room_of, "removals_of": removing.removals}


@blueprint.get(SETTINGS)
def fork_settings(city: str, app: str) -> Page:
    """What a fork weighs and how it is kept; the acts that concern all of it."""
    owner = enter_city(city, SEE)
    return _settings(owner, service.fork_of(owner, app))


@blueprint.post(f"{SETTINGS}/detach")
def detach_fork(city: str, app: str) -> Page:
    return _started(city, app, whole=True)


@blueprint.post(f"{SETTINGS}/attach")
def attach_fork(city: str, app: str) -> Page:
    return _started(city, app, whole=False)


@blueprint.post(f"{SETTINGS}/remove")
def remove_fork(city: str, app: str) -> Page:
    """The form field ``confirm`` names the app."""
    owner = enter_city(city, MANAGE)
    fork = service.fork_of(owner, app)
    try:
        with unit_of_work():
            removing.remove(owner, fork, request.form.get("confirm", "")[:100])
    except RefusalError as refusal:
        return _settings(owner, service.fork_of(owner, app), refusal), refusal.status
    flash(_("The fork is hidden. It can be brought back here for %(n)d days.", n=removing.GRACE_DAYS), "success")
    return redirect(url_for("forge.forks", city=city), 303)


@blueprint.post("/console/<city>/forks/<app>/recover")
def recover_fork(city: str, app: str) -> Page:
    owner = enter_city(city, MANAGE)
    with unit_of_work():
        name = removing.recover(owner, app).app.name
    flash(_("%(app)s is back as it was.", app=name), "success")
    return redirect(url_for("forge.fork", city=city, app=app), 303)


def _started(city: str, app: str, whole: bool) -> Page:
    owner = enter_city(city, MANAGE)
    fork = service.fork_of(owner, app)
    try:
        with unit_of_work():
            number = (asking.ask_detach if whole else asking.ask_attach)(owner, fork).id
    except RefusalError as refusal:
        return _settings(owner, service.fork_of(owner, app), refusal), refusal.status
    return redirect(url_for("hosting.job", job_id=number), 303)


def _settings(city: City, fork: Fork, refusal: RefusalError | None = None) -> str:
    wanted = select(RepositoryState).where(RepositoryState.tenant_id == city.id, RepositoryState.kind == FORK)
    state = db.session.scalar(wanted.where(RepositoryState.app_id == fork.app_id))
    job: Job | None = asking.open_job(city, asking.DETACH, f"{city.slug}/{fork.app.slug}")
    return render_template(
        "forge/keeping/settings.html", city=city, fork=fork, state=state, job=job, refusal=refusal,
        whole=asking.is_whole(city, fork), room=room_of(city), uses=removing.uses(city, fork),
        days=removing.GRACE_DAYS, may_manage=may(MANAGE, city),
    )  # fmt: skip
