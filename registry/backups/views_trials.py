"""Trying an upgrade on a copy, and adopting what was tried."""

from __future__ import annotations

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.backups import trials
from registry.backups.forms import TryForm
from registry.backups.views import PLACE, blueprint
from registry.core.errors import InvalidError
from registry.core.uow import unit_of_work
from registry.hosting import reading as hosting
from registry.tenants import access


@blueprint.post(f"{PLACE}/try")
def try_copy(city: str, name: str) -> Response:
    tenant = access.enter_city(city, "plugin.manage")
    form = TryForm()
    if not form.validate_on_submit():
        raise InvalidError(_("Say which branch, tag or commit of your fork to try."))
    with unit_of_work():
        job = trials.try_copy(tenant, hosting.get_deployment(tenant, name), form.ref.data or "main")
    return redirect(url_for("hosting.job", job_id=job.id), 303)


@blueprint.post(f"{PLACE}/adopt")
def adopt(city: str, name: str) -> Response:
    tenant = access.enter_city(city, "plugin.manage")
    with unit_of_work():
        job = trials.adopt(tenant, hosting.get_deployment(tenant, name))
    return redirect(url_for("hosting.job", job_id=job.id), 303)
