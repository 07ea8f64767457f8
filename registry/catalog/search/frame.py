"""What stands around the found: header, footer, styles, the list's own frame. The same for all who are not signed in,
so it is drawn once per edition of the catalog, with gaps for what a question changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import current_app, get_template_attribute, render_template, session
from flask_babel import get_locale
from flask_login import current_user
from markupsafe import Markup, escape

from registry.catalog.search import find
from registry.catalog.search.cards import cards
from registry.catalog.search.find import Results
from registry.catalog.search.shelf import Address, Shelf, hidden
from registry.catalog.search.store import Edition

GAP, LINK = "\ufdd0", "\ufdd1"
"""Stand where the page's own words and the addresses of its other languages go: characters no text may have."""

PARTS = "catalog/list_parts.html"


def framed(held: Edition, address: Address, main: str) -> Markup:
    """The whole page; ``main`` is HTML."""
    asked = bool(address.query or address.filters)
    figures = held.kept("figures", find.figures)
    drawn = _drawn(
        held, "catalog/list_frame.html", asked=asked, figures=figures, language_url=lambda code: f"{LINK}{code}{LINK}"
    )
    start, form, hidden_fields, list_, end = map(_linked, drawn)
    query = escape(address.query)
    title = f"{query} · " if query else ""
    return Markup(f"{start}{title}{form}{query}{hidden_fields}{hidden(address)}{list_}{main}{end}")  # noqa: S704 escaped


def listed(held: Edition, address: Address, results: Results, shelf: Shelf) -> str:
    """The list: filters, heading, cards."""
    asked, found = bool(address.query or address.filters), bool(results.ids)
    most = results.most and found
    notes = _part("notes", results.corrected, most) if results.corrected or most else ""
    heading = _part("heading", address.query, bool(address.filters), results.total)
    values = [heading, f"{notes}{shelf.chips}{shelf.tools if found else ''}"]
    if shelf.facets:
        values = [f" ({shelf.active})" if shelf.active else "", shelf.facets, *values]
    if found:
        values += [cards(held, results.ids, results.highlights), _part("pager", results) if results.pages > 1 else ""]
    drawn = _drawn(held, "catalog/list.html", asked=asked, facets=bool(shelf.facets), found=found)
    return "".join([piece for pair in zip(drawn, values, strict=False) for piece in pair]) + drawn[-1]


def _part(macro: str, *values: object) -> str:
    drawn: str = get_template_attribute(PARTS, macro)(*values)
    return drawn


def _drawn(held: Edition, template: str, **values: object) -> list[str]:
    """In pieces, between which what depends on the question goes. Kept for all but those who are signed in."""

    def draw() -> list[str]:
        return render_template(template, gap=GAP, **values).split(GAP)

    if current_user.is_authenticated or "_flashes" in session:
        return draw()
    shape = [value for value in values.values() if isinstance(value, bool)]
    return held.kept(f"{template} {get_locale()} {shape}", draw)


def _linked(drawn: str) -> str:
    """With the addresses of this very page in the other languages."""
    language_url = cast(Callable[[str], str], current_app.jinja_env.globals["language_url"])
    parts = drawn.split(LINK)
    return "".join(str(escape(language_url(part))) if at % 2 else part for at, part in enumerate(parts))
