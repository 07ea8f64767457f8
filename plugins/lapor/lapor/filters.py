"""Lists narrowed down by their address: reading the filters, and writing the addresses of neighbouring pages."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import request

from lapor.rules import State
from lapor.store import Filters, Page


def number(name: str) -> int | None:
    """A whole number from the address; nonsense counts as absent."""
    value = request.args.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else None


def text(name: str, longest: int = 80) -> str:
    return request.args.get(name, "").replace("\x00", "").strip()[:longest]


def from_address() -> Filters:
    """The filters of the present address."""
    state = text("status")
    return Filters(
        q=text("q"),
        category=number("kategori"),
        kelurahan=text("kelurahan"),
        state=state if state in set(State) else "",
        opd=number("opd"),
    )


def addresses(page: Page) -> Mapping[str, str | None]:
    """The addresses of the previous and next page, with every filter kept."""
    return {
        "previous": _address(sebelum=page.before) if page.before else None,
        "next": _address(sesudah=page.after) if page.after else None,
    }


def _address(**key: Any) -> str:
    kept = [(name, value) for name, value in request.args.items() if name not in ("sebelum", "sesudah", "lang")]
    return f"{request.path}?{urlencode([*kept, *key.items()])}"
