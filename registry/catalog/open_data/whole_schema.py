"""The shape of ``/catalog.json`` as JSON Schema 2020-12."""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string"}
MOMENT = {"type": "string", "format": "date-time"}
TEXTS = {"type": "array", "items": TEXT}
CITY = {
    "type": "object",
    "description": "A kabupaten or kota; code is Kemendagri's.",
    "properties": {"slug": TEXT, "code": TEXT, "name": TEXT},
    "required": ["slug", "code", "name"],
}


def _maybe(kind: dict[str, Any], description: str = "") -> dict[str, Any]:
    return {**kind, "type": [kind["type"], "null"]} | ({"description": description} if description else {})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    """Everything named is there; more may come."""
    return {"type": "object", "properties": properties, "required": list(properties)}


RELEASE = _object(
    {
        "version": TEXT,
        "size": {"type": "integer", "description": "Bytes of the archive."},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "published_at": MOMENT,
        "yanked_at": _maybe(MOMENT, "When it was withdrawn from new use."),
        "yank_reason": TEXT,
        "archive": {"type": "string", "format": "uri"},
    }
)
ADOPTION = _object({"city": CITY, "since": MOMENT, "version": TEXT, "running": {"type": "boolean"}})
APP = _object(
    {
        "id": {"type": "string", "format": "uuid"},
        "slug": TEXT,
        "name": TEXT,
        "maturity": TEXT,
        "licence": {"type": "string", "description": "SPDX expression."},
        "runtime": TEXT,
        "rating": {"type": "string", "description": "Safety of the newest release, A to E; empty without one."},
        "categories": TEXTS,
        "dimensions": TEXTS,
        "affairs": TEXTS,
        "audience": TEXTS,
        "needs": TEXTS,
        "publisher": CITY,
        "version": {"type": "string", "description": "Of the newest release in use; empty without one."},
        "described_only": {"type": "boolean", "description": "The source is not in this registry."},
        "based_on": _maybe(TEXT, "Slug of the app it is a variant of."),
        "deprecated_at": _maybe(MOMENT),
        "deprecation": TEXT,
        "successor": _maybe(TEXT, "Slug of the app that takes its place."),
        "page": {"type": "string", "format": "uri"},
        "clone_url": _maybe({"type": "string", "format": "uri"}),
        "created_at": MOMENT,
        "updated_at": MOMENT,
        "releases": {"type": "array", "items": RELEASE},
        "adoptions": {"type": "array", "items": ADOPTION, "description": "Facts of the registry, never typed."},
        "publiccode": {"type": "object", "description": "publiccode.yml of the app, as JSON."},
    }
)


def schema(origin: str) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{origin}/catalog.schema.json",
        "title": "The catalog of a Lumbung registry",
        "description": "One line per app, in the order of their slugs, all as they were at one moment.",
    } | _object(
        {
            "$schema": {"type": "string", "format": "uri"},
            "version": {"type": "string", "description": "Changes whenever anything below does."},
            "changed_at": MOMENT,
            "count": {"type": "integer", "minimum": 0},
            "apps": {"type": "array", "items": APP},
        }
    )
