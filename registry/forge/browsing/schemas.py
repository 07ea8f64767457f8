"""What the API of repositories takes and gives."""

from __future__ import annotations

import os
from typing import Any

from marshmallow import Schema, fields, validate

from registry.core.paging import PageQuery, page_of
from registry.forge.browsing import rules

REF = validate.Length(max=200)
PATH = validate.Length(max=1_000)
DEFAULT = "A branch, tag or whole commit id; a fork's main, an upstream's newest release when empty"


class Name(fields.String):
    """A name as git keeps it; bytes that are no UTF-8 become U+FFFD, for not every reader of JSON takes them."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> str:
        return os.fsencode(value or "").decode("utf-8", "replace")


class RefQuerySchema(Schema):
    ref = fields.String(load_default="", validate=REF, metadata={"description": DEFAULT})


class SourceRefsQuerySchema(PageQuery):
    kind = fields.String(load_default="branch", validate=validate.OneOf(["branch", "tag"]))


class SourceCommitsQuerySchema(PageQuery, RefQuerySchema):
    path = fields.String(load_default="", validate=PATH, metadata={"description": "Only commits that changed it"})


class SourceTreeQuerySchema(PageQuery, RefQuerySchema):
    path = fields.String(load_default="", validate=PATH)


class SourcePathQuerySchema(RefQuerySchema):
    path = fields.String(required=True, validate=validate.Length(1, 1_000))


class SourceBlameQuerySchema(SourcePathQuerySchema):
    first = fields.Integer(load_default=1, validate=validate.Range(1, 10_000_000))


class SourceCompareQuerySchema(Schema):
    base = fields.String(required=True, validate=validate.Length(1, 200))
    head = fields.String(required=True, validate=validate.Length(1, 200))


class SourceSearchQuerySchema(RefQuerySchema):
    q = fields.String(required=True, validate=validate.Length(1, rules.MAX_QUERY))
    path = fields.String(load_default="", validate=validate.Length(max=200))
    pattern = fields.Boolean(load_default=False, metadata={"description": "POSIX extended regular expression"})
    exact_case = fields.Boolean(load_default=False)


class SourceArchiveQuerySchema(RefQuerySchema):
    kind = fields.String(load_default="zip", validate=validate.OneOf(["zip", "tar.gz", "bundle"]))


class SourceArchiveWaitingSchema(Schema):
    percent = fields.Integer(metadata={"description": "How much of the files is packed"})
    failure = fields.String(metadata={"description": "Why there will be no archive; empty while it is being made"})


class SourceCommitSchema(Schema):
    id = fields.String()
    tree = fields.String()
    subject = fields.String()
    author = fields.String()
    when = fields.DateTime()


class SourceSignedCommitSchema(SourceCommitSchema):
    signature = fields.String(metadata={"description": "verified, here (by the registry), known, unsigned, bad, …"})


class SourceRefSchema(Schema):
    kind = fields.String()
    name = fields.String()
    full = fields.String()
    annotated = fields.Boolean()
    when = fields.DateTime()
    commit = fields.Nested(SourceCommitSchema)


class SourceLineSchema(Schema):
    kind = fields.String(metadata={"description": "same, added, removed or note"})
    old = fields.Integer(allow_none=True)
    new = fields.Integer(allow_none=True)
    text = fields.String()
    cut = fields.Boolean()


class SourceHunkSchema(Schema):
    old = fields.Integer()
    new = fields.Integer()
    heading = fields.String()
    lines = fields.List(fields.Nested(SourceLineSchema))


class SourceFileChangeSchema(Schema):
    old_path = Name()
    new_path = Name()
    status = fields.String(metadata={"description": "added, removed, changed, renamed, copied or type"})
    old_mode = fields.Integer()
    new_mode = fields.Integer()
    old_id = fields.String()
    new_id = fields.String()
    added = fields.Integer(allow_none=True)
    removed = fields.Integer(allow_none=True)
    binary = fields.Boolean()
    too_large = fields.Boolean()
    turns = fields.Boolean(metadata={"description": "Holds characters that change the order of text"})
    hunks = fields.List(fields.Nested(SourceHunkSchema))


class SourceDiffSchema(Schema):
    """``cut``: there is more than stands here; ``count`` is of all files."""

    count = fields.Integer()
    added = fields.Integer()
    removed = fields.Integer()
    cut = fields.Boolean()
    files = fields.List(fields.Nested(SourceFileChangeSchema))


class SourceWholeCommitSchema(Schema):
    commit = fields.Nested(SourceCommitSchema)
    parents = fields.List(fields.String())
    committer = fields.String()
    committed = fields.DateTime()
    message = fields.String()
    changes = fields.Nested(SourceDiffSchema)


class SourceComparisonSchema(Schema):
    base = fields.Nested(SourceCommitSchema)
    head = fields.Nested(SourceCommitSchema)
    merge_base = fields.String(allow_none=True)
    ahead = fields.Integer(allow_none=True)
    behind = fields.Integer(allow_none=True)
    commits = fields.List(fields.Nested(SourceCommitSchema))
    changes = fields.Nested(SourceDiffSchema)


class SourceRowSchema(Schema):
    name = Name()
    path = Name()
    kind = fields.String(metadata={"description": "folder, file, symlink or submodule"})
    size = fields.Integer(allow_none=True)
    opens = fields.Boolean(metadata={"description": "False for a name no request can give"})


class SourceTreeSchema(Schema):
    commit = fields.String()
    path = fields.String()
    total = fields.Integer()
    items = fields.List(fields.Nested(SourceRowSchema))
    next = fields.String(allow_none=True, metadata={"description": "Give it as `after`; null on the last page"})


class SourceBlobSchema(Schema):
    """``content`` is the text, or base64; null for what is larger than 1 MB: take it from ``raw``."""

    commit = fields.String()
    path = fields.String()
    id = fields.String()
    mode = fields.Integer()
    size = fields.Integer()
    encoding = fields.String(metadata={"description": "utf-8, base64, or none"})
    content = fields.String(allow_none=True)


class SourceBlockSchema(Schema):
    start = fields.Integer()
    lines = fields.List(fields.String())
    commit = fields.String(attribute="origin.id")
    author = fields.String(attribute="origin.author")
    when = fields.DateTime(attribute="origin.when")
    subject = fields.String(attribute="origin.subject")
    path = Name(attribute="origin.path")


class SourceBlameSchema(Schema):
    blocks = fields.List(fields.Nested(SourceBlockSchema))
    start = fields.Integer()
    next = fields.Integer(allow_none=True, metadata={"description": "Give it as `first`; null at the end"})


class SourceHitSchema(Schema):
    path = Name()
    line = fields.Integer()
    text = fields.String()


class SourceHitsSchema(Schema):
    commit = fields.String()
    hits = fields.List(fields.Nested(SourceHitSchema))
    cut = fields.Boolean()
    slow = fields.Boolean()


class SourceChangeRequestSchema(Schema):
    """One file. ``path`` is what is changed ("" for a new file), ``new_path`` where it goes ("" deletes it)."""

    branch = fields.String(load_default="main", validate=validate.Length(1, 200))
    base = fields.String(
        required=True, validate=validate.Length(40, 64), metadata={"description": "The commit you saw"}
    )
    path = fields.String(load_default="", validate=PATH)
    new_path = fields.String(load_default="", validate=PATH)
    content = fields.String(load_default=None, allow_none=True, metadata={"description": "Null keeps what is there"})
    encoding = fields.String(load_default="utf-8", validate=validate.OneOf(["utf-8", "base64"]))
    message = fields.String(load_default="", validate=validate.Length(max=rules.MAX_MESSAGE))
    new_branch = fields.String(load_default="", validate=REF)


class SourceCommittedSchema(Schema):
    commit = fields.String(attribute="id")
    branch = fields.String()
    warnings = fields.Function(lambda made: [str(one) for one in made.warnings])


class SourceBranchGoneSchema(Schema):
    old = fields.String(required=True, validate=validate.Length(40, 64), metadata={"description": "Where it was seen"})


SourceRefPageSchema = page_of(SourceRefSchema)
SourceCommitPageSchema = page_of(SourceSignedCommitSchema)
