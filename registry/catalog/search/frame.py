"""What stands around the list: header, footer, styles. The same for everybody who is not signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

from flask import current_app, render_template, session
from flask_babel import get_locale
from flask_login import current_user
from markupsafe import Markup, escape

from registry.catalog.search import find
from registry.catalog.search.shelf import Address, hidden
from registry.catalog.search.store import Edition

GAP, LINK = "\ufdd0", "\ufdd1"
"""Stand where the page's own words and the addresses of its other languages go: characters no text may have."""


def framed(held: Edition, address: Address, main: str) -> Markup:
    """The whole page; ``main`` is HTML."""
    asked = bool(address.query or address.filters)
    alike = not current_user.is_authenticated and "_flashes" not in session
    draw = partial(_drawn, held, asked)
    drawn = held.kept(f"frame {get_locale()} {asked}", draw) if alike else draw()
    start, form, hidden_fields, list_, end = map(_linked, drawn)
    query = escape(address.query)
    title = f"{query} · " if query else ""
    return Markup(f"{start}{title}{form}{query}{hidden_fields}{hidden(address)}{list_}{main}{end}")  # noqa: S704 escaped


def _drawn(held: Edition, asked: bool) -> list[str]:
    """In five pieces, between which go: title, words asked for, hidden fields, the list."""
    figures = held.kept("figures", find.figures)
    return render_template(
        "catalog/list_frame.html", gap=GAP, asked=asked, figures=figures,
        language_url=lambda code: f"{LINK}{code}{LINK}",
    ).split(GAP)  # fmt: skip


def _linked(drawn: str) -> str:
    """With the addresses of this very page in the other languages."""
    language_url = cast(Callable[[str], str], current_app.jinja_env.globals["language_url"])
    parts = drawn.split(LINK)
    return "".join(str(escape(language_url(part))) if at % 2 else part for at, part in enumerate(parts))
