"""Webhooks in a city's console; those of the programme are in the publisher's."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from registry.accounts.forms import tell
from registry.catalog.open_data.webhooks import rules, service, words
from registry.catalog.open_data.webhooks.forms import ChangeForm, WebhookForm
from registry.catalog.open_data.webhooks.models import Webhook
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import access
from registry.tenants.models import City

SEE, MANAGE = "webhook.see", "webhook.manage"
HOME = "/console/<city>/webhooks"
Page = str | Response | tuple[str, int]

blueprint = Blueprint("webhooks", __name__)


@blueprint.get("/programme/webhooks")
def programme() -> Page:
    """Where maintainers find the programme's own."""
    publisher = access.enter_programme("programme.see")
    return redirect(url_for("webhooks.overview", city=publisher.slug), 303)


@blueprint.get(HOME)
def overview(city: str) -> Page:
    return _overview(access.enter_city(city, SEE))


@blueprint.post(HOME)
def register(city: str) -> Page:
    """The new secret is shown in this one answer."""
    tenant, form = access.enter_city(city, MANAGE), _offered(WebhookForm())
    if not form.validate_on_submit():
        return _overview(tenant, form), 422
    try:
        with unit_of_work():
            webhook, secret = service.register(tenant, form.url.data, form.events.data, form.note.data or "")
    except RefusalError as error:
        tell(form, error)
        return _overview(tenant, form), error.status
    return _one(tenant, webhook, secret=secret), 201


@blueprint.get(f"{HOME}/<int:webhook_id>")
def show(city: str, webhook_id: int) -> Page:
    tenant = access.enter_city(city, SEE)
    return _one(tenant, service.get_webhook(tenant, webhook_id))


@blueprint.post(f"{HOME}/<int:webhook_id>")
def change(city: str, webhook_id: int) -> Page:
    tenant, form = access.enter_city(city, MANAGE), _offered(ChangeForm())
    webhook = service.get_webhook(tenant, webhook_id)
    if not form.validate_on_submit():
        return _one(tenant, webhook, form), 422
    try:
        with unit_of_work():
            service.change(webhook, form.events.data, form.note.data or "")
    except RefusalError as error:
        tell(form, error)
        return _one(tenant, service.get_webhook(tenant, webhook_id), form), error.status
    flash(_("Saved."), "success")
    return redirect(url_for("webhooks.show", city=city, webhook_id=webhook_id), 303)


@blueprint.post(f"{HOME}/<int:webhook_id>/secret")
def renew_secret(city: str, webhook_id: int) -> Page:
    tenant = access.enter_city(city, MANAGE)
    webhook = service.get_webhook(tenant, webhook_id)
    with unit_of_work():
        secret = service.renew_secret(webhook)
    return _one(tenant, service.get_webhook(tenant, webhook_id), secret=secret), 201


@blueprint.post(f"{HOME}/<int:webhook_id>/<any(on, off, ping, remove):act>")
def act(city: str, webhook_id: int, act: str) -> Page:
    tenant = access.enter_city(city, MANAGE)
    webhook = service.get_webhook(tenant, webhook_id)
    work, said = ACTS[act]
    try:
        with unit_of_work():
            work(webhook)
        flash(said(), "success")
    except RefusalError as error:
        flash(error.message, "error")
    if act == "remove":
        return redirect(url_for("webhooks.overview", city=city), 303)
    return redirect(url_for("webhooks.show", city=city, webhook_id=webhook_id), 303)


ACTS: dict[str, tuple[Callable[[Webhook], object], Callable[[], str]]] = {
    "on": (lambda webhook: service.set_enabled(webhook, True), lambda: _("It is told again from now on.")),
    "off": (lambda webhook: service.set_enabled(webhook, False), lambda: _("Nothing is sent to it any more.")),
    "ping": (service.ping, lambda: _("A trial is on its way. Reload the page in a moment.")),
    "remove": (service.remove, lambda: _("The webhook and the list of its deliveries are gone.")),
}


@blueprint.post(f"{HOME}/<int:webhook_id>/deliveries/<delivery_id>/again")
def redeliver(city: str, webhook_id: int, delivery_id: str) -> Page:
    tenant = access.enter_city(city, MANAGE)
    webhook = service.get_webhook(tenant, webhook_id)
    try:
        with unit_of_work():
            service.redeliver(service.get_delivery(webhook, delivery_id))
        flash(_("It is on its way again. Reload the page in a moment."), "success")
    except RefusalError as error:
        flash(error.message, "error")
    return redirect(url_for("webhooks.show", city=city, webhook_id=webhook_id), 303)


def _overview(city: City, form: WebhookForm | None = None) -> str:
    return render_template(
        "catalog/webhooks.html", city=city, webhooks=service.webhooks_of(city), words=words,
        form=form or _offered(WebhookForm(formdata=None)), most=service.MAX_WEBHOOKS,
    )  # fmt: skip


def _one(city: City, webhook: Webhook, form: ChangeForm | None = None, secret: str = "") -> str:
    """``secret`` is shown when it was made by this request."""
    form = form or _offered(ChangeForm(formdata=None, obj=webhook))
    return render_template(
        "catalog/webhook.html", city=city, webhook=webhook, deliveries=service.deliveries_of(webhook), form=form,
        secret=secret, words=words, plain=FlaskForm(), kept=service.KEPT.days, attempts=len(rules.WAITS) + 1,
    )  # fmt: skip


def _offered(form: ChangeForm) -> ChangeForm:
    form.offer()
    return form
