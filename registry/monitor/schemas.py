"""What the API takes and gives about figures, logs and alerts."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.core.paging import PageQuery, page_of
from registry.monitor.logfile import LEVELS
from registry.monitor.reading import DEFAULT_SPAN, SPANS


class FiguresQuerySchema(Schema):
    range = fields.String(load_default=DEFAULT_SPAN, validate=validate.OneOf(list(SPANS)))


class StepSchema(Schema):
    at = fields.DateTime(metadata={"description": "When the step began."})
    requests = fields.Integer()
    errors = fields.Integer(metadata={"description": "Answers of 500 and above."})
    p50 = fields.Float(allow_none=True, metadata={"description": "Seconds; null without requests."})
    p95 = fields.Float(allow_none=True)
    memory = fields.Integer(allow_none=True, metadata={"description": "Bytes at most; null while asleep."})
    cpu = fields.Float(metadata={"description": "Processors, on average over the step."})
    disk = fields.Integer(allow_none=True, metadata={"description": "Bytes of data in the end."})
    files = fields.Integer(allow_none=True)
    wakes = fields.Integer()
    starts_ms = fields.Integer(metadata={"description": "The slowest wake, in milliseconds."})


class RangeSchema(Schema):
    range = fields.String(attribute="span.word")
    step_seconds = fields.Function(lambda shown: int(shown.span.step.total_seconds()))
    whole = fields.Nested(StepSchema)
    steps = fields.List(fields.Nested(StepSchema))


class LogSearchSchema(Schema):
    q = fields.String(load_default="", validate=validate.Length(max=100))
    level = fields.String(load_default="", validate=validate.OneOf(LEVELS))
    since = fields.String(load_default="", validate=validate.Length(max=50), metadata={"description": "An older place"})


class LogPageSchema(Schema):
    lines = fields.List(fields.String())
    place = fields.String(metadata={"description": "Give it as `since` to read only what comes after."})
    more = fields.Boolean(metadata={"description": "Older lines were left out."})


class AlertQuerySchema(PageQuery):
    city = fields.String(required=True, validate=validate.Length(max=40))


class AlertSchema(Schema):
    id = fields.Integer()
    plugin = fields.String(metadata={"description": "Empty when it is not about one plugin."})
    kind = fields.String()
    message = fields.String()
    since = fields.DateTime()
    until = fields.DateTime(allow_none=True)
    seen_at = fields.DateTime(allow_none=True)


AlertPageSchema = page_of(AlertSchema)


class UndeliveredSchema(Schema):
    recipient = fields.String(metadata={"description": "Only the first letter of its name"})
    at = fields.AwareDateTime(format="iso")
    code = fields.Integer(allow_none=True, metadata={"description": "The mail server's; null when none ever answered"})
    reason = fields.String()


class UndeliveredListSchema(Schema):
    items = fields.List(fields.Nested(UndeliveredSchema))
