"""What the API tells about sessions."""

from __future__ import annotations

from marshmallow import Schema, fields


class BrowserSessionShown(Schema):
    """``network`` is the address without its last part; ``second_factor`` whether one was shown."""

    id = fields.Integer()
    browser = fields.String()
    system = fields.String()
    network = fields.String()
    second_factor = fields.Boolean(attribute="strong")
    signed_in_at = fields.AwareDateTime(format="iso")
    seen_at = fields.AwareDateTime(format="iso")


class BrowserSessionList(Schema):
    items = fields.List(fields.Nested(BrowserSessionShown))
