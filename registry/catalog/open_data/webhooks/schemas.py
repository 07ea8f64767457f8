"""What the API takes and tells of webhooks."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.catalog.open_data.events import EVENTS
from registry.catalog.open_data.webhooks.service import MAX_NOTE
from registry.core.outgoing import MAX_URL
from registry.core.paging import page_of

EVENT, SOME = validate.OneOf(EVENTS), validate.Length(1, len(EVENTS))


class WebhookSchema(Schema):
    """``off_reason`` is ``person``, ``imported``, ``failing`` or ``gone`` while it is not enabled."""

    id = fields.Integer()
    url = fields.String()
    note = fields.String()
    events = fields.List(fields.String())
    enabled = fields.Boolean()
    off_reason = fields.String()
    failing_since = fields.AwareDateTime(allow_none=True)
    created_at = fields.AwareDateTime()


class SecretSchema(WebhookSchema):
    secret = fields.String(metadata={"description": "Told in this one answer, as Standard Webhooks writes it"})


class NewWebhookSchema(Schema):
    url = fields.String(required=True, validate=validate.Length(1, MAX_URL))
    events = fields.List(fields.String(validate=EVENT), required=True, validate=SOME)
    note = fields.String(load_default="", validate=validate.Length(max=MAX_NOTE))


class WebhookChangeSchema(Schema):
    """What is left out stays as it is."""

    events = fields.List(fields.String(validate=EVENT), validate=SOME)
    note = fields.String(validate=validate.Length(max=MAX_NOTE))
    enabled = fields.Boolean()


class DeliverySchema(Schema):
    """``status``, ``problem`` and ``took_ms`` are of the last attempt; ``id`` is sent as ``webhook-id: msg_{id}``
    without hyphens.
    """

    id = fields.UUID()
    event = fields.String()
    subject = fields.String()
    state = fields.String(validate=validate.OneOf(["queued", "delivered", "failed"]))
    attempts = fields.Integer()
    status = fields.Integer(allow_none=True)
    problem = fields.String()
    took_ms = fields.Integer(allow_none=True)
    created_at = fields.AwareDateTime()
    tried_at = fields.AwareDateTime(allow_none=True)
    next_at = fields.AwareDateTime(allow_none=True)


class WebhookListSchema(Schema):
    items = fields.List(fields.Nested(WebhookSchema))


DeliveryPageSchema = page_of(DeliverySchema)
