"""What the API takes and gives about signing up."""

from __future__ import annotations

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from registry.tenants.joining import rules, waiting

SHORT = validate.Length(max=120)
SEEN = {"description": "Of the application you looked at; 409 when somebody acted since"}


class RegionQuery(Schema):
    q = fields.String(load_default="", validate=SHORT, metadata={"description": "Name, code or former code"})


class RegionShown(Schema):
    code = fields.String(metadata={"description": "Kemendagri, like 64.74"})
    name = fields.String()
    province = fields.String()
    kind = fields.String(validate=validate.OneOf(["kota", "kabupaten"]))


class RegionsFound(Schema):
    items = fields.List(fields.Nested(RegionShown))
    known = fields.Integer(metadata={"description": "Regions there are; 0 while no list was taken in"})


class NewRegion(Schema):
    code = fields.String(required=True, validate=validate.Length(max=12))
    name = fields.String(required=True, validate=validate.Length(3, 80))


class RegionListFile(Schema):
    list = Upload(required=True)


class RegionListQuery(Schema):
    dry_run = fields.Boolean(load_default=False)


class RegionListChange(Schema):
    added = fields.Integer()
    changed = fields.Integer()
    renumbered = fields.Integer()
    unchanged = fields.Integer()
    missing = fields.Integer(metadata={"description": "Known and not in the list: kept"})
    left_out = fields.Dict(keys=fields.String(), values=fields.Integer())


class NewApplication(Schema):
    """``region``: a code, a former code or a name. ``name`` is needed with a code while no list was taken in."""

    region = fields.String(required=True, validate=validate.Length(1, 120))
    name = fields.String(load_default="", validate=validate.Length(max=80))
    slug = fields.String(load_default="", validate=validate.Length(max=40))
    timezone = fields.String(load_default="", validate=validate.Length(max=40))
    contact_office = fields.String(required=True, validate=SHORT)
    contact_name = fields.String(required=True, validate=SHORT)
    head = fields.String(load_default="", validate=SHORT)
    mail = fields.String(required=True, validate=validate.Length(max=200))
    phone = fields.String(required=True, validate=validate.Length(max=20))
    proof = fields.String(load_default="other", validate=validate.OneOf(rules.PROOFS))
    proof_mail = fields.String(load_default="", validate=validate.Length(max=200))


class ApplicationNoteShown(Schema):
    at = fields.DateTime()
    actor = fields.String()
    kind = fields.String()
    text = fields.String()


class ApplicationListed(Schema):
    city = fields.String()
    code = fields.String()
    name = fields.String()
    province = fields.String()
    state = fields.String(validate=validate.OneOf([rules.WAITING, rules.ASKED, rules.ADMITTED, rules.DECLINED]))
    version = fields.Integer(metadata={"description": "Give it with the next act"})
    sent_at = fields.DateTime()
    proven_at = fields.DateTime(allow_none=True)
    proof = fields.String(allow_none=True)
    lacking = fields.List(fields.String())
    looks_like = fields.List(fields.String(), metadata={"description": "Cities that may be the same region"})
    contact_office = fields.String()
    contact_name = fields.String()
    head = fields.String()
    mail = fields.String()
    phone = fields.String()


class ApplicationShown(ApplicationListed):
    notes = fields.List(fields.Nested(ApplicationNoteShown))


class ApplicationsQuery(Schema):
    state = fields.String(load_default="open", validate=validate.OneOf(waiting.FILTERS))
    proof = fields.String(load_default="", validate=validate.OneOf(waiting.PROVEN))
    q = fields.String(load_default="", validate=validate.Length(max=80))


class ApplicationsShown(Schema):
    items = fields.List(fields.Nested(ApplicationListed))


class ApplicationText(Schema):
    version = fields.Integer(required=True, metadata=SEEN)
    text = fields.String(required=True, validate=validate.Length(3, 2000))


class ApplicationCheck(Schema):
    """``how`` the office was checked; may be empty to admit one that is proven."""

    version = fields.Integer(required=True, metadata=SEEN)
    how = fields.String(load_default="", validate=validate.Length(max=500))


class ApplicationReason(Schema):
    version = fields.Integer(required=True, metadata=SEEN)
    reason = fields.String(required=True, validate=validate.Length(3, 500))


class ApplicationContact(Schema):
    version = fields.Integer(required=True, metadata=SEEN)
    contact_office = fields.String(required=True, validate=SHORT)
    head = fields.String(load_default="", validate=SHORT)
    mail = fields.String(required=True, validate=validate.Length(max=200))
    phone = fields.String(required=True, validate=validate.Length(max=20))


class ApplicationProof(Schema):
    version = fields.Integer(required=True, metadata=SEEN)
    proof_mail = fields.String(required=True, validate=validate.Length(max=200))


class ApplicationLetterQuery(Schema):
    version = fields.Integer(required=True, metadata=SEEN)
    number = fields.String(load_default="", validate=validate.Length(max=80))
    day = fields.Date(load_default=None, allow_none=True)


class ApplicationLetterFile(Schema):
    letter = Upload(required=True)
