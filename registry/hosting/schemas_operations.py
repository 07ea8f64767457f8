"""What the API takes and gives about tasks, addresses, differences and waves."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.core.paging import page_of
from registry.hosting import wave_rules
from registry.hosting.schemas import JobSchema


class RunSchema(Schema):
    id = fields.Integer()
    state = fields.String(validate=validate.OneOf(["pending", "running", "done", "failed"]))
    exit = fields.Function(lambda run: run.result.get("exit"), metadata={"description": "0 is well"})
    seconds = fields.Function(lambda run: run.result.get("seconds"))
    tail = fields.Function(lambda run: run.result.get("tail") or [], metadata={"description": "Last lines it wrote"})
    message = fields.String()
    started_by = fields.Function(lambda run: run.argument.get("by", ""), metadata={"description": "Empty: the clock"})
    created_at = fields.DateTime()
    finished_at = fields.DateTime(allow_none=True)


class TaskSchema(Schema):
    name = fields.String(attribute="task.name")
    call = fields.String(attribute="task.call")
    cron = fields.String(attribute="task.cron", metadata={"description": "Five fields, in the city's zone"})
    paused = fields.Boolean()
    next_at = fields.DateTime(allow_none=True, metadata={"description": "Null while nothing starts it by the clock"})
    runs = fields.List(fields.Nested(RunSchema), metadata={"description": "Newest first"})


class TasksSchema(Schema):
    items = fields.List(fields.Nested(TaskSchema))


class TaskChangeSchema(Schema):
    paused = fields.Boolean(required=True)


class DomainSchema(Schema):
    hostname = fields.String()
    state = fields.String(validate=validate.OneOf(["waiting", "verified", "lost"]))
    txt_name = fields.String(metadata={"description": "Name of the TXT record that proves it"})
    txt_value = fields.String()
    cname = fields.String(metadata={"description": "Where the name's CNAME record has to point"})
    message = fields.String()
    verified_at = fields.DateTime(allow_none=True)
    checked_at = fields.DateTime(allow_none=True)


class DomainsSchema(Schema):
    items = fields.List(fields.Nested(DomainSchema))


class NewDomainSchema(Schema):
    hostname = fields.String(required=True, validate=validate.Length(min=1, max=255))


class CompareQuerySchema(Schema):
    to = fields.Integer(required=True, validate=validate.Range(min=1))


class CommitSchema(Schema):
    id = fields.String()
    subject = fields.String()
    author = fields.String()
    when = fields.DateTime()


class FileSchema(Schema):
    path = fields.String()
    added = fields.Integer(allow_none=True, metadata={"description": "Lines; null for what is no text"})
    removed = fields.Integer(allow_none=True)


class ChangeSchema(Schema):
    name = fields.String()
    before = fields.String(allow_none=True, metadata={"description": "Null: not set, or a secret"})
    after = fields.String(allow_none=True)
    secret = fields.Boolean()


class DifferenceSchema(Schema):
    earlier = fields.Integer(attribute="earlier.number")
    later = fields.Integer(attribute="later.number")
    known = fields.Boolean(metadata={"description": "Whether the repository still has both commits"})
    commits = fields.List(fields.Nested(CommitSchema))
    undone = fields.List(fields.Nested(CommitSchema), metadata={"description": "In the earlier, not in the later"})
    files = fields.List(fields.Nested(FileSchema))
    file_count = fields.Integer()
    settings = fields.List(fields.Nested(ChangeSchema))
    limits = fields.List(fields.Nested(ChangeSchema))


class MemberSchema(Schema):
    city = fields.String()
    deployment = fields.String()
    step = fields.Integer(metadata={"description": "0: the canaries"})
    state = fields.String(validate=validate.OneOf(["waiting", "running", "done", "failed", "skipped"]))
    message = fields.String()
    from_version = fields.String()


class WaveSchema(Schema):
    id = fields.Integer()
    app = fields.String(attribute="app.slug")
    state = fields.String(validate=validate.OneOf(["running", "stopped", "done", "aborted"]))
    step = fields.Integer()
    canary = fields.Integer()
    size = fields.Integer()
    pause_minutes = fields.Integer()
    tolerated = fields.Integer()
    created_at = fields.DateTime()
    finished_at = fields.DateTime(allow_none=True)


class WaveWithMembersSchema(WaveSchema):
    members = fields.List(fields.Nested(MemberSchema))


class NewWaveSchema(Schema):
    app = fields.String(required=True, validate=validate.Length(min=1, max=40))
    canary = fields.Integer(load_default=1, validate=validate.Range(1, wave_rules.MAX_CANARY))
    size = fields.Integer(load_default=5, validate=validate.Range(1, wave_rules.MAX_SIZE))
    pause_minutes = fields.Integer(load_default=30, validate=validate.Range(0, wave_rules.MAX_PAUSE_MINUTES))
    tolerated = fields.Integer(load_default=0, validate=validate.Range(0, wave_rules.MAX_TOLERATED))


WavePageSchema = page_of(WaveSchema)
JobPageSchema = page_of(JobSchema)
