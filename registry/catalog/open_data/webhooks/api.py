"""``/api/v1/webhooks/{city}``: for a city's admins, and for maintainers in the publisher's city."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_smorest import Blueprint

from registry.catalog.open_data.webhooks import schemas, service
from registry.catalog.open_data.webhooks.models import Delivery, Webhook
from registry.core import paging
from registry.core.errors import InvalidError
from registry.core.paging import PageQuery
from registry.core.uow import unit_of_work
from registry.tenants import access

SEE, MANAGE = "webhook.see", "webhook.manage"
ALL = "/webhooks/<string:city>"
ONE = f"{ALL}/<int:webhook_id>"
MOST = 1000

blueprint = Blueprint("api_webhooks", __name__, url_prefix="/api/v1", description="Being told what happens")


@blueprint.get(ALL)
@blueprint.response(200, schemas.WebhookListSchema)
def list_webhooks(city: str) -> dict[str, list[Webhook]]:
    """A city's webhooks, oldest first."""
    return {"items": service.webhooks_of(access.enter_city(city, SEE))}


@blueprint.post(ALL)
@blueprint.arguments(schemas.NewWebhookSchema)
@blueprint.response(201, schemas.SecretSchema)
def add_webhook(given: dict[str, Any], city: str) -> dict[str, Any]:
    """Register an https address on the public internet; the answer tells the secret, once."""
    tenant = access.enter_city(city, MANAGE)
    with unit_of_work():
        webhook, secret = service.register(tenant, given["url"], given["events"], given["note"])
    return _with_secret(webhook, secret)


@blueprint.get(ONE)
@blueprint.response(200, schemas.WebhookSchema)
def show_webhook(city: str, webhook_id: int) -> Webhook:
    """One webhook."""
    return _find(city, webhook_id, SEE)


@blueprint.patch(ONE)
@blueprint.arguments(schemas.WebhookChangeSchema)
@blueprint.response(200, schemas.WebhookSchema)
def change_webhook(given: dict[str, Any], city: str, webhook_id: int) -> Webhook:
    """Other events, another note, on or off."""
    webhook = _find(city, webhook_id, MANAGE)
    if not given:
        raise InvalidError(_("Say what to change: events, note or enabled."))
    with unit_of_work():
        service.change(webhook, given.get("events", webhook.events), given.get("note", webhook.note))
        if "enabled" in given:
            service.set_enabled(webhook, given["enabled"])
    return webhook


@blueprint.delete(ONE)
@blueprint.response(204)
def remove_webhook(city: str, webhook_id: int) -> None:
    """With the list of its deliveries."""
    webhook = _find(city, webhook_id, MANAGE)
    with unit_of_work():
        service.remove(webhook)


@blueprint.post(f"{ONE}/secret")
@blueprint.response(201, schemas.SecretSchema)
def renew_secret(city: str, webhook_id: int) -> dict[str, Any]:
    """A new secret; the former one signs, too, for a day."""
    webhook = _find(city, webhook_id, MANAGE)
    with unit_of_work():
        secret = service.renew_secret(webhook)
    return _with_secret(webhook, secret)


@blueprint.post(f"{ONE}/ping")
@blueprint.response(202, schemas.DeliverySchema)
def ping_webhook(city: str, webhook_id: int) -> Delivery:
    """Send a trial."""
    webhook = _find(city, webhook_id, MANAGE)
    with unit_of_work():
        delivery = service.ping(webhook)
    return delivery


@blueprint.get(f"{ONE}/deliveries")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, schemas.DeliveryPageSchema)
def list_deliveries(query: dict[str, Any], city: str, webhook_id: int) -> dict[str, Any]:
    """Newest first, of the last thirty days."""
    rows = service.deliveries_of(_find(city, webhook_id, SEE), MOST)
    return paging.page(rows, query, lambda delivery: str(delivery.id))


@blueprint.post(f"{ONE}/deliveries/<uuid:delivery_id>/again")
@blueprint.response(202, schemas.DeliverySchema)
def redeliver(city: str, webhook_id: int, delivery_id: object) -> Delivery:
    """Send one again, under the same id."""
    webhook = _find(city, webhook_id, MANAGE)
    with unit_of_work():
        delivery = service.get_delivery(webhook, str(delivery_id))
        service.redeliver(delivery)
    return delivery


def _find(city: str, webhook_id: int, permission: str) -> Webhook:
    return service.get_webhook(access.enter_city(city, permission), webhook_id)


def _with_secret(webhook: Webhook, secret: str) -> dict[str, Any]:
    names = schemas.WebhookSchema().fields
    return {name: getattr(webhook, name) for name in names} | {"secret": secret}
