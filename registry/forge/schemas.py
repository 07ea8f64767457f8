"""What ``/api/v1/forks`` takes and gives."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class NewForkSchema(Schema):
    """``city`` may be left out by a person who is admin of exactly one."""

    app = fields.String(required=True, validate=validate.Length(1, 60))
    city = fields.String(load_default="", validate=validate.Length(max=60))


class ForksQuerySchema(Schema):
    city = fields.String(load_default="", validate=validate.Length(max=60))


class ForkSchema(Schema):
    city = fields.String()
    app = fields.String()
    clone_url = fields.Url()
    upstream_url = fields.Url()
    base_version = fields.String()
    created_at = fields.DateTime()
    ahead = fields.Integer(allow_none=True)
    behind = fields.Integer(allow_none=True)
