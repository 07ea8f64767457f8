"""Choosing: the public page that compares, and a city's shortlist and plan in its console."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request, url_for
from flask_babel import get_locale

from registry.catalog import labels, rules
from registry.catalog.choosing import comparing, lines, voters, words
from registry.catalog.choosing import rules as choosing
from registry.catalog.models import App
from registry.catalog.search import find
from registry.catalog.search import rules as search
from registry.core import clock

OFFERED = 8
"""Apps found for a free column."""

blueprint = Blueprint("choosing", __name__)
blueprint.add_app_template_global(voters.cities, "shortlist_cities")


@blueprint.context_processor
def _words() -> dict[str, object]:
    return {"labels": labels, "words": words, "title_of": title_of, "most": choosing.MOST}


def title_of(app: App) -> str:
    """In the visitor's language."""
    return str(rules.description(app.facts, [str(get_locale())])[1].get("localisedName") or app.name)


@blueprint.get("/compare")
def compare() -> str:
    """Up to four apps side by side, all in the address: ``apps=a,b``; ``show`` as in `lines.SHOWS`; ``q`` finds one
    more.
    """
    chosen = choosing.chosen(request.args.getlist("apps"))
    found = comparing.compare(chosen)
    query = search.tidy(request.args.get("q", ""))
    return render_template(
        "catalog/compare.html", found=found, complaints=words.complaints(chosen, found), query=query,
        offered=_offered(query, found.slugs), compare_url=compare_url, sections=lines.sections(found.sides),
        show=_show(), today=clock.today(),
    )  # fmt: skip


def _show() -> str:
    """What the address asks for, else the differences first."""
    wished = request.args.get("show", "")
    return wished if wished in lines.SHOWS else lines.FIRST


def compare_url(slugs: Sequence[str], leave: str = "", add: str = "", show: str = lines.FIRST) -> str:
    kept = [slug for slug in slugs if slug != leave] + ([add] if add else [])
    if not kept:
        return url_for("choosing.compare")
    shown = f"&show={show}" if show != lines.FIRST else ""
    return f"{url_for('choosing.compare')}?apps={','.join(kept)}{shown}"


def _offered(query: str, slugs: Sequence[str]) -> list[App]:
    """For a free column: what the words find."""
    if not query or len(slugs) >= choosing.MOST:
        return []
    return [one.app for one in find.search(query).items if one.app.slug not in slugs][:OFFERED]
