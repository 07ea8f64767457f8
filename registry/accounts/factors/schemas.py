"""What the API tells about second factors."""

from __future__ import annotations

from marshmallow import Schema, fields


class CodeAppShown(Schema):
    created_at = fields.AwareDateTime(format="iso")
    used_at = fields.AwareDateTime(format="iso", allow_none=True)


class PasskeyShown(Schema):
    id = fields.Integer()
    name = fields.String()
    created_at = fields.AwareDateTime(format="iso")
    used_at = fields.AwareDateTime(format="iso", allow_none=True)


class FactorsShown(Schema):
    """``code_app`` is null without one; recovery codes are only counted."""

    required = fields.Boolean()
    code_app = fields.Nested(CodeAppShown, allow_none=True)
    passkeys = fields.List(fields.Nested(PasskeyShown))
    recovery_codes_left = fields.Integer(attribute="codes_left")
