"""What the API takes and gives about connections and figures."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.connect import rules
from registry.core.paging import page_of

STATES = [rules.ASKED, rules.GIVEN, rules.REFUSED, rules.REVOKED]


class ConnectionSchema(Schema):
    plugin = fields.String()
    kind = fields.String(attribute="wish.kind", validate=validate.OneOf(rules.KINDS))
    name = fields.String(attribute="wish.name", metadata={"description": "app:capability, host:port, or empty"})
    state = fields.String(validate=validate.OneOf(STATES))
    wanted = fields.Boolean(metadata={"description": "Whether the serving revision still asks for it."})
    count = fields.Integer(metadata={"description": "Times it was used."})
    denied = fields.Integer(metadata={"description": "Times the plugin tried without permission."})
    used_at = fields.DateTime(allow_none=True)


class CallerSchema(Schema):
    plugin = fields.String()
    capability = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))


class ConnectionsSchema(Schema):
    asks = fields.List(fields.Nested(ConnectionSchema))
    callers = fields.List(fields.Nested(CallerSchema), metadata={"description": "Plugins of the city that ask it."})


class DecisionSchema(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(rules.KINDS))
    name = fields.String(load_default="", validate=validate.Length(max=300))
    given = fields.Boolean(required=True)


class KpiSchema(Schema):
    name = fields.String()
    value = fields.Float()
    unit = fields.String()
    at = fields.DateTime()
    label_id = fields.String()
    label_en = fields.String()


ConnectionPageSchema = page_of(ConnectionSchema)
KpiPageSchema = page_of(KpiSchema)
