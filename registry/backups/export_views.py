"""The page where a city takes everything it owns."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from registry.backups import export_service
from registry.core.uow import unit_of_work
from registry.hosting.forms import ActForm
from registry.tenants import access

blueprint = Blueprint("export", __name__, template_folder="templates")
HOME = "/console/<city>/export"


@blueprint.get(HOME)
def exports(city: str) -> str:
    found = access.enter_city(city, "city.edit")
    rows = [(job, export_service.ready(found, job)) for job in export_service.asked(found)]
    return render_template("export/exports.html", city=found, rows=rows, act=ActForm(), life=export_service.LIFE)


@blueprint.post(HOME)
def make(city: str) -> BaseResponse:
    found = access.enter_city(city, "city.edit")
    with unit_of_work():
        job = export_service.ask(found)
    return redirect(url_for("hosting.job", job_id=job.id), 303)


@blueprint.get(f"{HOME}/<uuid:job_id>")
def download(city: str, job_id: uuid.UUID) -> Response:
    """Asked again who it is: a link alone opens nothing."""
    found = access.enter_city(city, "city.edit")
    with unit_of_work():
        path = export_service.fetched(found, job_id)
    name = f"lumbung-{found.slug}-{path.stem[:8]}.tar.gz"
    answer = send_file(path, "application/gzip", as_attachment=True, download_name=name, conditional=True)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
