"""What the API takes and gives about deployments and jobs."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.core.paging import PageQuery, page_of
from registry.hosting import upkeep


class JobSchema(Schema):
    id = fields.UUID()
    kind = fields.String()
    subject = fields.String()
    state = fields.String(validate=validate.OneOf(["queued", "running", "done", "failed"]))
    step = fields.String()
    percent = fields.Integer()
    message = fields.String()
    log = fields.String()
    created_at = fields.DateTime()
    updated_at = fields.DateTime()
    finished_at = fields.DateTime(allow_none=True)
    url = fields.URL(relative=True, metadata={"description": "Ask here again for its progress."})


class RevisionSchema(Schema):
    number = fields.Integer()
    version = fields.String()
    commit = fields.String()
    tree = fields.String(attribute="build.tree")
    limits = fields.Dict()
    has_snapshot = fields.Function(lambda revision: bool(revision.snapshot))
    created_at = fields.DateTime()


class DeploymentSchema(Schema):
    id = fields.String(metadata={"description": "{name}.{city}"})
    city = fields.String()
    app = fields.String()
    name = fields.String()
    url = fields.URL(require_tld=False)
    enabled = fields.Boolean()
    state = fields.String()
    state_message = fields.String()
    pinned = fields.Boolean(metadata={"description": "Always awake."})
    maintenance = fields.String(metadata={"description": "What citizens read while it is closed; empty when open."})
    follows = fields.Boolean(metadata={"description": "Whether the programme may upgrade it."})
    serving = fields.Nested(RevisionSchema, allow_none=True, metadata={"description": "What really serves."})
    config = fields.Dict(metadata={"description": "Secrets are only said to be set."})
    job = fields.Nested(JobSchema, allow_none=True, metadata={"description": "The change under way."})


class NewDeploymentSchema(Schema):
    city = fields.String(required=True, validate=validate.Length(max=40))
    app = fields.String(required=True, validate=validate.Length(max=40))
    name = fields.String(validate=validate.Length(max=40), metadata={"description": "The app's name when left out."})
    config = fields.Dict(load_default=dict)
    ref = fields.String(
        load_default="main",
        validate=validate.Length(min=1, max=200),
        metadata={"description": "A branch, commit or release tag of the fork."},
    )


class DeploymentChangeSchema(Schema):
    enabled = fields.Boolean()
    config = fields.Dict()
    pinned = fields.Boolean()
    maintenance = fields.String(
        validate=validate.Length(max=upkeep.MOST_WORDS), metadata={"description": "Empty opens it again."}
    )
    follows = fields.Boolean()


class UpgradeSchema(Schema):
    ref = fields.String(load_default="main", validate=validate.Length(min=1, max=200))


class RollbackSchema(Schema):
    revision = fields.Integer(required=True, validate=validate.Range(min=1))
    with_data = fields.Boolean(load_default=False)


class LogQuerySchema(Schema):
    lines = fields.Integer(load_default=200, validate=validate.Range(min=1, max=1000))


class LogSchema(Schema):
    lines = fields.List(fields.String())


class NoticeSchema(Schema):
    """``newest`` is the release to go to, ``successor`` the app to move to; each "" without one."""

    kind = fields.String(metadata={"description": "withdrawn: the release that serves; retired: the whole app"})
    plugin = fields.String(metadata={"description": "As in lapor.bontang"})
    app = fields.String()
    version = fields.String()
    reason = fields.String()
    newest = fields.String()
    successor = fields.String()
    advice = fields.String(metadata={"description": "What to do, in the caller's language"})


class CityQuerySchema(PageQuery):
    city = fields.String(required=True, validate=validate.Length(max=40))


DeploymentPageSchema = page_of(DeploymentSchema)
RevisionPageSchema = page_of(RevisionSchema)
NoticePageSchema = page_of(NoticeSchema)
