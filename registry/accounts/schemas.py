"""What the API takes and gives about tokens."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.accounts.scopes import EVERYTHING, SCOPES
from registry.accounts.tokens import MAX_TOKEN_DAYS


class TokenRequest(Schema):
    name = fields.String(load_default="api", validate=validate.Length(1, 80))
    days = fields.Integer(load_default=90, strict=True, validate=validate.Range(1, MAX_TOKEN_DAYS))
    scopes = fields.List(
        fields.String(validate=validate.OneOf(list(SCOPES))), load_default=lambda: [EVERYTHING],
        validate=validate.Length(1, len(SCOPES)), metadata={"description": "What it may be used for."},
    )  # fmt: skip


class SignOutRequest(Schema):
    tokens = fields.Boolean(load_default=False)


class NewToken(Schema):
    """The only time the token itself is told."""

    id = fields.Integer()
    name = fields.String()
    token = fields.String()
    scopes = fields.List(fields.String())
    expires_at = fields.AwareDateTime(format="iso")


class TokenShown(Schema):
    id = fields.Integer()
    name = fields.String()
    scopes = fields.List(fields.String())
    created_at = fields.AwareDateTime(format="iso")
    expires_at = fields.AwareDateTime(format="iso")
    used_at = fields.AwareDateTime(format="iso", allow_none=True)


class TokenList(Schema):
    items = fields.List(fields.Nested(TokenShown))
