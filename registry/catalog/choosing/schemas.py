"""What the API takes and tells of choosing."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.catalog.choosing import rules


class CompareQuerySchema(Schema):
    apps = fields.String(
        required=True, validate=validate.Length(1, 200),
        metadata={"description": "Two to four names, with commas between them: `antrian,lapor`"},
    )  # fmt: skip


class HealthPartSchema(Schema):
    code = fields.String()
    tone = fields.String(validate=validate.OneOf(["ok", "warn", "bad", "muted"]))
    figures = fields.Dict()


class ComparedSchema(Schema):
    """``needs`` is lumbung.toml of the newest release."""

    slug = fields.String()
    name = fields.String()
    summary = fields.String()
    publisher = fields.String()
    maturity = fields.String()
    licence = fields.String()
    rating = fields.String()
    version = fields.String()
    published_at = fields.AwareDateTime(allow_none=True)
    languages = fields.List(fields.String())
    national_fields = fields.List(fields.String())
    running_in = fields.List(fields.String())
    described_only = fields.Boolean()
    deprecated_at = fields.AwareDateTime(allow_none=True)
    health = fields.List(fields.Nested(HealthPartSchema))
    needs = fields.Dict(allow_none=True)


class FeatureLineSchema(Schema):
    """``said`` has each app's own words by its name; an app that does not name the feature is not there."""

    feature = fields.String()
    said = fields.Dict(keys=fields.String(), values=fields.String())


class ComparisonSchema(Schema):
    apps = fields.List(fields.Nested(ComparedSchema))
    features = fields.List(fields.Nested(FeatureLineSchema))


class ShortlistNoteSchema(Schema):
    id = fields.Integer()
    author = fields.String()
    text = fields.String()
    created_at = fields.AwareDateTime()
    edited_at = fields.AwareDateTime(allow_none=True)


class ShortlistVoteSchema(Schema):
    opd_id = fields.Integer()
    unit = fields.String(attribute="opd.name")
    choice = fields.String(validate=validate.OneOf(rules.CHOICES))
    reason = fields.String()
    voter = fields.String()
    cast_at = fields.AwareDateTime()


class TallySchema(Schema):
    yes = fields.Integer()
    maybe = fields.Integer()
    no = fields.Integer()


class ShortlistItemSchema(Schema):
    """``decision`` is "" while open. ``opd_id``, ``unit`` and ``quarter`` are those of an adopted app."""

    id = fields.Integer()
    app = fields.String(attribute="app.slug")
    why = fields.String()
    author = fields.String()
    created_at = fields.AwareDateTime()
    version = fields.Integer(metadata={"description": "Give it with an act on the whole item"})
    decision = fields.String(validate=validate.OneOf(["", *rules.DECISIONS]))
    opd_id = fields.Integer(allow_none=True)
    unit = fields.Function(lambda item: item.opd.name if item.opd else "")
    quarter = fields.String()
    reason = fields.String()
    decided_by = fields.String()
    decided_at = fields.AwareDateTime(allow_none=True)
    removed_at = fields.AwareDateTime(allow_none=True)
    removed_by = fields.String()
    tally = fields.Function(lambda item: vars(rules.tally([vote.choice for vote in item.votes])))
    votes = fields.List(fields.Nested(ShortlistVoteSchema))
    notes = fields.List(fields.Nested(ShortlistNoteSchema))


class ShortlistSchema(Schema):
    items = fields.List(fields.Nested(ShortlistItemSchema))


class ShortlistQuerySchema(Schema):
    removed = fields.Boolean(load_default=False, metadata={"description": "Those taken off the list instead"})


class NewShortlistItemSchema(Schema):
    app = fields.String(required=True, validate=validate.Length(1, 60))
    why = fields.String(required=True, validate=validate.Length(rules.MIN_REASON, rules.MAX_WHY))


class NewShortlistNoteSchema(Schema):
    text = fields.String(required=True, validate=validate.Length(1, rules.MAX_NOTE))


class NewShortlistVoteSchema(Schema):
    choice = fields.String(required=True, validate=validate.OneOf(rules.CHOICES))
    reason = fields.String(load_default="", validate=validate.Length(max=rules.MAX_REASON))


class SeenSchema(Schema):
    version = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**31))


class ShortlistDecisionSchema(SeenSchema):
    decision = fields.String(required=True, validate=validate.OneOf(rules.DECISIONS))
    reason = fields.String(required=True, validate=validate.Length(rules.MIN_REASON, rules.MAX_REASON))
    opd_id = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 2**62),
        metadata={"description": "The unit that will own it; needed to adopt"},
    )  # fmt: skip
    quarter = fields.String(
        load_default="", validate=validate.Length(max=7), metadata={"description": "`2027-Q1`; needed to adopt"}
    )
