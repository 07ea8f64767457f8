"""What a plugin does and says, in the console; and what is wrong in a city."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.access import person
from registry.core import scope, undelivered
from registry.core.errors import ForbiddenError
from registry.core.uow import unit_of_work
from registry.hosting import reading as hosting
from registry.hosting.alerts import Alert, open_alerts
from registry.hosting.models import Deployment
from registry.hosting.plain import DeploymentPaths
from registry.monitor import drawing, logfile, reading, service, words
from registry.tenants import access
from registry.tenants.models import City

blueprint = Blueprint("monitor", __name__, template_folder="templates")
PLUGIN = "/console/<city>/plugins/<name>"
MAX_WORDS = 100

blueprint.add_app_template_filter(words.amount, "amount")
blueprint.add_app_template_filter(words.title, "alert_title")


@blueprint.app_template_global()
def alerts_of(city: City) -> list[Alert]:
    """For the banner of the console; nothing for who may not see the city, or where no scope was entered."""
    seen = scope.current() != scope.NOBODY and access.may("city.see", city)
    return open_alerts(city) if seen else []


@blueprint.get(f"{PLUGIN}/figures")
def figures(city: str, name: str) -> str:
    tenant, deployment = _find(city, name)
    span = reading.span(request.args.get("range", ""))
    shown = reading.figures(deployment, span)
    limits = reading.limits(deployment)
    return render_template(
        "monitor/figures.html",
        city=tenant,
        deployment=deployment,
        shown=shown,
        spans=list(reading.SPANS),
        limits=limits,
        charts=drawing.charts(shown, limits),
    )


@blueprint.get(f"{PLUGIN}/log")
def log(city: str, name: str) -> str:
    """The newest lines; what htmx asks for with ``since`` is only what came after."""
    tenant, deployment = _find(city, name)
    wanted, level = request.args.get("q", "")[:MAX_WORDS], _level()
    path = _path(deployment)
    if "since" in request.args and request.headers.get("HX-Request"):
        page = logfile.since(path, request.args["since"][:50], wanted, level)
        return render_template("monitor/log_more.html", city=tenant, deployment=deployment, page=page, level=level)
    page = logfile.newest(path, wanted, level)
    return render_template("monitor/log.html", city=tenant, deployment=deployment, page=page, level=level)


@blueprint.get(f"{PLUGIN}/log.txt")
def download_log(city: str, name: str) -> Response:
    """All of it that is kept, oldest first."""
    _tenant, deployment = _find(city, name)
    answer = Response(stream_with_context(logfile.whole(_path(deployment))), mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{deployment.name}.{city}.log"'
    return answer


@blueprint.get("/programme/mail")
def undelivered_mail() -> str:
    """What no mail server took lately."""
    access.enter_programme("programme.see")
    return render_template("monitor/mail.html", rows=undelivered.listed(), kept=undelivered.KEPT.days)


@blueprint.get("/console/<city>/alerts")
def alerts(city: str) -> str:
    tenant = access.enter_city(city, "city.see")
    return render_template("monitor/alerts.html", city=tenant, rows=service.alerts(tenant), may_act=_may_act(tenant))


@blueprint.post("/console/<city>/alerts/<int:alert_id>/seen")
def seen(city: str, alert_id: int) -> BaseResponse:
    tenant = access.enter_city(city, "city.see")
    require_act(tenant)
    with unit_of_work():
        service.mark_seen(tenant, alert_id, person().id)
    return redirect(url_for(".alerts", city=city))


def require_act(city: City) -> None:
    """Whose alerts they are: the city's admin; the maintainers for those of the platform. Raises ForbiddenError."""
    if not _may_act(city):
        raise ForbiddenError(_("Your role in %(city)s does not allow this.", city=city.name))


def _may_act(city: City) -> bool:
    return access.may("plugin.manage", city) or access.may("programme.manage", city)


def _find(city: str, name: str) -> tuple[City, Deployment]:
    tenant = access.enter_city(city, "plugin.see")
    return tenant, hosting.get_deployment(tenant, name)


def _path(deployment: Deployment) -> Path:
    return DeploymentPaths(hosting.settings().data, deployment.id).plugin_log


def _level() -> str:
    level = request.args.get("level", "")
    return level if level in logfile.LEVELS else ""
