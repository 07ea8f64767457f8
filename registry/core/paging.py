"""Lists of the API: a page of items and a cursor, the same everywhere (design §9).

A cursor is opaque to who gets it: what comes back in ``next`` is given as ``after``.
"""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from itertools import dropwhile, islice
from typing import Any, TypeVar

from flask_babel import gettext as _
from marshmallow import Schema, fields, validate

from registry.core.errors import Finding, InvalidError

MAX_LIMIT = 100
Item = TypeVar("Item")


class PageQuery(Schema):
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_LIMIT))
    after = fields.String(
        load_default="", validate=validate.Length(max=200), metadata={"description": "`next` of the page before"}
    )


def page_of(item: type[Schema]) -> type[Schema]:
    """The schema of a page of ``item``."""
    members = {
        "items": fields.List(fields.Nested(item)),
        "next": fields.String(allow_none=True, metadata={"description": "Give it as `after`; null on the last page"}),
    }
    return type(item.__name__.removesuffix("Schema") + "PageSchema", (Schema,), members)


def page(rows: Sequence[Item], query: dict[str, Any], key: Callable[[Item], str]) -> dict[str, Any]:
    """The page of ``rows`` (in their order) that ``query`` asks for; ``key`` names a row among them for good."""
    wanted, limit = read_cursor(query["after"]), query["limit"]
    rest = rows if not wanted else list(islice(dropwhile(lambda row: key(row) != wanted, rows), 1, None))
    items = list(rest[:limit])
    return {"items": items, "next": cursor(key(items[-1])) if len(rest) > limit else None}


def cursor(key: str) -> str:
    return urlsafe_b64encode(key.encode()).decode().rstrip("=")


def read_number(text: str) -> int | None:
    """The number in a cursor, None for none. Raises InvalidError for what we never gave."""
    key = read_cursor(text)
    if not key:
        return None
    if not (key.isdecimal() and len(key) < 19):
        raise _no_cursor()
    return int(key)


def read_cursor(text: str) -> str:
    """The key in a cursor, "" for none. Raises InvalidError for what we never gave."""
    try:
        return b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True).decode().replace("\0", "")
    except (ValueError, UnicodeError) as error:
        raise _no_cursor() from error


def _no_cursor() -> InvalidError:
    message = _("This is no cursor: give the next of the page before, as it came.")
    return InvalidError(message, [Finding("query.after", message)])
