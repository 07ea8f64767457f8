"""What the Software Catalog API takes and tells, in its words."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

SIZE, MOST = 25, 100


class PageQuery(Schema):
    """A size above the most is cut down to it, as the other servers of this API do."""

    size = fields.Integer(
        data_key="page[size]", load_default=SIZE, validate=validate.Range(1), metadata={"description": "At most 100"}
    )
    before = fields.String(
        data_key="page[before]", load_default="", validate=validate.Length(max=255),
        metadata={"description": "The page before this cursor"},
    )  # fmt: skip
    after = fields.String(
        data_key="page[after]", load_default="", validate=validate.Length(max=255),
        metadata={"description": "The page after this cursor"},
    )  # fmt: skip


class ListQuery(PageQuery):
    """``from`` and ``to`` bound the time an entry was made, both exclusive."""

    from_ = fields.AwareDateTime(data_key="from", load_default=None, metadata={"description": "RFC 3339"})
    to = fields.AwareDateTime(load_default=None, metadata={"description": "RFC 3339"})
    all = fields.Boolean(load_default=False, metadata={"description": "Inactive ones, too; all of ours are active"})


class SoftwareQuery(ListQuery):
    url = fields.String(
        load_default="", validate=validate.Length(max=255), metadata={"description": "Only what lives at this address"}
    )


class Links(Schema):
    """Queries to append to the same address; null at the ends."""

    prev = fields.String(allow_none=True)
    next = fields.String(allow_none=True)


class Software(Schema):
    """``url`` is what publiccode.yml names, ``aliases`` where git finds it here."""

    id = fields.String()
    publiccodeYml = fields.String()  # noqa: N815 the API's own name
    url = fields.String()
    aliases = fields.List(fields.String())
    active = fields.Boolean()
    catalogId = fields.String()  # noqa: N815
    createdAt = fields.String()  # noqa: N815
    updatedAt = fields.String()  # noqa: N815


class CodeHosting(Schema):
    url = fields.String()
    group = fields.Boolean()
    createdAt = fields.String()  # noqa: N815
    updatedAt = fields.String()  # noqa: N815


class Publisher(Schema):
    """``alternativeId`` is Kemendagri's code of the city."""

    id = fields.String()
    alternativeId = fields.String()  # noqa: N815
    description = fields.String()
    codeHosting = fields.List(fields.Nested(CodeHosting))  # noqa: N815
    active = fields.Boolean()
    catalogId = fields.String()  # noqa: N815
    createdAt = fields.String()  # noqa: N815
    updatedAt = fields.String()  # noqa: N815


class Source(Schema):
    driver = fields.String()
    url = fields.String()


class Catalog(Schema):
    """``publishersNamespace`` with a publisher's ``alternativeId`` is the ``organisation.uri`` of its files."""

    id = fields.String()
    alternativeId = fields.String()  # noqa: N815
    name = fields.String()
    active = fields.Boolean()
    publishersNamespace = fields.String()  # noqa: N815
    scopes = fields.List(fields.String())
    sources = fields.List(fields.Nested(Source))
    createdAt = fields.String()  # noqa: N815
    updatedAt = fields.String()  # noqa: N815


def page_of(item: type[Schema]) -> type[Schema]:
    members = {"data": fields.List(fields.Nested(item)), "links": fields.Nested(Links)}
    return type(f"{item.__name__}Page", (Schema,), members)


SoftwarePage, PublisherPage, CatalogPage = page_of(Software), page_of(Publisher), page_of(Catalog)
