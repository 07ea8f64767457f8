"""``publiccode.yml`` for programs: judge one, describe an app whose source is not here yet."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from registry.catalog.describing import describe
from registry.catalog.publiccode.file import parse
from registry.catalog.publiccode.yaml_text import MAX_BYTES
from registry.core.uow import unit_of_work
from registry.tenants.access import enter_programme

blueprint = Blueprint("api_file", __name__, url_prefix="/api/v1", description="publiccode.yml")


class TextSchema(Schema):
    publiccode = fields.String(
        required=True, validate=validate.Length(max=MAX_BYTES), metadata={"description": "The text of a publiccode.yml"}
    )


class FindingSchema(Schema):
    """``path`` is a key of the file, ``line`` counts from 1 (null when the finding is of no line)."""

    level = fields.String(metadata={"enum": ["error", "warning"]})
    path = fields.String()
    line = fields.Integer(allow_none=True)
    message = fields.String()


class VerdictSchema(Schema):
    valid = fields.Boolean()
    findings = fields.List(fields.Nested(FindingSchema))


class DescribedSchema(Schema):
    slug = fields.String()
    described_only = fields.Boolean()


@blueprint.post("/publiccode/check")
@blueprint.arguments(TextSchema)
@blueprint.response(200, VerdictSchema)
def check(given: dict[str, str]) -> dict[str, Any]:
    """What the standard's own parser would say, with lines. Needs no token; nothing is kept."""
    described, findings = parse(given["publiccode"].encode(errors="surrogatepass"))
    return {"valid": described is not None, "findings": findings}


@blueprint.put("/apps/<string:app>/description")
@blueprint.arguments(TextSchema)
@blueprint.response(200, DescribedSchema)
def describe_app(given: dict[str, str], app: str) -> Any:
    """Describe an app whose source is not here yet; its first release makes it a usual entry. For maintainers."""
    publisher = enter_programme("app.publish")
    with unit_of_work():
        return describe(publisher, app, given["publiccode"].encode(errors="surrogatepass"))
