"""What stands around the list: header, footer, styles. The same for everybody who is not signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import current_app, render_template, session
from flask_babel import get_locale
from flask_login import current_user
from markupsafe import Markup, escape

from registry.catalog.search.store import Catalog

GAP, LINK = "\ufdd0", "\ufdd1"
"""Stand where the page's own words and the addresses of its other languages go: characters no text may have."""


def framed(held: Catalog, title: str, main: str) -> Markup:
    """The whole page; ``main`` is HTML."""
    alike = not current_user.is_authenticated and "_flashes" not in session
    drawn = held.kept(f"frame {get_locale()}", _drawn) if alike else _drawn()
    before, between, after = map(_linked, drawn)
    told = escape(f"{title} · ") if title else ""
    return Markup(f"{before}{told}{between}{main}{after}")  # noqa: S704 drawn by templates, the title is escaped


def _drawn() -> tuple[str, str, str]:
    around = render_template("catalog/list_frame.html", gap=GAP, language_url=lambda code: f"{LINK}{code}{LINK}")
    before, between, after = around.split(GAP)
    return before, between, after


def _linked(drawn: str) -> str:
    """With the addresses of this very page in the other languages."""
    language_url = cast(Callable[[str], str], current_app.jinja_env.globals["language_url"])
    parts = drawn.split(LINK)
    return "".join(str(escape(language_url(part))) if at % 2 else part for at, part in enumerate(parts))
