"""What the API takes and gives about cities."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class ListQuery(Schema):
    """``after`` is the ``next`` of the answer before."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    after = fields.Integer(load_default=0, validate=validate.Range(0))


class CityShown(Schema):
    code = fields.String(metadata={"description": "Kemendagri, like 64.74"})
    slug = fields.String()
    name = fields.String()
    province = fields.String()
    timezone = fields.String()
    color = fields.String()
    publisher = fields.Boolean()
    demo = fields.Boolean()


class CityList(Schema):
    items = fields.List(fields.Nested(CityShown))
    next = fields.Integer(allow_none=True)
