"""A city's webhooks and what was sent to them. The session is in the city's scope or the programme's."""

from __future__ import annotations

import json
import secrets as random
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from registry.catalog.open_data.events import EVENTS, PING
from registry.catalog.open_data.webhooks import rules, words
from registry.catalog.open_data.webhooks.models import QUEUED, Delivery, Webhook
from registry.config import Settings
from registry.core import audit, jobs
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError
from registry.core.outgoing import UnreachableError, addresses_of, read_url
from registry.core.secrets import Vault, open_vault
from registry.tenants.models import City

MAX_WEBHOOKS = 10
MAX_NOTE = 120
LEASE = timedelta(minutes=10)
"""A message handed to the worker is handed over again when nothing was heard for this long."""

KEPT = timedelta(days=30)
"""How long deliveries are seen."""

LANES = 2
"""Of the worker's places, how many slow receivers can hold at most."""


def webhooks_of(city: City) -> list[Webhook]:
    return list(db.session.scalars(select(Webhook).where(Webhook.tenant_id == city.id).order_by(Webhook.id)))


def get_webhook(city: City, webhook_id: int) -> Webhook:
    """Raises NotFoundError."""
    wanted = select(Webhook).where(Webhook.tenant_id == city.id, Webhook.id == webhook_id)
    found = db.session.scalar(wanted) if webhook_id < 2**63 else None
    if found is None:
        raise NotFoundError(_("There is no such webhook."))
    return found


def register(city: City, url: str, events: Sequence[str], note: str = "") -> tuple[Webhook, str]:
    """A new webhook and its secret, which nobody can read again. Raises InvalidError, ConflictError."""
    _check(url, events, note)
    kept = webhooks_of(city)
    _require_room(kept)
    if any(one.url == url for one in kept):
        message = _("This address is registered already: change its events instead.")
        raise ConflictError(message, [Finding("url", message)])
    secret = _new_secret()
    webhook = Webhook(
        tenant_id=city.id, url=url, note=note.strip(), events=_in_order(events), secret=_vault().seal(secret)
    )
    db.session.add(webhook)
    db.session.flush()
    audit.record("webhook.add", url, city.id, events=webhook.events)
    return webhook, secret


def take_in(city: City, url: str, events: Sequence[str], note: str, secret: str = "") -> None:
    """One from another installation, off until an admin switches it on; one of this address that is here stays.

    Without ``secret`` it gets one nobody knows, to be renewed. Raises InvalidError, ConflictError.
    """
    _check(url, events, note, resolves=False)
    target = read_url(url, inner_hosts())
    problem = target if isinstance(target, str) else "" if not secret or rules.is_secret(secret) else "secret"
    if problem:
        raise InvalidError(words.problem(problem))
    kept = webhooks_of(city)
    if any(one.url == url for one in kept):
        return
    _require_room(kept)
    webhook = Webhook(
        tenant_id=city.id, url=url, note=note.strip(), events=_in_order(events), enabled=False, off_reason="imported",
        secret=_vault().seal(secret or _new_secret()),
    )  # fmt: skip
    db.session.add(webhook)
    db.session.flush()
    audit.record("webhook.add", url, city.id, events=webhook.events, imported=True)


def change(webhook: Webhook, events: Sequence[str], note: str) -> None:
    """Raises InvalidError."""
    _check(webhook.url, events, note, resolves=False)
    webhook.events, webhook.note = _in_order(events), note.strip()
    audit.record("webhook.change", webhook.url, webhook.tenant_id, events=webhook.events)


def set_enabled(webhook: Webhook, enabled: bool) -> None:
    """Switch off, which gives up what waits, or on again with a clean record."""
    webhook.enabled, webhook.off_reason = enabled, "" if enabled else "person"
    webhook.failing_since = None
    audit.record("webhook.on" if enabled else "webhook.off", webhook.url, webhook.tenant_id)


def renew_secret(webhook: Webhook) -> str:
    """A new secret, told once; the former one signs, too, for a day, so that the receiver can change in peace."""
    secret = _new_secret()
    webhook.former_secret, webhook.former_until = webhook.secret, now() + rules.OVERLAP
    webhook.secret = _vault().seal(secret)
    audit.record("webhook.secret", webhook.url, webhook.tenant_id)
    return secret


def remove(webhook: Webhook) -> None:
    """With all its deliveries."""
    audit.record("webhook.remove", webhook.url, webhook.tenant_id)
    db.session.delete(webhook)


