"""What the API gives of the audit log."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.core.paging import PageQuery, page_of


class AuditQuerySchema(PageQuery):
    q = fields.String(load_default="", validate=validate.Length(max=80), metadata={"description": "In who, act, what"})
    since = fields.Date(load_default=None, allow_none=True, data_key="from")
    until = fields.Date(load_default=None, allow_none=True, data_key="to")


class AuditEntrySchema(Schema):
    id = fields.Integer()
    at = fields.DateTime()
    actor = fields.String()
    action = fields.String(metadata={"description": "A stable code, as `deployment.off`"})
    subject = fields.String()
    detail = fields.Dict()


AuditPageSchema = page_of(AuditEntrySchema)


class AuditHeadSchema(Schema):
    """Keep it: a later log must still hold this line."""

    number = fields.Integer()
    chain = fields.String(metadata={"description": "SHA-256 in hex, over this line and all before"})
