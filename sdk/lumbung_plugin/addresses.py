"""Lists narrowed down by their address: reading the filters, and writing the addresses of neighbouring pages."""

from collections.abc import Container
from datetime import date
from urllib.parse import urlencode

from flask import request

# How the keys of neighbouring pages are called in addresses.
BEFORE, AFTER = "sebelum", "sesudah"
DIGITS = 12


def number(name: str) -> int | None:
    """A whole number from the address; nonsense counts as absent."""
    value = request.args.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < DIGITS else None


def text(name: str, longest: int = 80) -> str:
    """A text from the address, bounded; empty when absent."""
    return request.args.get(name, "").replace("\x00", "").strip()[:longest]


def choice(name: str, allowed: Container[str]) -> str:
    """A text that is one of `allowed` (of a StrEnum: `set(State)`); anything else counts as absent, empty."""
    value = request.args.get(name, "")
    return value if value and value in allowed else ""


def day(name: str) -> date | None:
    """A day (`2026-11-24`) from the address; nonsense counts as absent."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def page_links(before: int | str | None = None, after: int | str | None = None) -> dict[str, str | None]:
    """The addresses of the previous and the next page, with every other argument of the present one kept.

    `before` and `after` are keys of rows (`None`: no such page); the next request reads them back by `number(BEFORE)`
    and `number(AFTER)`. Hand the result to the macro `pager`.
    """
    return {
        "previous": _address(BEFORE, before) if before is not None else None,
        "next": _address(AFTER, after) if after is not None else None,
    }


def _address(name: str, key: int | str) -> str:
    kept = [pair for pair in request.args.items(multi=True) if pair[0] not in (BEFORE, AFTER, "lang")]
    return f"{request.script_root}{request.path}?{urlencode([*kept, (name, key)])}"
