"""What ``/api/v1`` takes and gives about storage."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.core.paging import PageQuery, page_of

MOST = 2**50


class FaultSchema(Schema):
    kind = fields.String(metadata={"description": "repository, config, head, alternates, index, ref, tag or objects"})
    what = fields.String()
    state = fields.String(metadata={"description": "broken, repaired or lost"})
    note = fields.String()


class RoomSchema(Schema):
    """Bytes of a city's forks together; what they borrow is not counted."""

    used = fields.Integer()
    limit = fields.Integer(allow_none=True, metadata={"description": "null: none"})
    left = fields.Integer(allow_none=True)
    own_limit = fields.Boolean(metadata={"description": "Set by maintainers for this city"})


class NewRoomSchema(Schema):
    limit = fields.Integer(
        required=True, allow_none=True, validate=validate.Range(0, MOST),
        metadata={"description": "Bytes; 0: none; null: the installation's setting"},
    )  # fmt: skip


class ForkStorageSchema(Schema):
    """One fork as it was last measured, kept and checked. Bytes are its own."""

    bytes = fields.Integer()
    packs = fields.Integer()
    loose = fields.Integer()
    whole = fields.Boolean(metadata={"description": "It borrows nothing"})
    measured_at = fields.DateTime(allow_none=True)
    kept_at = fields.DateTime(allow_none=True)
    checked_at = fields.DateTime(allow_none=True)
    state = fields.String(metadata={"description": "unchecked, sound, repaired, broken or lost"})
    faults = fields.List(fields.Nested(FaultSchema))
    room = fields.Nested(RoomSchema)


class RepositoryStorageSchema(ForkStorageSchema):
    class Meta:
        exclude = ("room",)

    app = fields.String(attribute="app.slug")
    city = fields.String(attribute="city.slug", metadata={"description": "Whose it is; the publisher's but for a fork"})
    kind = fields.String(metadata={"description": "upstream, pool or fork"})


class StorageQuerySchema(PageQuery):
    state = fields.String(
        load_default="", validate=validate.OneOf(["", "unchecked", "sound", "repaired", "broken", "lost"])
    )


class CheckStorageSchema(Schema):
    app = fields.String(load_default="", validate=validate.Length(max=60))
    repair = fields.Boolean(load_default=False)
    deep = fields.Boolean(load_default=False, metadata={"description": "Read the content of every object, too"})


class RemoveForkSchema(Schema):
    confirm = fields.String(
        required=True, validate=validate.Length(1, 60), metadata={"description": "The app's name in addresses"}
    )


class RemovalSchema(Schema):
    city = fields.String(attribute="fork.city.slug")
    app = fields.String(attribute="fork.app.slug")
    asked_by = fields.String()
    asked_at = fields.DateTime()
    due_at = fields.DateTime(metadata={"description": "Until then it can be brought back"})


class CityStorageSchema(Schema):
    room = fields.Nested(RoomSchema)
    removed = fields.List(fields.Nested(RemovalSchema))


class BroughtBackSchema(Schema):
    city = fields.String()
    app = fields.String()


StoragePageSchema = page_of(RepositoryStorageSchema)
