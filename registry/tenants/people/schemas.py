"""What the API takes and gives about people and units."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.tenants.people.inviting import OF_CITY
from registry.tenants.people.listing import MAX_WORDS

NUMBER = validate.Range(1, 2**62)
WORD = validate.Length(0, MAX_WORDS)


class PeopleQuery(Schema):
    """``after`` is the ``next`` of the answer before."""

    q = fields.String(load_default="", validate=WORD)
    role = fields.String(load_default="", validate=WORD)
    plugin = fields.String(load_default="", validate=WORD)
    unit = fields.Integer(load_default=0, validate=validate.Range(0, 2**62))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    after = fields.Integer(load_default=0, validate=validate.Range(0, 2**62))


class RoleShown(Schema):
    id = fields.Integer()
    role = fields.String()
    plugin = fields.String()
    opd_id = fields.Integer(allow_none=True)


class PersonShown(Schema):
    id = fields.Integer()
    name = fields.String()
    email = fields.String()
    active = fields.Boolean()
    signed_in_at = fields.AwareDateTime(format="iso", allow_none=True)
    second_factor = fields.Boolean()
    roles = fields.List(fields.Nested(RoleShown))


class PersonList(Schema):
    items = fields.List(fields.Nested(PersonShown))
    next = fields.Integer(allow_none=True)


class InvitationRequest(Schema):
    email = fields.Email(required=True, validate=validate.Length(3, 200))
    role = fields.String(required=True, validate=validate.OneOf(OF_CITY))
    name = fields.String(load_default="", validate=validate.Length(0, 120))
    plugin = fields.String(load_default="", validate=validate.Length(0, 39))
    opd_id = fields.Integer(load_default=None, allow_none=True, validate=NUMBER)


class MaintainerRequest(Schema):
    email = fields.Email(required=True, validate=validate.Length(3, 200))
    name = fields.String(load_default="", validate=validate.Length(0, 120))


class InvitationShown(Schema):
    id = fields.Integer()
    email = fields.String()
    name = fields.String()
    role = fields.String()
    plugin = fields.String()
    opd_id = fields.Integer(allow_none=True)
    state = fields.String(metadata={"description": "open, expired, accepted or withdrawn"})
    inviter = fields.String()
    sent_at = fields.AwareDateTime(format="iso")
    expires_at = fields.AwareDateTime(format="iso")


class InvitationDone(Schema):
    """Either the role that holds at once, or the invitation that waits."""

    role = fields.Nested(RoleShown, allow_none=True)
    invitation = fields.Nested(InvitationShown, allow_none=True)


class InvitationList(Schema):
    items = fields.List(fields.Nested(InvitationShown))


class Heir(Schema):
    role_id = fields.Integer(required=True, validate=NUMBER)
    person_id = fields.Integer(required=True, validate=NUMBER)


class HandOverRequest(Schema):
    """Who takes over which role; the last admin names somebody."""

    heirs = fields.List(fields.Nested(Heir), load_default=list, validate=validate.Length(0, 200))


class LeavingShown(Schema):
    roles = fields.List(fields.Nested(RoleShown))
    orphans = fields.List(fields.Integer(), metadata={"description": "Ids of roles nobody else has."})
    heirs = fields.List(fields.Integer(), metadata={"description": "Ids of people who can take over."})
    invitations = fields.List(fields.Nested(InvitationShown))
    tokens = fields.Integer()


class AppointmentShown(Schema):
    plugin = fields.String()
    opd_id = fields.Integer(allow_none=True)
    administrators = fields.List(fields.String())
    operators = fields.List(fields.String())
    missing = fields.List(fields.String())


class AppointmentList(Schema):
    items = fields.List(fields.Nested(AppointmentShown))


class UnitRequest(Schema):
    name = fields.String(required=True, validate=validate.Length(3, 80))
    parent_id = fields.Integer(load_default=None, allow_none=True, validate=NUMBER)


class UnitChange(Schema):
    name = fields.String(validate=validate.Length(3, 80))
    parent_id = fields.Integer(allow_none=True, validate=NUMBER)


class UnitShown(Schema):
    id = fields.Integer()
    name = fields.String()
    parent_id = fields.Integer(allow_none=True)


class UnitList(Schema):
    items = fields.List(fields.Nested(UnitShown))


class MaintainerShown(Schema):
    id = fields.Integer(metadata={"description": "Of the role"})
    name = fields.String()
    email = fields.String()


class MaintainerList(Schema):
    items = fields.List(fields.Nested(MaintainerShown))
    invitations = fields.List(fields.Nested(InvitationShown))
