"""One attempt to deliver one message, and what follows from it. Runs in the worker."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from flask_babel import gettext as _

from registry.accounts.notices.service import Notice
from registry.catalog.open_data.webhooks import rules, service
from registry.catalog.open_data.webhooks.models import DELIVERED, FAILED, QUEUED, Delivery, Webhook
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.outgoing import UnreachableError, post
from registry.core.uow import unit_of_work
from registry.tenants.answering import tell_city
from registry.tenants.models import City

AGENT = "Lumbung-Webhooks/1"


@dataclass(frozen=True)
class Outcome:
    """``problem`` is "" when it arrived; ``status`` is None when nobody answered."""

    problem: str
    status: int | None
    took_ms: int


def deliver(delivery: Delivery) -> None:
    """Send it, unless it was done meanwhile; to be called outside of a unit of work."""
    if delivery.state != QUEUED:
        return
    webhook = delivery.webhook
    if not webhook.enabled:
        with unit_of_work():
            delivery.state, delivery.problem, delivery.next_at = FAILED, "off", None
        return
    key, outcome = delivery.id, attempt(webhook, delivery)
    with unit_of_work() as session:
        kept = session.get(Delivery, key)
        if kept is not None:  # the webhook may have been removed meanwhile
            note(kept.webhook, kept, outcome)


def attempt(webhook: Webhook, delivery: Delivery) -> Outcome:
    """The request itself: no transaction is held open meanwhile."""
    identity, body, timestamp = f"msg_{delivery.id.hex}", delivery.body.encode(), int(now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "webhook-id": identity,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": rules.signature(service.secrets_of(webhook), identity, timestamp, body),
    }
    url = webhook.url
    db.session.rollback()
    began = perf_counter()
    try:
        status: int | None = post(url, body, headers, service.inner_hosts()).status
        problem = rules.problem_of(status or 0)
    except UnreachableError as error:
        status, problem = None, error.code
    return Outcome(problem, status, round((perf_counter() - began) * 1000))


def note(webhook: Webhook, delivery: Delivery, outcome: Outcome) -> None:
    """Write down what came of it; after a failure try again later, give the message up, or the whole webhook."""
    delivery.attempts += 1
    delivery.tried_at, delivery.took_ms = now(), outcome.took_ms
    delivery.problem, delivery.status = outcome.problem, outcome.status
    if not outcome.problem:
        delivery.state, delivery.next_at, webhook.failing_since = DELIVERED, None, None
        return
    webhook.failing_since = webhook.failing_since or now()
    delivery.next_at = rules.next_attempt(delivery.attempts, now())
    if outcome.status == rules.GONE:
        _switch_off(webhook, "gone")
    elif rules.gives_up(webhook.failing_since, now()):
        _switch_off(webhook, "failing")
    if delivery.next_at is None or not webhook.enabled:
        delivery.state, delivery.next_at = FAILED, None


def _switch_off(webhook: Webhook, reason: str) -> None:
    if not webhook.enabled:
        return
    webhook.enabled, webhook.off_reason = False, reason
    audit.record("webhook.off", webhook.url, webhook.tenant_id, reason=reason)
    city = db.session.get_one(City, webhook.tenant_id)
    tell_city(city, lambda: _notice(webhook, city))


def _notice(webhook: Webhook, city: City) -> Notice:
    text = _(
        "Nothing could be delivered to %(url)s for too long, so nothing more is sent there. Mend the receiver, "
        "then switch the webhook on again and send what was given up once more.",
        url=webhook.url,
    )
    place = f"/console/{city.slug}/webhooks/{webhook.id}"
    return Notice("webhook.off", _("A webhook is switched off"), [text], place, _("Open the webhook"), city.id)
