"""What a city's plugins ask of the world outside, and the admin's answers."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from registry.catalog import labels
from registry.connect import forms, reading, rules, service, words
from registry.core.errors import InvalidError
from registry.core.uow import unit_of_work
from registry.hosting import reading as hosting
from registry.tenants import access

blueprint = Blueprint("connect", __name__, template_folder="templates")
PLUGIN = "/console/<city>/plugins/<name>/connections"


@blueprint.get(PLUGIN)
def connections(city: str, name: str) -> str:
    tenant = access.enter_city(city, "plugin.see")
    deployment = hosting.get_deployment(tenant, name)
    mails, size = reading.out_today(deployment)
    return render_template(
        "connect/connections.html",
        city=tenant,
        deployment=deployment,
        connections=reading.connections(deployment),
        callers=reading.callers(tenant, deployment),
        manifest=reading.manifest_of(deployment),
        mails=mails,
        size=labels.size(size),
        rules=rules,
        words=words,
    )


@blueprint.post(PLUGIN)
def decide(city: str, name: str) -> BaseResponse:
    tenant = access.enter_city(city, "plugin.manage")
    form = forms.DecisionForm()
    if not form.validate_on_submit():
        raise InvalidError(_("Say which wish of the plugin you answer."))
    wish = rules.Wish(form.kind.data or "", form.wish.data or "")
    with unit_of_work():
        state = service.decide(tenant, hosting.get_deployment(tenant, name), wish, form.answer.data == "give")
    flash(f"{name} {words.wish(wish)}: {words.state(state)}.", "ok")
    return redirect(url_for(".connections", city=city, name=name))


@blueprint.get("/console/<city>/connections")
def city_connections(city: str) -> str:
    tenant = access.enter_city(city, "plugin.see")
    found = reading.city_connections(tenant)
    return render_template("connect/city.html", city=tenant, connections=found, words=words)
