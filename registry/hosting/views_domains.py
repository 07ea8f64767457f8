"""A plugin's addresses: its own below the plugin domain, and the city's host names; what the edge asks about them."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.forms import tell
from registry.core.clock import now
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.hosting import domains as names
from registry.hosting import forms, hostnames, reading
from registry.hosting.dns import resolver
from registry.hosting.models import Deployment
from registry.hosting.views import CONSOLE, blueprint
from registry.tenants import access
from registry.tenants.models import City


@blueprint.route(f"{CONSOLE}/<name>/domains", methods=["GET", "POST"])
def domains(city: str, name: str) -> str | BaseResponse | tuple[str, int]:
    tenant = access.enter_city(city, "plugin.see" if request.method == "GET" else "plugin.manage")
    deployment, form = reading.get_deployment(tenant, name), forms.DomainForm()
    if not form.is_submitted():
        return _page(tenant, deployment, form)
    if not form.validate():
        return _page(tenant, deployment, form), 422
    try:
        with unit_of_work():
            names.add(tenant, deployment, form.hostname.data or "")
    except RefusalError as error:
        tell(form, error)
        return _page(tenant, reading.get_deployment(tenant, name), form), error.status
    flash(_("Noted. Now set the two records in your DNS, then check."), "success")
    return redirect(url_for("hosting.domains", city=city, name=name), 303)


def _page(city: City, deployment: Deployment, form: forms.DomainForm) -> str:
    return render_template(
        "hosting/domains.html",
        city=city,
        deployment=deployment,
        domains=names.of(deployment),
        form=form,
        origin=reading.settings().plugin_origin(city.slug, deployment.name),
        target=f"{deployment.name}.{city.slug}.{reading.settings().plugin_domain}",
        most=names.MAX_DOMAINS,
        proof_name=hostnames.proof_name,
        shown=hostnames.shown,
        origin_of=names.origin,
        act=forms.ActForm(),
    )


@blueprint.post(f"{CONSOLE}/<name>/domains/<hostname>/check")
def check_domain(city: str, name: str, hostname: str) -> BaseResponse:
    tenant = access.enter_city(city, "plugin.manage")
    seen = look_now(tenant, name, hostname)
    flash(*_told(seen, hostname))
    return redirect(url_for("hosting.domains", city=city, name=name), 303)


@blueprint.post(f"{CONSOLE}/<name>/domains/<hostname>/remove")
def remove_domain(city: str, name: str, hostname: str) -> BaseResponse:
    tenant = access.enter_city(city, "plugin.manage")
    with unit_of_work():
        names.remove(tenant, reading.get_deployment(tenant, name), hostname)
    flash(_("%(host)s no longer leads to %(name)s.", host=hostname, name=name), "success")
    return redirect(url_for("hosting.domains", city=city, name=name), 303)


@blueprint.get("/_lumbung/tls-ask")
def tls_ask() -> Response:
    """Asked by the edge before it gets a certificate for the name a browser connected with: 200 or 404, no words."""
    return Response(status=200 if names.is_ours(request.args.get("domain", "")) else 404)


def look_now(city: City, name: str, hostname: str) -> names.Domain:
    """Look a name up in DNS at once and write what follows. Raises NotFoundError."""
    domain = names.find(reading.get_deployment(city, name), hostname)
    if domain.checked_at and now() - domain.checked_at < names.HASTE:
        return domain
    seen = names.look(domain.hostname, domain.token, resolver())
    with unit_of_work():
        domain = names.find(reading.get_deployment(city, name), hostname)
        names.judge(domain, seen, now())
    return domain


def _told(domain: names.Domain, hostname: str) -> tuple[str, str]:
    if domain.verified_at and not domain.message:
        return _("%(host)s is proved and leads here.", host=hostname), "success"
    return domain.message, "warning"
