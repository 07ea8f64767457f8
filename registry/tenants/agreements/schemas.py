"""What the API takes and gives about agreements."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.tenants.schemas import ListQuery


class AgreementQuery(ListQuery):
    city = fields.String(load_default="", validate=validate.Length(max=40))


class Side(Schema):
    """With ``city`` one acts for that city, without for the publisher."""

    city = fields.String(load_default="", validate=validate.Length(max=40))


class AgreementShown(Schema):
    id = fields.Integer()
    city = fields.String()
    kind = fields.String(validate=validate.OneOf(["memorandum", "pks"]))
    number = fields.String()
    state = fields.String(metadata={"description": "What it is worth today"})
    starts_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)
    publisher_signatory = fields.String()
    publisher_signed_on = fields.Date(allow_none=True)
    partner_signatory = fields.String()
    partner_signed_on = fields.Date(allow_none=True)
    allows_variants = fields.Boolean()
    reason = fields.String()


class AgreementList(Schema):
    items = fields.List(fields.Nested(AgreementShown))
    next = fields.Integer(allow_none=True)


class Signature(Schema):
    signatory = fields.String(required=True, validate=validate.Length(3, 120))
    signed_on = fields.Date(load_default=None, allow_none=True)


class Proposal(Schema):
    """Last changes to the draft; what is left out stays as it is."""

    number = fields.String(validate=validate.Length(1, 80))
    starts_on = fields.Date()
    ends_on = fields.Date()
    allows_variants = fields.Boolean()
