"""What ``/api/v1/apps/{app}/proposals`` takes and gives."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.core.paging import PageQuery, page_of
from registry.forge.proposals import reading, rules, variants
from registry.forge.proposals.models import VariantRequest
from registry.forge.schemas import CheckSchema


class ProposalsQuerySchema(PageQuery):
    state = fields.String(load_default=reading.ALL, validate=validate.OneOf(reading.LISTS))
    q = fields.String(load_default="", validate=validate.Length(max=reading.MAX_WORDS))


class ProposalQueueQuerySchema(PageQuery):
    state = fields.String(
        load_default=reading.WAITING, validate=validate.OneOf(reading.QUEUE),
        metadata={"description": "waiting: for the publisher; city: for the city; all"},
    )  # fmt: skip
    q = fields.String(load_default="", validate=validate.Length(max=reading.MAX_WORDS))


class NewProposalSchema(Schema):
    city = fields.String(required=True, validate=validate.Length(1, 60))
    branch = fields.String(load_default="main", validate=validate.Length(1, 200))
    title = fields.String(required=True, validate=validate.Length(1, rules.MAX_TITLE))
    text = fields.String(
        load_default="", validate=validate.Length(max=rules.MAX_TEXT), metadata={"description": "Markdown"}
    )


class ProposalWordsSchema(Schema):
    title = fields.String(required=True, validate=validate.Length(1, rules.MAX_TITLE))
    text = fields.String(load_default="", validate=validate.Length(max=rules.MAX_TEXT))


class ForkProposalSchema(Schema):
    """``fit`` says how what is offered stands to the original's main as both are now."""

    number = fields.Integer(attribute="id")
    app = fields.String(attribute="app.slug")
    city = fields.String(attribute="city.slug")
    title = fields.String()
    text = fields.String()
    branch = fields.String()
    state = fields.String(metadata={"description": "open, deciding, merged, declined or withdrawn"})
    waits_for = fields.String(metadata={"description": "publisher or city"})
    fit = fields.String(metadata={"description": "clean, conflicts, unrelated, contained or empty"})
    conflicts = fields.List(fields.String(), metadata={"description": "Paths both changed"})
    head = fields.String(metadata={"description": "The city's commit that is offered"})
    target = fields.String(metadata={"description": "The original's main it was held against"})
    base = fields.String()
    counts = fields.Dict(metadata={"description": "commits, files, added and removed lines; cut: at least so many"})
    way = fields.String(metadata={"description": "merge or squash"})
    result = fields.String(metadata={"description": "The commit that took it in"})
    created_at = fields.DateTime()
    updated_at = fields.DateTime()
    decided_at = fields.DateTime(allow_none=True)


ForkProposalPageSchema = page_of(ForkProposalSchema)


class SayOnProposalSchema(Schema):
    """With ``path`` about a line of the changes. A review names in ``head`` the commit that was looked at."""

    kind = fields.String(load_default=rules.COMMENT, validate=validate.OneOf(rules.REVIEWS))
    text = fields.String(load_default="", validate=validate.Length(max=rules.MAX_COMMENT))
    head = fields.String(load_default="", validate=validate.Length(max=64))
    path = fields.String(load_default="", validate=validate.Length(max=rules.MAX_PATH))
    line = fields.Integer(load_default=0, validate=validate.Range(0, 99_999_999))
    side = fields.String(
        load_default=rules.NEW, validate=validate.OneOf(rules.LINE_SIDES),
        metadata={"description": "Whether `line` counts in the old or the new file"},
    )  # fmt: skip


class RemarkSchema(Schema):
    id = fields.Integer()
    kind = fields.String(metadata={"description": ", ".join(rules.KINDS)})
    side = fields.String(metadata={"description": "publisher or city"})
    city = fields.String(attribute="city.slug")
    text = fields.String(metadata={"description": "Markdown"})
    head = fields.String()
    path = fields.String()
    line = fields.Integer(allow_none=True)
    line_side = fields.String()
    line_text = fields.String()
    created_at = fields.DateTime()


