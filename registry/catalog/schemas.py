"""What the API tells of apps and releases."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.catalog.search.filters import FACETS, LONGEST_VALUE, MAX_VALUES
from registry.core.paging import PageQuery, page_of


class PublisherSchema(Schema):
    """``code`` is Kemendagri's."""

    slug = fields.String()
    code = fields.String()
    name = fields.String()


def facet_fields() -> dict[str, fields.List]:
    """One parameter per facet, each may be given several times."""
    told = {"description": "May be given several times: one of the values must fit; with `-` before it, none may"}
    one = fields.String(validate=validate.Length(max=LONGEST_VALUE))
    return {
        facet: fields.List(one, load_default=list, validate=validate.Length(max=MAX_VALUES), metadata=told)
        for facet in FACETS
    }


class FacetQuerySchema(Schema.from_dict(facet_fields(), name="FacetQuery")):  # type: ignore[misc]
    """Words as people type them, in Indonesian or English, misspelt or not; "words in quotes", -without."""

    q = fields.String(load_default="", validate=validate.Length(max=200), metadata={"description": "Words to find"})


class AppQuerySchema(PageQuery, FacetQuerySchema):
    """Who comes again asks with ``updated_since``: the moment of the last visit, some minutes off it for safety."""

    updated_since = fields.AwareDateTime(
        load_default=None,
        metadata={"description": "RFC 3339: only apps whose description or releases changed then or later"},
    )


class CountSchema(Schema):
    value = fields.String()
    count = fields.Integer(metadata={"description": "Apps there are with it, given the other facets"})


class FacetsSchema(Schema):
    """``facets``: by name, most frequent first; ``total`` counts what matches."""

    total = fields.Integer()
    facets = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(CountSchema)))


class AppSchema(Schema):
    """``version`` is the newest release's, "" without one; ``summaries`` are by language tag. ``dimensions``,
    ``affairs``, ``audience``, ``needed``, ``runtime`` and ``rating`` hold the codes the facets know.
    """

    id = fields.UUID(metadata={"description": "The same in `/v1` and `/catalog.json`"})
    slug = fields.String()
    name = fields.String()
    summaries = fields.Dict(keys=fields.String(), values=fields.String())
    maturity = fields.String()
    licence = fields.String(metadata={"description": "SPDX expression"})
    categories = fields.List(fields.String())
    dimensions = fields.List(fields.String())
    affairs = fields.List(fields.String())
    audience = fields.List(fields.String())
    needed = fields.List(fields.String(), metadata={"description": "Codes of the facet `needs`"})
    runtime = fields.String()
    rating = fields.String(metadata={"description": "Safety of the newest release, A to E"})
    described_only = fields.Boolean(metadata={"description": "The source is not in this registry"})
    deprecated_at = fields.AwareDateTime(allow_none=True)
    publisher = fields.Nested(PublisherSchema)
    version = fields.String()
    adopters = fields.Integer(metadata={"description": "Cities that use it or did"})
    running = fields.Integer(metadata={"description": "Cities where it runs now"})
    url = fields.String()
    clone_url = fields.String(allow_none=True)
    updated_at = fields.AwareDateTime()


class AdoptionSchema(Schema):
    city = fields.Nested(PublisherSchema)
    since = fields.AwareDateTime()
    version = fields.String()
    running = fields.Boolean()


class AppDetailSchema(AppSchema):
    publiccode = fields.String(metadata={"description": "publiccode.yml as published"})
    facts = fields.Dict(metadata={"description": "publiccode.yml as JSON"})
    needs = fields.Dict(allow_none=True, metadata={"description": "lumbung.toml of the newest release"})
    safety = fields.Dict(metadata={"description": "The newest release's rating with its parts, {} without one"})
    national_fields = fields.List(
        fields.String(), metadata={"description": "Fields of Perpres 95/2018 article 63(3) the app falls in"}
    )
    based_on = fields.String(allow_none=True)
    adoptions = fields.List(fields.Nested(AdoptionSchema))


class ReleaseSchema(Schema):
    """``sha256`` and ``size`` are of the tar.gz; a yanked release stays readable but is not for new use."""

    version = fields.String()
    tag = fields.String()
    commit = fields.String()
    tree = fields.String()
    lock = fields.String()
    size = fields.Integer()
    sha256 = fields.String()
    published_at = fields.AwareDateTime()
    yanked_at = fields.AwareDateTime(allow_none=True)
    yank_reason = fields.String()
    changelog = fields.String()
    manifest = fields.Dict()
    rating = fields.Dict(metadata={"description": "Its safety rating with every part"})
    security = fields.String(
        allow_none=True,
        metadata={"description": "The hole it closes and what cities that run an older version must do; null for none"},
    )
    downloads = fields.Dict(
        keys=fields.String(), values=fields.String(),
        metadata={"description": "By ending; cdx.json is the CycloneDX bill of materials; each has a .sha256"},
    )  # fmt: skip
    signatures = fields.Dict(
        keys=fields.String(), values=fields.String(),
        metadata={"description": "In minisign's format, by the key at /apps/releases.pub"},
    )  # fmt: skip


AppPageSchema = page_of(AppSchema)
ReleasePageSchema = page_of(ReleaseSchema)
