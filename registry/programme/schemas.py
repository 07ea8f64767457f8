"""What the API gives of the programme."""

from __future__ import annotations

from marshmallow import Schema, fields

from registry.core.paging import page_of


class PartnerSchema(Schema):
    city = fields.String(attribute="city.slug")
    code = fields.String(attribute="city.code")
    name = fields.String(attribute="city.name")
    province = fields.String(attribute="city.province")
    stage = fields.String(metadata={"description": "applied, preparing, partner, ended or declined"})
    memorandum = fields.String(metadata={"description": "A state of an agreement, or none"})
    pks = fields.String()
    ends_on = fields.Date(allow_none=True, metadata={"description": "The end of the PKS in force"})
    next_step = fields.String(attribute="step")
    taken = fields.Integer(metadata={"description": "Apps the city has"})
    running = fields.Integer()


PartnerPageSchema = page_of(PartnerSchema)


class ProgrammeSchema(Schema):
    """Cities by stage, and what waits for the maintainers by kind."""

    stages = fields.Dict(keys=fields.String(), values=fields.Integer())
    waiting = fields.Dict(keys=fields.String(), values=fields.Integer())
