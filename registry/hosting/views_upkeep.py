"""Decisions about a plugin that runs: always awake, closed for maintenance, who may upgrade it."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.core.uow import unit_of_work
from registry.hosting import forms, reading, upkeep
from registry.hosting.views import CONSOLE, blueprint, overview
from registry.tenants import access


@blueprint.post(f"{CONSOLE}/<name>/<any(pin, unpin):which>")
def pin(city: str, name: str, which: str) -> Response:
    tenant = access.enter_city(city, "plugin.manage")
    with unit_of_work():
        upkeep.set_pinned(tenant, reading.get_deployment(tenant, name), which == "pin")
    told = {
        "pin": _("%(name)s stays awake from now on.", name=name),
        "unpin": _("%(name)s sleeps when nobody uses it.", name=name),
    }
    return _back(city, name, told[which])


@blueprint.post(f"{CONSOLE}/<name>/<any(follow, unfollow):which>")
def follow(city: str, name: str, which: str) -> Response:
    tenant = access.enter_city(city, "plugin.manage")
    with unit_of_work():
        upkeep.set_follows(tenant, reading.get_deployment(tenant, name), which == "follow")
    told = {
        "follow": _("The programme may upgrade %(name)s from now on.", name=name),
        "unfollow": _("Only you upgrade %(name)s from now on.", name=name),
    }
    return _back(city, name, told[which])


@blueprint.post(f"{CONSOLE}/<name>/close")
def close(city: str, name: str) -> Response | tuple[str, int]:
    tenant, form = access.enter_city(city, "plugin.manage"), forms.MaintenanceForm()
    deployment = reading.get_deployment(tenant, name)
    if not form.validate_on_submit():
        return overview(tenant, deployment, form), 422
    with unit_of_work():
        upkeep.set_maintenance(tenant, deployment, form.words.data or "")
    return _back(city, name, _("%(name)s is closed for maintenance. Citizens read your words.", name=name))


@blueprint.post(f"{CONSOLE}/<name>/open")
def reopen(city: str, name: str) -> Response:
    tenant = access.enter_city(city, "plugin.manage")
    with unit_of_work():
        upkeep.set_maintenance(tenant, reading.get_deployment(tenant, name), "")
    return _back(city, name, _("%(name)s is open again.", name=name))


def _back(city: str, name: str, message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("hosting.plugin", city=city, name=name), 303)
