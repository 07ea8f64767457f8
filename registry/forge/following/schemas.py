"""What ``/api/v1/forks/{city}/{app}/upstream`` takes and gives."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.core.paging import PageQuery, page_of
from registry.forge.following import rules
from registry.forge.following.followers import STATES
from registry.forge.following.models import MAIN, RELEASES


class FollowSettingsSchema(Schema):
    follows = fields.String(
        attribute="channel", required=True, validate=validate.OneOf([RELEASES, MAIN]),
        metadata={"description": "What the fork is compared with and brought up to"},
    )  # fmt: skip
    auto = fields.Boolean(
        load_default=False, metadata={"description": "Take a release by itself while the city has changed nothing"}
    )


class ConflictSchema(Schema):
    path = fields.String()
    kind = fields.String(
        metadata={"description": "text, added, gone-here, gone-there, renamed, place, binary, mode or sort"}
    )
    paths = fields.List(fields.String())
    may_edit = fields.Boolean()
    decided = fields.String(metadata={"description": "ours, theirs, edited, or empty while it is open"})


class TouchedSchema(Schema):
    path = fields.String()
    status = fields.String(metadata={"description": "A added, M changed, D deleted, T of another kind"})
    near = fields.Boolean(metadata={"description": "The city changed this file, too"})


class NewReleaseSchema(Schema):
    version = fields.String(attribute="release.version")
    published_at = fields.DateTime(attribute="release.published_at")
    changes = fields.String(metadata={"description": "Markdown"})
    security = fields.String(attribute="advice", allow_none=True, metadata={"description": "Null: it closes no hole"})


class DifferencePointSchema(Schema):
    code = fields.String()
    names = fields.List(fields.String())


class UpstreamSchema(Schema):
    """How a fork stands to what it follows, and what bringing that in would do."""

    way = fields.String(metadata={"description": "current, forward, renew, merge, conflicts or unrelated"})
    head = fields.String()
    target = fields.String()
    label = fields.String(metadata={"description": "The target as people call it: a version, or main"})
    ahead = fields.Integer()
    behind = fields.Integer()
    own = fields.List(fields.String(), metadata={"description": "Files the city changed, its nameplate aside"})
    files = fields.List(fields.Nested(TouchedSchema))
    conflicts = fields.List(fields.Nested(ConflictSchema))
    tidy = fields.Boolean(metadata={"description": "It has the original's content and only a longer history"})
    releases = fields.List(fields.Nested(NewReleaseSchema))
    differences = fields.List(fields.Nested(DifferencePointSchema))
    migrate = fields.String()
    migrations = fields.List(fields.String())
    under_way = fields.Boolean()
    stale = fields.Boolean(metadata={"description": "What is under way was begun from another state"})


class BeginSyncSchema(Schema):
    """``head`` and ``target`` as they were read: when either moved since, nothing is done."""

    act = fields.String(
        load_default="", validate=validate.OneOf(["", rules.DISCARD, rules.TIDY]),
        metadata={"description": "discard gives up the own changes, tidy shortens a history without any"},
    )  # fmt: skip
    head = fields.String(load_default="", validate=validate.Length(max=64))
    target = fields.String(load_default="", validate=validate.Length(max=64))
    confirm = fields.String(
        load_default="", validate=validate.Length(max=80), metadata={"description": "To discard: the app's short name"}
    )


class SyncSchema(Schema):
    state = fields.String(metadata={"description": "open, moving, done or stopped"})
    way = fields.String()
    ours = fields.String()
    theirs = fields.String()
    label = fields.String()
    safety = fields.String(metadata={"description": "The branch that keeps what main was before"})
    job = fields.UUID(attribute="job_id", allow_none=True, metadata={"description": "Watch it at /api/v1/jobs/{job}."})


class ResolutionSchema(Schema):
    path = fields.String(required=True, validate=validate.Length(1, 4_000))
    side = fields.String(required=True, validate=validate.OneOf(rules.SIDES))
    content = fields.String(load_default="", validate=validate.Length(max=rules.MAX_EDITED))


class ResolutionsSchema(Schema):
    items = fields.List(fields.Nested(ResolutionSchema), required=True, validate=validate.Length(1, 400))


class ConflictsSchema(Schema):
    items = fields.List(fields.Nested(ConflictSchema))


class RenewedSchema(Schema):
    gone = fields.List(fields.String(), metadata={"description": "Files to be decided again"})


class FollowersQuerySchema(PageQuery):
    state = fields.String(load_default=STATES[0], validate=validate.OneOf(STATES))


class FollowerSchema(Schema):
    city = fields.String()
    name = fields.String()
    version = fields.String()
    ahead = fields.Integer(attribute="distance.ahead")
    behind = fields.Integer(attribute="distance.behind")
    auto = fields.Boolean()
    unsafe = fields.String(metadata={"description": "The release that closes a hole this fork still has, or empty"})
    told_at = fields.DateTime(allow_none=True)
    mailed_at = fields.DateTime(allow_none=True)


FollowerPageSchema = page_of(FollowerSchema)


class SecurityMarkSchema(Schema):
    advice = fields.String(required=True, validate=validate.Length(1, 2_000))
