"""What a plugin may ask of Lumbung itself: its city, its grants, mail, figures. Runs in threads, one act each."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_babel import gettext as _

from registry.connect import reading, rules, service
from registry.connect.gateway.answers import Answer, ProblemError, told
from registry.connect.gateway.guests import Guest, within
from registry.connect.gateway.wire import Request
from registry.core import clock
from registry.core.errors import InvalidError
from registry.core.uow import unit_of_work
from registry.hosting import reading as hosting
from registry.hosting.models import Deployment
from registry.tenants.models import City
from registry.tenants.people import service as people

Act = Callable[[City, Deployment, Request], Answer]


def answer(app: Flask, guest: Guest, request: Request) -> Answer:
    """Raises RefusalError, ProblemError."""
    path = request.target.partition("?")[0]
    methods = ROUTES.get(path)
    if methods is None:
        known = ", ".join([*ROUTES, "/siblings/{app}/{capability}/…"])
        raise ProblemError(404, "not-found", f"There is no {path[:100]} here. There are: {known}.")
    act = methods.get(request.method)
    if act is None:
        raise ProblemError(405, "method-not-allowed", f"{path} takes {', '.join(methods)}.")
    return within(app, guest, lambda city, deployment: act(city, deployment, request))


def tenant(city: City, deployment: Deployment, _request: Request) -> Answer:
    """The city's facts as they are now, its units by name: the environment has those of the plugin's start."""
    settings, revision = hosting.settings(), hosting.serving(deployment)
    return told(
        {
            "code": city.code,
            "slug": city.slug,
            "name": city.name,
            "timezone": city.timezone,
            "locale": city.locale,
            "color": city.color,
            "logo": city.logo,
            "portal": settings.portal_origin(city.slug),
            "demo": city.demo,
            "units": [{"id": unit.id, "name": unit.name} for unit in people.units(city)],
            "plugin": {
                "name": deployment.name,
                "origin": settings.plugin_origin(city.slug, deployment.name),
                "version": revision.version if revision else "",
                "maintenance": deployment.maintenance,
            },
        }
    )


def grants(_city: City, deployment: Deployment, _request: Request) -> Answer:
    """What it asks for and what was answered."""
    asked = [one for one in reading.connections(deployment) if one.wanted]
    items = [{"kind": one.wish.kind, "name": one.wish.name, "state": one.state} for one in asked]
    mails, size = reading.out_today(deployment)
    left = {"mails": max(0, rules.MAILS_PER_DAY - mails), "bytes": max(0, rules.EGRESS_PER_DAY - size)}
    return told({"items": items, "left_today": left})


def mail(city: City, deployment: Deployment, request: Request) -> Answer:
    """``{"to": [...], "subject": "…", "text": "…"}``; sender and envelope are ours."""
    given = _json(request, dict)
    to, subject, text = given.get("to"), given.get("subject"), given.get("text")
    to = [to] if isinstance(to, str) else to
    texts = isinstance(to, list) and all(isinstance(one, str) for one in [*to, subject, text])
    if not texts or set(given) - {"to", "subject", "text"}:
        raise InvalidError(_("A message has to (a list of addresses), subject and text, all texts, and nothing else."))
    wish = rules.Wish(rules.MAIL)
    with unit_of_work():
        allowed = service.use(deployment, wish)
        left = service.send_mail(city, deployment, to, str(subject), str(text)) if allowed else 0  # type: ignore[arg-type]
    if not allowed:
        raise service.refusal(wish)
    return told({"sent": len(to or ()), "left_today": left}, 202)


def kpi(_city: City, deployment: Deployment, request: Request) -> Answer:
    """A list of ``{"name", "value", "unit", "at", "label": {"id", "en"}}``; only name and value are needed."""
    given = _json(request, list)
    figures = [rules.figure(one, clock.now()) for one in given[: rules.KPI_AT_ONCE + 1]]
    checked = [figure for figure in figures if figure is not None]
    if not 1 <= len(given) <= rules.KPI_AT_ONCE or len(checked) != len(given):
        message = _("Report 1 to %(n)d figures, each with a name (small letters, digits, . _ -) and a number as value.")
        raise InvalidError(message % {"n": rules.KPI_AT_ONCE})
    with unit_of_work():
        service.report(deployment, checked)
    return told({"kept": len(checked)}, 202)


ROUTES: dict[str, dict[str, Act]] = {
    "/tenant": {"GET": tenant},
    "/grants": {"GET": grants},
    "/mail": {"POST": mail},
    "/kpi": {"POST": kpi},
}


def _json(request: Request, kind: type) -> Any:
    try:
        value = json.loads(request.body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, kind):
        raise InvalidError(_("Send JSON: an object for mail, a list for figures."))
    return value


def _refuse(name: str) -> None:
    """Python reads NaN and Infinity, the standard does not."""
    raise ValueError(name)
