"""The bundle's JSON Schema of its settings: of an object, complete in one file, and nothing a database cannot keep."""

from __future__ import annotations

import json
import re
from typing import Any

from flask_babel import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from registry.catalog.inspection.files import Files

MAX_BYTES = 256 * 1024


def read(files: Files, path: str) -> tuple[dict[str, Any] | None, str | None]:
    """The parsed schema, or why it is refused."""
    if path not in files:
        return None, _("config.schema names this file, but it is not in the bundle: add it.")
    if files.size(path) > MAX_BYTES:
        return None, _("The file is longer than %(n)d kB: shorten it.", n=MAX_BYTES // 1024)
    try:
        schema = json.loads(files.read(path), parse_constant=_refuse_constant)
        Draft202012Validator.check_schema(schema)
    except (ValueError, RecursionError) as error:
        return None, _("This is not valid JSON: %(problem)s.", problem=str(error)[:200])
    except SchemaError as error:
        return None, _("This is not JSON Schema 2020-12: %(problem)s.", problem=error.message[:200])
    if not isinstance(schema, dict) or schema.get("type") != "object":
        return None, _('The schema must describe an object: write "type": "object" at its top.')
    if not is_storable(json.dumps(schema, ensure_ascii=False)):
        return None, _("The file has characters that cannot be stored (NUL or half a pair): remove them.")
    if any(not reference.startswith("#") for reference in _references(schema)):
        return None, _("A $ref may point only inside this file: begin it with #.")
    return schema, None


def _refuse_constant(name: str) -> None:
    """Python reads NaN and Infinity, the standard and PostgreSQL do not."""
    raise ValueError(name)


def _references(value: object) -> list[str]:
    """Every ``$ref`` and ``$dynamicRef`` in the schema."""
    found, waiting = [], [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            found += [str(here[key]) for key in ("$ref", "$dynamicRef") if isinstance(here.get(key), str)]
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
    return found


def is_storable(dumped: str) -> bool:
    """Whether PostgreSQL takes this JSON text: no NUL, written out or escaped, and no lone surrogate."""
    return "\\u0000" not in dumped and "\0" not in dumped and not re.search("[\ud800-\udfff]", dumped)
