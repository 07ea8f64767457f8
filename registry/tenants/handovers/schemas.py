"""What the API takes and gives about handovers."""

from __future__ import annotations

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from registry.tenants.handovers import rules
from registry.tenants.schemas import ListQuery


class HandoverQuery(ListQuery):
    city = fields.String(
        load_default="", metadata={"description": "Of this city; without it everybody's, for maintainers."}
    )


class HandoverSide(Schema):
    city = fields.String(load_default="", metadata={"description": "Act for this city; without it as maintainer."})


class HandoverShown(Schema):
    """What the document says. ``sha256`` and ``size`` are those of the release's tar.gz."""

    id = fields.Integer()
    number = fields.String()
    code = fields.String()
    state = fields.String(validate=validate.OneOf(rules.STATES))
    city = fields.String()
    publisher = fields.String()
    app = fields.String()
    app_name = fields.String()
    release = fields.String()
    commit = fields.String()
    sha256 = fields.String()
    size = fields.Integer()
    licence = fields.String()
    archive = fields.String()
    pks_number = fields.String()
    handed_on = fields.Date()
    made_on = fields.Date()
    publisher_signatory = fields.String()
    publisher_signed_on = fields.Date(allow_none=True)
    partner_signatory = fields.String()
    partner_signed_on = fields.Date(allow_none=True)
    revoked_on = fields.Date(allow_none=True)
    reason = fields.String()
    verify = fields.String(metadata={"description": "The public page about this document."})


class HandoverList(Schema):
    items = fields.List(fields.Nested(HandoverShown))
    next = fields.Integer(allow_none=True)


class HandoverSignature(Schema):
    signatory = fields.String(required=True, metadata={"description": "The office, not the person."})
    signed_on = fields.Date(load_default=None)


class HandoverReason(Schema):
    reason = fields.String(required=True)


class HandoverScanFile(Schema):
    scan = Upload(required=True)


class HandoverScanShown(Schema):
    id = fields.Integer()
    side = fields.String()
    name = fields.String()
    media = fields.String()
    size = fields.Integer()
    digest = fields.String(metadata={"description": "SHA-256 of the file"})
    added_by = fields.String()
    added_at = fields.DateTime()


class HandoverScanList(Schema):
    items = fields.List(fields.Nested(HandoverScanShown))
