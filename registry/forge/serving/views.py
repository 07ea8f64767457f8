"""Who may reach a repository with git, and do what to it: a fork's page for its city, an upstream's for maintainers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.catalog import service as catalog
from registry.catalog.models import App
from registry.core.errors import ConflictError
from registry.core.uow import unit_of_work
from registry.forge import pushes, service, storage
from registry.forge.models import Fork
from registry.forge.serving import gates, tokens
from registry.forge.serving.forms import WRITE, DeployTokenForm, GateForm
from registry.forge.serving.rules import MAX_FILE, Policy
from registry.forge.views import blueprint
from registry.tenants.access import enter_city, enter_programme, may
from registry.tenants.models import City

FORK, APP = "/console/<city>/forks/<app>/access", "/programme/apps/<app>/access"
SEE, PUSH, PUBLISH = "city.see", "fork.push", "app.publish"
SHOWN = 10
Page = str | Response | tuple[str, int]


@blueprint.context_processor
def _words() -> dict[str, object]:
    return {"gate_of": gates.find_gate}


@blueprint.get(FORK)
def fork_access(city: str, app: str) -> Page:
    """A fork's deploy tokens, and what a push may change in it."""
    return _of_fork(*_fork(city, app, SEE))


@blueprint.post(f"{FORK}/protection")
def fork_protection(city: str, app: str) -> Page:
    owner, fork = _fork(city, app, PUSH)
    form = GateForm()
    if not form.validate_on_submit():
        return _of_fork(owner, fork), 422
    with unit_of_work():
        gates.decide(owner, fork, Policy(form.rewrite_main.data, form.move_release_tags.data))
    flash(_("Saved. It holds from the next push on."), "success")
    return redirect(url_for("forge.fork_access", city=city, app=app), 303)


@blueprint.post(f"{FORK}/tokens")
def create_fork_token(city: str, app: str) -> Page:
    """The new token's text is shown in this one answer."""
    owner, fork = _fork(city, app, PUSH)
    form, text, status = _create(owner, fork.app, fork)
    return _of_fork(owner, fork, form, text), status


@blueprint.post(f"{FORK}/tokens/<int:token_id>/revoke")
def revoke_fork_token(city: str, app: str, token_id: int) -> Page:
    owner, fork = _fork(city, app, PUSH)
    with unit_of_work():
        tokens.revoke(owner, fork.app, fork, token_id)
    flash(_("The token no longer works."), "success")
    return redirect(url_for("forge.fork_access", city=city, app=app), 303)


@blueprint.get(APP)
def app_access(app: str) -> Page:
    """An upstream's deploy tokens."""
    return _of_app(_app(app))


@blueprint.post(f"{APP}/tokens")
def create_app_token(app: str) -> Page:
    """The new token's text is shown in this one answer."""
    found = _app(app)
    form, text, status = _create(found.publisher, found, None)
    return _of_app(found, form, text), status


@blueprint.post(f"{APP}/tokens/<int:token_id>/revoke")
def revoke_app_token(app: str, token_id: int) -> Page:
    found = _app(app)
    with unit_of_work():
        tokens.revoke(found.publisher, found, None, token_id)
    flash(_("The token no longer works."), "success")
    return redirect(url_for("forge.app_access", app=app), 303)


def _create(city: City, app: App, fork: Fork | None) -> tuple[DeployTokenForm, str, int]:
    """A form to show again, the new token's text, and the answer's status."""
    form = DeployTokenForm()
    if not form.validate_on_submit():
        return form, "", 422
    try:
        with unit_of_work():
            days, write = cast(int, form.days.data), form.access.data == WRITE
            _token, text = tokens.create(city, app, fork, form.name.data or "", days, write)
    except ConflictError as error:
        flash(error.message, "error")
        return form, "", error.status
    return DeployTokenForm(formdata=None), text, 201


def _of_fork(city: City, fork: Fork, form: DeployTokenForm | None = None, text: str = "") -> str:
    last = pushes.latest("fork", city, fork.app, SHOWN) if may("audit.read", city) else []
    return render_template(
        "forge/serving/fork_access.html", city=city, fork=fork, gate_form=_gate_form(fork), pushes=last,
        may_push=may(PUSH, city), **_told(city, fork.app, fork, form, text),
    )  # fmt: skip


def _of_app(app: App, form: DeployTokenForm | None = None, text: str = "") -> str:
    return render_template("forge/serving/app_access.html", app=app, **_told(app.publisher, app, None, form, text))


def _told(city: City, app: App, fork: Fork | None, form: DeployTokenForm | None, text: str) -> dict[str, Any]:
    return {
        "form": form or DeployTokenForm(formdata=None), "text": text, "tokens": tokens.living(city, app, fork),
        "clone_url": service.clone_url(app.slug, city.slug if fork else ""),
        "max_push": storage.settings().max_push, "max_file": MAX_FILE,
    }  # fmt: skip


def _gate_form(fork: Fork) -> GateForm:
    return GateForm(formdata=None, data=asdict(gates.policy_of(fork)))


def _fork(city: str, app: str, permission: str) -> tuple[City, Fork]:
    entered = enter_city(city, permission)
    return entered, service.fork_of(entered, app)


def _app(slug: str) -> App:
    enter_programme(PUBLISH)
    return catalog.get_app(slug)