RemarkPageSchema = page_of(RemarkSchema)


class ProposalDecisionSchema(Schema):
    """merge and squash need ``head`` as it was read, decline a ``reason``."""

    act = fields.String(required=True, validate=validate.OneOf(rules.ACTS))
    head = fields.String(load_default="", validate=validate.Length(max=64))
    reason = fields.String(load_default="", validate=validate.Length(max=rules.MAX_REASON))
    untested = fields.Boolean(
        load_default=False, metadata={"description": "Merge though nobody can run its tests now; never if they failed"}
    )


class ChangedLineSchema(Schema):
    kind = fields.String(metadata={"description": "same, added, removed or note"})
    old = fields.Integer(allow_none=True)
    new = fields.Integer(allow_none=True)
    text = fields.String()


class ChangedHunkSchema(Schema):
    old = fields.Integer()
    new = fields.Integer()
    lines = fields.List(fields.Nested(ChangedLineSchema))


class ChangedFileSchema(Schema):
    path = fields.String()
    status = fields.String()
    added = fields.Integer(allow_none=True)
    removed = fields.Integer(allow_none=True)
    binary = fields.Boolean()
    too_large = fields.Boolean(metadata={"description": "Its lines are not here, or not all"})
    hunks = fields.List(fields.Nested(ChangedHunkSchema))


class ProposalChangesSchema(Schema):
    files = fields.List(fields.Nested(ChangedFileSchema))
    cut = fields.Boolean(metadata={"description": "There is more than stands here"})


class ProposalCommitSchema(Schema):
    id = fields.String()
    subject = fields.String()
    author = fields.String()
    when = fields.DateTime()


class ProposalCommitsSchema(Schema):
    items = fields.List(fields.Nested(ProposalCommitSchema))


class ProposalFindingSchema(Schema):
    level = fields.String()
    path = fields.String()
    line = fields.Integer(allow_none=True)
    message = fields.String()


class ProposalChecksSchema(Schema):
    """Of the merged tree; ``checked`` is false where there is none."""

    checked = fields.Boolean()
    findings = fields.List(fields.Nested(ProposalFindingSchema))
    checks = fields.List(fields.Nested(CheckSchema))
    tests = fields.String(metadata={"description": "How its own tests went in the sandbox; empty: they were not run"})


class ProposalTestsSchema(Schema):
    run = fields.Integer(attribute="id")
    state = fields.String()


class NewVariantSchema(Schema):
    city = fields.String(required=True, validate=validate.Length(1, 60))
    name = fields.String(required=True, validate=validate.Length(1, rules.MAX_NAME))
    slug = fields.String(required=True, validate=validate.Length(1, 40))
    why = fields.String(required=True, validate=validate.Length(1, rules.MAX_WHY))


def _job(asked: VariantRequest) -> str | None:
    found = variants.job_of(asked) if asked.state == rules.ASKED else None
    return str(found.id) if found else None


class VariantRequestSchema(Schema):
    number = fields.Integer(attribute="id")
    app = fields.String(attribute="app.slug", metadata={"description": "The original"})
    city = fields.String(attribute="city.slug")
    name = fields.String()
    slug = fields.String()
    why = fields.String()
    version = fields.String()
    head = fields.String()
    state = fields.String(metadata={"description": "asked, approved or refused"})
    reason = fields.String()
    created_at = fields.DateTime()
    job = fields.Function(_job, metadata={"type": "string", "description": "Publishes it now: /api/v1/jobs/{job}"})


VariantRequestPageSchema = page_of(VariantRequestSchema)


class VariantDecisionSchema(Schema):
    act = fields.String(required=True, validate=validate.OneOf(["approve", "decline"]))
    reason = fields.String(load_default="", validate=validate.Length(max=rules.MAX_REASON))
