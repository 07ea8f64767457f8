"""A plugin's revisions: who made them, what lies between two, and the way back; and every long act."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.core.db import db
from registry.core.errors import ConflictError, InvalidError
from registry.core.uow import unit_of_work
from registry.hosting import difference, forms, reading, service
from registry.hosting import history as past
from registry.hosting.models import Deployment
from registry.hosting.views import CONSOLE, blueprint
from registry.tenants import access
from registry.tenants.models import City

PER_PAGE = 15


@blueprint.get(f"{CONSOLE}/<name>/history")
def history(city: str, name: str) -> str:
    tenant = access.enter_city(city, "plugin.see")
    deployment = reading.get_deployment(tenant, name)
    page = db.paginate(past.acts(tenant, deployment), per_page=PER_PAGE, max_per_page=PER_PAGE)
    return render_template(
        "hosting/history.html",
        city=tenant,
        deployment=deployment,
        lines=past.lines(deployment),
        difference=_difference(tenant, deployment),
        page=page,
        people=past.names(job.created_by for job in page.items),
        job=reading.open_job(deployment, tenant),
        serving=reading.serving(deployment),
        act=forms.ActForm(),
    )


@blueprint.post(f"{CONSOLE}/<name>/rollback")
def rollback(city: str, name: str) -> Response:
    tenant = access.enter_city(city, "plugin.manage")
    form = forms.RollbackForm()
    if not form.validate_on_submit():
        raise InvalidError(_("Say which revision to go back to."))
    with unit_of_work():
        deployment = reading.get_deployment(tenant, name)
        job = service.rollback(tenant, deployment, form.revision.data or 0, bool(form.with_data.data))
    return redirect(url_for("hosting.job", job_id=job.id))


def _difference(city: City, deployment: Deployment) -> difference.Difference | None:
    """Of the two revisions the address names; None when it names none. Raises NotFoundError, ConflictError."""
    one, other = (request.args.get(key, type=int) for key in ("from", "to"))
    if one is None or other is None:
        return None
    if one == other:
        raise ConflictError(_("Choose two different revisions to compare."))
    repository = reading.repository_of(city, reading.app_of(deployment))
    first, second = (reading.get_revision(deployment, number) for number in (one, other))
    return difference.between(repository, first, second)
