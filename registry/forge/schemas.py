"""What ``/api/v1/forks`` and publishing take and give."""

from __future__ import annotations

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from registry.core.paging import PageQuery, page_of


class NewForkSchema(Schema):
    """``city`` may be left out by a person who is admin of exactly one."""

    app = fields.String(required=True, validate=validate.Length(1, 60))
    city = fields.String(load_default="", validate=validate.Length(max=60))


class ForksQuerySchema(PageQuery):
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
    follows = fields.String(allow_none=True, metadata={"description": "releases or main: what ahead and behind count"})
    own_files = fields.Integer(allow_none=True, metadata={"description": "Files the city changed, its nameplate aside"})


class ArchiveSchema(Schema):
    archive = Upload(required=True)


class ImportSchema(Schema):
    url = fields.String(required=True, validate=validate.Length(1, 500))


class PushedSchema(Schema):
    ref = fields.String(load_default="main", validate=validate.Length(1, 200))


class QueuedSchema(Schema):
    job = fields.UUID(metadata={"description": "Watch it at /api/v1/jobs/{job}."})


class PlaceSchema(Schema):
    path = fields.String()
    line = fields.Integer(allow_none=True)
    what = fields.String()


class CheckSchema(Schema):
    """One point of the checklist before a release, in the caller's language."""

    code = fields.String()
    state = fields.String(metadata={"description": "ok, warn (may be released so) or missing (may not)"})
    title = fields.String()
    why = fields.String()
    todo = fields.String()
    places = fields.List(fields.Nested(PlaceSchema))


class LookSchema(Schema):
    """What a bundle would be released as. ``commit`` is "" for an archive."""

    version = fields.String()
    commit = fields.String()
    may_release = fields.Boolean()
    changes = fields.String(metadata={"description": "What the change log says of this version, as Markdown"})
    findings = fields.List(fields.String())
    checks = fields.List(fields.Nested(CheckSchema))


class PublicationSchema(Schema):
    app = fields.String()
    version = fields.String()
    commit = fields.String()
    sha256 = fields.String(metadata={"description": "Of the tar.gz."})
    new = fields.Boolean(metadata={"description": "False when this very release was published before."})
    warnings = fields.List(fields.String())
    checks = fields.List(fields.Nested(CheckSchema))


ForkPageSchema = page_of(ForkSchema)