def secrets_of(webhook: Webhook) -> list[str]:
    """Those that sign now, the newest first."""
    vault, known = _vault(), [webhook.secret]
    if webhook.former_secret and webhook.former_until and webhook.former_until > now():
        known.append(webhook.former_secret)
    return [vault.open(sealed) for sealed in known]


def queue(
    webhook: Webhook, identity: uuid.UUID, event: str, at: str, subject: str, data: Mapping[str, Any]
) -> Delivery:
    """A message to one webhook, on its way when the open unit of work commits. ``at`` is ISO 8601."""
    body = json.dumps({"type": event, "timestamp": at, "data": data}, ensure_ascii=False, separators=(",", ":"))
    delivery = Delivery(
        id=identity, tenant_id=webhook.tenant_id, webhook_id=webhook.id, event=event, subject=subject, body=body
    )
    db.session.add(delivery)
    hand_over(delivery)
    return delivery


def ping(webhook: Webhook) -> Delivery:
    """A harmless message to try the receiver. Raises ConflictError while the webhook is off."""
    _require_enabled(webhook)
    return queue(webhook, uuid.uuid4(), PING, now().isoformat(), "", {"note": "Lumbung says hello."})


def redeliver(delivery: Delivery) -> None:
    """Send it again from the first attempt on, under the same id. Raises ConflictError while the webhook is off."""
    _require_enabled(delivery.webhook)
    delivery.attempts = 0
    hand_over(delivery)


def hand_over(delivery: Delivery) -> None:
    """To the worker, when the open unit of work commits."""
    delivery.state, delivery.next_at = QUEUED, now() + LEASE
    db.session.flush()
    lane = f"webhooks-{delivery.webhook_id % LANES}"
    jobs.defer("open_data.deliver", lane, delivery_id=str(delivery.id), tenant_id=delivery.tenant_id)


def deliveries_of(webhook: Webhook, limit: int = 50) -> list[Delivery]:
    """Newest first."""
    wanted = select(Delivery).where(Delivery.tenant_id == webhook.tenant_id, Delivery.webhook_id == webhook.id)
    return list(db.session.scalars(wanted.order_by(Delivery.created_at.desc(), Delivery.id).limit(limit)))


def get_delivery(webhook: Webhook, delivery_id: str) -> Delivery:
    """Raises NotFoundError."""
    try:
        key = uuid.UUID(delivery_id)
    except ValueError:
        key = uuid.UUID(int=0)
    wanted = select(Delivery).where(Delivery.tenant_id == webhook.tenant_id, Delivery.id == key)
    found = db.session.scalar(wanted.where(Delivery.webhook_id == webhook.id))
    if found is None:
        raise NotFoundError(_("There is no such delivery: they are kept for %(n)d days.", n=KEPT.days))
    return found


def inner_hosts() -> tuple[str, ...]:
    settings: Settings = current_app.extensions["lumbung"]
    return settings.webhook_hosts


def _check(url: str, events: Sequence[str], note: str, resolves: bool = True) -> None:
    if not events or not set(events) <= set(EVENTS):
        message = _("Choose at least one event: %(events)s.", events=", ".join(EVENTS))
        raise InvalidError(message, [Finding("events", message)])
    if len(note) > MAX_NOTE:
        message = _("The note has at most %(n)d letters.", n=MAX_NOTE)
        raise InvalidError(message, [Finding("note", message)])
    if not resolves:
        return
    target = read_url(url, inner_hosts())
    try:
        problem = target if isinstance(target, str) else (addresses_of(target, inner_hosts()) and "")
    except UnreachableError as error:
        problem = error.code
    if problem:
        message = words.problem(problem)
        raise InvalidError(message, [Finding("url", message)])


def _require_room(kept: Sequence[Webhook]) -> None:
    if len(kept) >= MAX_WEBHOOKS:
        raise ConflictError(_("A city has at most %(n)d webhooks: remove one first.", n=MAX_WEBHOOKS))


def _require_enabled(webhook: Webhook) -> None:
    if not webhook.enabled:
        raise ConflictError(_("This webhook is switched off: switch it on first."))


def _in_order(events: Sequence[str]) -> list[str]:
    return [event for event in EVENTS if event in events]


def _new_secret() -> str:
    return rules.secret_text(random.token_bytes(rules.SECRET_BYTES))


def _vault() -> Vault:
    settings: Settings = current_app.extensions["lumbung"]
    return open_vault(settings.secrets)
