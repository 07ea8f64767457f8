"""What the API takes and gives about agreements."""

from __future__ import annotations

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from registry.tenants.agreements.contents import ASSISTANCE, MAX_APPS, MAX_LINE, MAX_TERMS
from registry.tenants.schemas import ListQuery

KINDS, STATES = ("memorandum", "pks"), ("draft", "proposed", "signed", "active", "expired", "terminated")
LINE = validate.Length(max=MAX_LINE)


class AgreementQuery(ListQuery):
    city = fields.String(load_default="", validate=validate.Length(max=40))


class Side(Schema):
    """With ``city`` one acts for that city, without for the publisher."""

    city = fields.String(load_default="", validate=validate.Length(max=40))


class AgreementParty(Schema):
    institution = fields.String(validate=LINE)
    address = fields.String(validate=LINE)
    office = fields.String(validate=LINE)
    name = fields.String(validate=LINE)
    nip = fields.String(validate=LINE, metadata={"description": "18 digits, or empty"})
    mandate = fields.String(validate=LINE, metadata={"description": "Number of the power of attorney"})


class AgreementText(Schema):
    """What an agreement says; what is left out stays as it is."""

    number = fields.String(validate=LINE, metadata={"description": "The publisher's (pihak kesatu)"})
    partner_number = fields.String(validate=LINE, metadata={"description": "The city's own (pihak kedua)"})
    dated_on = fields.Date(allow_none=True)
    place = fields.String(validate=LINE)
    starts_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)
    scope_apps = fields.List(
        fields.String(validate=validate.Length(1, 60)), allow_none=True, validate=validate.Length(max=MAX_APPS),
        metadata={"description": "Slugs of the apps it covers; null means every app"},
    )  # fmt: skip
    allows_variants = fields.Boolean()
    allows_commercial = fields.Boolean()
    requires_attribution = fields.Boolean()
    assistance = fields.String(validate=validate.OneOf(ASSISTANCE))
    more_terms = fields.String(validate=validate.Length(max=MAX_TERMS))


class AgreementVersion(Schema):
    """``version`` is the one that was looked at: another one by now is a conflict. Left out, nothing is compared."""

    version = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 10**9))


class AgreementWish(AgreementText, AgreementVersion):
    publisher = fields.Nested(AgreementParty)
    partner = fields.Nested(AgreementParty)


class NewAgreement(AgreementWish):
    """Parties that are not named are filled in as usual. For the publisher's side ``city`` is part of the address."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    for_city = fields.String(
        load_default="", validate=validate.Length(max=40),
        metadata={"description": "The partner, when a maintainer drafts it"},
    )  # fmt: skip


class AgreementShown(AgreementText):
    id = fields.Integer()
    city = fields.String()
    kind = fields.String(validate=validate.OneOf(KINDS))
    relation = fields.String(validate=validate.OneOf(("", "renewal", "amendment")))
    parent_id = fields.Integer(allow_none=True)
    version = fields.Integer()
    state = fields.String(validate=validate.OneOf(STATES), metadata={"description": "What it is worth today"})
    terminates_on = fields.Date(allow_none=True, metadata={"description": "The first day without it"})
    publisher = fields.Nested(AgreementParty)
    partner = fields.Nested(AgreementParty)
    publisher_signatory = fields.String()
    publisher_signed_on = fields.Date(allow_none=True)
    partner_signatory = fields.String()
    partner_signed_on = fields.Date(allow_none=True)
    reason = fields.String()


class AgreementList(Schema):
    items = fields.List(fields.Nested(AgreementShown))
    next = fields.Integer(allow_none=True)


class Signature(AgreementVersion):
    signatory = fields.String(required=True, validate=validate.Length(3, 120))
    signed_on = fields.Date(load_default=None, allow_none=True)
    number = fields.String(load_default="", validate=LINE, metadata={"description": "The signing side's own"})
    mandate = fields.String(load_default="", validate=LINE)


class AgreementWithdrawal(AgreementVersion):
    reason = fields.String(required=True, validate=validate.Length(3, 500))


class AgreementTermination(AgreementWithdrawal):
    effective_on = fields.Date(load_default=None, allow_none=True, metadata={"description": "First day without it"})


class EndingEffect(Schema):
    text = fields.String()
    items = fields.List(fields.String())


class EndingEffects(Schema):
    effects = fields.List(fields.Nested(EndingEffect))


class AgreementEventShown(Schema):
    at = fields.DateTime()
    actor = fields.String()
    act = fields.String()
    side = fields.String()
    state = fields.String(metadata={"description": "The stored state the act led to"})
    why = fields.String()
    version = fields.Integer()


class AgreementHistory(Schema):
    items = fields.List(fields.Nested(AgreementEventShown))


class AgreementPaperShown(Schema):
    id = fields.Integer()
    kind = fields.String(validate=validate.OneOf(("draft", "scan")))
    side = fields.String()
    version = fields.Integer()
    name = fields.String()
    media = fields.String()
    size = fields.Integer()
    sha256 = fields.String(attribute="digest")
    added_by = fields.String()
    added_at = fields.DateTime()


class AgreementPapers(Schema):
    items = fields.List(fields.Nested(AgreementPaperShown))


class ScanUpload(Schema):
    file = Upload(required=True, metadata={"description": "A PDF, JPEG or PNG of at most 10 MB"})


class SuspensionWish(Schema):
    """``confirm`` repeats the city's name in addresses."""

    reason = fields.String(required=True, validate=validate.Length(3, 500))
    words = fields.String(required=True, validate=validate.Length(10, 500))
    confirm = fields.String(required=True, validate=validate.Length(max=40))


class SuspensionShown(Schema):
    """``running`` are the plugins citizens reach; ``plugins`` those the programme closed."""

    suspended = fields.Boolean()
    running = fields.List(fields.String())
    plugins = fields.List(fields.String())
    reason = fields.String()
    words = fields.String()
    begun_at = fields.DateTime(allow_none=True)
    begun_by = fields.String()


class ProgrammeSettingsShown(Schema):
    """Whole: what is left out becomes what it is at the beginning."""

    memorandum_label = fields.String(validate=validate.Length(3, 80))
    pks_label = fields.String(validate=validate.Length(3, 80))
    reminder_days = fields.List(fields.Integer(validate=validate.Range(1, 365)), validate=validate.Length(1, 6))
    memorandum_signers = fields.List(fields.String(validate=validate.Length(2, 80)), validate=validate.Length(max=12))
    pks_signers = fields.List(fields.String(validate=validate.Length(2, 80)), validate=validate.Length(max=12))
    place = fields.String(validate=validate.Length(max=80))
    memorandum_party = fields.Nested(AgreementParty)
    pks_party = fields.Nested(AgreementParty)
    version = fields.Integer()
