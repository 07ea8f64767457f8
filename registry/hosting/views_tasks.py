"""What a plugin does by the clock: next and last runs, run now, pause."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.core.clock import now
from registry.core.uow import unit_of_work
from registry.hosting import forms, reading
from registry.hosting import tasks as clock
from registry.hosting.views import CONSOLE, blueprint
from registry.tenants import access


@blueprint.get(f"{CONSOLE}/<name>/tasks")
def tasks(city: str, name: str) -> str:
    tenant = access.enter_city(city, "plugin.see")
    deployment = reading.get_deployment(tenant, name)
    return render_template(
        "hosting/tasks.html",
        city=tenant,
        deployment=deployment,
        planned=clock.planned(tenant, deployment, now()),
        why_not=clock.why_not(deployment),
        well=clock.well,
        act=forms.ActForm(),
    )


@blueprint.post(f"{CONSOLE}/<name>/tasks/<task>/<any(run, pause, resume):what>")
def change_task(city: str, name: str, task: str, what: str) -> Response:
    tenant = access.enter_city(city, "plugin.manage")
    deployment = reading.get_deployment(tenant, name)
    with unit_of_work():
        if what == "run":
            clock.run_now(tenant, deployment, task)
        else:
            clock.set_paused(tenant, deployment, task, what == "pause", now())
    told = {
        "run": _("%(task)s was started. Its end appears here.", task=task),
        "pause": _("%(task)s is paused: it does not run by the clock.", task=task),
        "resume": _("%(task)s runs by the clock again.", task=task),
    }
    flash(told[what], "success")
    return redirect(url_for("hosting.tasks", city=city, name=name), 303)
