"""What the API takes and gives about a repository's door."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.core.paging import page_of
from registry.forge.serving.tokens import MAX_DAYS, MAX_NAME


class DeployTokenRequestSchema(Schema):
    """``write``: the token may push, too."""

    name = fields.String(required=True, validate=validate.Length(1, MAX_NAME))
    days = fields.Integer(load_default=90, strict=True, validate=validate.Range(1, MAX_DAYS))
    write = fields.Boolean(load_default=False)


class DeployTokenSchema(Schema):
    id = fields.Integer()
    name = fields.String()
    write = fields.Boolean()
    made_by = fields.String()
    created_at = fields.AwareDateTime(format="iso")
    expires_at = fields.AwareDateTime(format="iso")
    used_at = fields.AwareDateTime(format="iso", allow_none=True)


class NewDeployTokenSchema(DeployTokenSchema):
    """The only time the token itself is told."""

    token = fields.String()


class DeployTokensSchema(Schema):
    items = fields.List(fields.Nested(DeployTokenSchema))


class ProtectionSchema(Schema):
    """What a push may do to a fork. main is never deleted, whatever this says."""

    rewrite_main = fields.Boolean(required=True)
    move_release_tags = fields.Boolean(required=True)


class MovedRefSchema(Schema):
    """Forty zeros: it was not there before, or is not there now."""

    ref = fields.String()
    old = fields.String()
    new = fields.String()


class PushSchema(Schema):
    """One push, edit in the browser or sync. ``refs`` are the first of them, ``count`` is how many moved."""

    at = fields.AwareDateTime(format="iso")
    by = fields.String(attribute="actor")
    refs = fields.List(fields.Nested(MovedRefSchema), attribute="detail.refs")
    count = fields.Integer(attribute="detail.count")


PushPageSchema = page_of(PushSchema)
