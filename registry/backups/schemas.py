"""What the API takes and gives about backups."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.backups import rules, service
from registry.core.paging import page_of


class BackupSchema(Schema):
    id = fields.Integer()
    state = fields.String(metadata={"description": "making, kept or failed"})
    reason = fields.String(metadata={"description": "scheduled, manual or before_removal"})
    message = fields.String(metadata={"description": "Why it failed."})
    bytes = fields.Integer()
    files = fields.Integer()
    revision = fields.Integer(attribute="revision.number", dump_default=None)
    version = fields.String(attribute="revision.version", dump_default=None)
    created_at = fields.DateTime()
    made_at = fields.DateTime(allow_none=True)
    drilled_at = fields.DateTime(allow_none=True)
    drilled_well = fields.Function(lambda backup: backup.drilled_well if backup.drilled_at else None)


def _kept(name: str) -> fields.Integer:
    most = validate.Range(min=int(name == "daily"), max=service.MOST[name])
    return fields.Integer(required=True, validate=most)


class PolicySchema(Schema):
    every = fields.String(required=True, validate=validate.OneOf([*rules.PERIODS, rules.OFF]))
    hour = fields.Integer(
        required=True, validate=validate.Range(0, 23), metadata={"description": "In the city's zone."}
    )
    daily = _kept("daily")
    weekly = _kept("weekly")
    monthly = _kept("monthly")
    drills = fields.Boolean(load_default=True)


class ConfirmSchema(Schema):
    confirm = fields.String(
        required=True, validate=validate.Length(max=100), metadata={"description": "The plugin's name."}
    )


class TrySchema(Schema):
    ref = fields.String(load_default="main", validate=validate.Length(min=1, max=200))


BackupPageSchema = page_of(BackupSchema)
