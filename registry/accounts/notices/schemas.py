"""What the API gives of notifications, and takes."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.accounts.notices.kinds import GROUPS, WAYS
from registry.core.paging import PageQuery, page_of


class NotificationQuery(PageQuery):
    group = fields.String(load_default="", validate=validate.OneOf(["", *GROUPS]))
    city = fields.String(load_default="", validate=validate.Length(max=80), metadata={"description": "Its slug"})
    unread = fields.Boolean(load_default=False)


class NotificationSchema(Schema):
    id = fields.Integer()
    kind = fields.String(metadata={"description": "noun.verb, stable"})
    city = fields.String(allow_none=True, metadata={"description": "The slug of the city it is about"})
    language = fields.String()
    subject = fields.String()
    paragraphs = fields.List(fields.String(), metadata={"description": "Lines that begin with > are quoted"})
    link = fields.String(metadata={"description": "The address it leads to, or empty"})
    action = fields.String()
    at = fields.AwareDateTime(format="iso")
    read_at = fields.AwareDateTime(format="iso", allow_none=True)


NotificationPageSchema = page_of(NotificationSchema)


class NotificationChange(Schema):
    read = fields.Boolean(required=True)


class NotificationsRead(Schema):
    group = fields.String(load_default="", validate=validate.OneOf(["", *GROUPS]))
    city = fields.String(load_default="", validate=validate.Length(max=80))


class NotificationsMarked(Schema):
    marked = fields.Integer()


class NoticePreferences(Schema):
    """By group; what is not given stays as it is."""

    groups = fields.Dict(
        keys=fields.String(validate=validate.OneOf(list(GROUPS))),
        values=fields.String(validate=validate.OneOf(WAYS)),
        required=True,
    )
