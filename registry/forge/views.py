"""A city's forks in its console."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.accounts.access import person
from registry.catalog import service as catalog
from registry.core.uow import unit_of_work
from registry.forge import forking, service, storage
from registry.forge.browsing import refs
from registry.forge.following import distances, notices
from registry.forge.models import Fork
from registry.forge.trees import history
from registry.tenants.access import enter_city, may
from registry.tenants.models import City

COMMITS = 20
blueprint = Blueprint(
    "forge", __name__, template_folder="templates", static_folder="static", static_url_path="/static/forge"
)


@blueprint.get("/console/<city>/forks")
def forks(city: str) -> str:
    """All forks of the city, and how far each is from its upstream."""
    entered = enter_city(city, "city.see")
    known = distances.of_city(entered, service.forks_of(entered))
    return render_template(
        "forge/forks.html", city=entered, forks=service.forks_of(entered), distances=known,
        warnings={one.fork.id: one for one in notices.warnings_of(entered)},
    )  # fmt: skip


@blueprint.post("/console/<city>/forks")
def create_fork(city: str) -> Response:
    """Fork the app named in the form field ``app``."""
    entered = enter_city(city, "fork.create")
    app = catalog.get_app(request.form.get("app", ""))
    with unit_of_work():
        forking.create_fork(entered, app, person().id)
    flash(_("%(app)s is yours now: adapt it, or deploy it as it is.", app=app.name), "success")
    return redirect(url_for("forge.fork", city=city, app=app.slug))


@blueprint.get("/console/<city>/forks/<app>")
def fork(city: str, app: str) -> str:
    """One fork: how to clone it, what changed, how it stands to its upstream."""
    entered = enter_city(city, "city.see")
    found = service.fork_of(entered, app)
    return render_template("forge/fork.html", city=entered, fork=found, **_told(entered, found))


def _told(city: City, fork: Fork) -> dict[str, object]:
    repository = storage.here().fork(city.slug, fork.app.slug)
    return {
        "clone_url": service.clone_url(fork.app.slug, city.slug),
        "upstream_url": service.clone_url(fork.app.slug),
        "distance": distances.of(city, fork),
        "commits": history(repository, "refs/heads/main", COMMITS),
        "branches": refs.branches(repository),
        "tags": refs.tags(repository, 10),
        "latest": catalog.latest_release(fork.app),
        "may_push": may("fork.push", city),
        "may_deploy": may("plugin.manage", city),
    }
