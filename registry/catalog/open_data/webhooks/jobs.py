"""The worker's part: who is told of an event, each attempt, what was lost, what is old."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, select

from registry.catalog.open_data.webhooks import sending, service
from registry.catalog.open_data.webhooks.models import QUEUED, Delivery, Webhook
from registry.core import jobs, scope
from registry.core.clock import now
from registry.core.db import db
from registry.core.uow import unit_of_work

AT_ONCE = 500
"""Messages handed over again in one go; the rest a minute later."""


@jobs.queue.task(name="open_data.announce")
def announce(event_id: str, event: str, at: str, subject: str, data: dict[str, Any]) -> None:
    """Queue the event for every webhook that wishes it: once, however often this runs."""
    _within(scope.enter_programme, lambda: spread(uuid.UUID(event_id), event, at, subject, data))


@jobs.queue.task(name="open_data.deliver")
def deliver(delivery_id: str, tenant_id: int) -> None:
    """One attempt."""

    def work() -> None:
        found = db.session.get(Delivery, uuid.UUID(delivery_id))
        if found is not None:
            sending.deliver(found)

    _within(lambda: scope.enter_city(tenant_id), work)


@jobs.every("open_data.deliver_again", "* * * * *")
def deliver_again() -> None:
    """What is due: after a failed attempt, or because its worker was lost."""
    due = select(Delivery).where(Delivery.state == QUEUED, Delivery.next_at <= now())
    with unit_of_work():
        for delivery in db.session.scalars(due.order_by(Delivery.next_at).limit(AT_ONCE)):
            service.hand_over(delivery)


@jobs.every("open_data.forget_deliveries", "37 18 * * *")
def forget_deliveries() -> None:
    with unit_of_work() as session:
        session.execute(delete(Delivery).where(Delivery.created_at < now() - service.KEPT))


def spread(event_id: uuid.UUID, event: str, at: str, subject: str, data: dict[str, Any]) -> None:
    wanted = select(Webhook).where(Webhook.enabled, Webhook.events.contains([event])).order_by(Webhook.id)
    with unit_of_work():
        for webhook in db.session.scalars(wanted):
            identity = uuid.uuid5(event_id, str(webhook.id))
            if db.session.get(Delivery, identity) is None:
                service.queue(webhook, identity, event, at, subject, data)


def _within(enter: Callable[[], None], work: Callable[[], None]) -> None:
    if jobs.application is None:
        raise RuntimeError("tasks run in the worker only")
    with jobs.application.app_context():
        enter()
        work()
