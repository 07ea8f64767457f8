"""Pages of the Software Catalog API: by the time something was made, then by number, forwards and backwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, tuple_

from registry.catalog.models import App
from registry.catalog.open_data.software.schemas import MOST
from registry.core import paging
from registry.core.db import db
from registry.core.errors import Finding, InvalidError
from registry.tenants.models import City

Model = type[App] | type[City]


@dataclass(frozen=True)
class Page:
    """``prev`` and ``next`` are cursors, "" at the ends."""

    items: Sequence[Any]
    prev: str
    next: str


def page(wanted: Select[Any], model: Model, query: dict[str, Any]) -> Page:
    """Of the rows wanted. New ones come last, so that who goes on reading misses none. Raises InvalidError."""
    size = min(query["size"], MOST)
    place: ColumnElement[Any] = tuple_(model.created_at, model.id)
    wanted = _between(wanted, model, query)
    if query["before"] and not query["after"]:
        earlier = wanted.where(place < tuple_(*_position(query["before"], "before")))
        found = list(db.session.scalars(earlier.order_by(model.created_at.desc(), model.id.desc()).limit(size + 1)))
        items = list(reversed(found[:size]))
        return Page(items, _cursor(items[:1]) if len(found) > size else "", _cursor(items[-1:]))
    if query["after"]:
        wanted = wanted.where(place > tuple_(*_position(query["after"], "after")))
    found = list(db.session.scalars(wanted.order_by(model.created_at, model.id).limit(size + 1)))
    items = found[:size]
    return Page(items, _cursor(items[:1]) if query["after"] else "", _cursor(items[-1:]) if len(found) > size else "")


def links(page: Page, asked: Sequence[tuple[str, str]]) -> dict[str, str | None]:
    """With everything else that was asked kept."""
    kept = [(name, value) for name, value in asked if name not in ("page[before]", "page[after]")]
    return {"prev": _link(kept, "page[before]", page.prev), "next": _link(kept, "page[after]", page.next)}


def _link(kept: Sequence[tuple[str, str]], name: str, cursor: str) -> str | None:
    pairs = sorted([*kept, (name, cursor)])
    return "?" + "&".join(f"{key}={quote_plus(value)}" for key, value in pairs) if cursor else None


def _between(wanted: Select[Any], model: Model, query: dict[str, Any]) -> Select[Any]:
    if query.get("from_"):
        wanted = wanted.where(model.created_at > query["from_"])
    return wanted.where(model.created_at < query["to"]) if query.get("to") else wanted


def _cursor(rows: Sequence[Any]) -> str:
    return paging.cursor(f"{rows[0].created_at.astimezone(UTC).isoformat()} {rows[0].id}") if rows else ""


def _position(text: str, name: str) -> tuple[datetime, int]:
    try:
        moment, _space, number = paging.read_cursor(text).partition(" ")
        at, known = datetime.fromisoformat(moment), int(number)
        if at.tzinfo is None or not 0 <= known < 2**63:
            raise ValueError
    except (ValueError, InvalidError):
        message = _("This is no cursor: take prev or next of the answer before, as it came.")
        raise InvalidError(message, [Finding(f"page[{name}]", message)]) from None
    return at, known
