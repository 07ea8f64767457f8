"""Choosing: the public page that compares, and a city's shortlist and plan in its console."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import get_locale

from registry.catalog import labels, rules
from registry.catalog.choosing import comparing, voters, words
from registry.catalog.choosing import rules as choosing
from registry.catalog.models import App
from registry.catalog.search import find
from registry.catalog.search import rules as search

OFFERED = 8
"""Apps found for a free column."""

blueprint = Blueprint("choosing", __name__)
blueprint.add_app_template_filter(lambda columns: list(zip(*columns, strict=True)), "lines")
blueprint.add_app_template_global(voters.cities, "shortlist_cities")


@blueprint.context_processor
def _words() -> dict[str, object]:
    return {"labels": labels, "words": words, "title_of": title_of, "most": choosing.MOST}


def title_of(app: App) -> str:
    """In the visitor's language."""
    return str(rules.description(app.facts, [str(get_locale())])[1].get("localisedName") or app.name)


@blueprint.get("/compare")
def compare() -> str:
    """Up to four apps side by side, all in the address: ``apps=a,b``; ``q`` finds one more."""
    chosen = choosing.chosen(request.args.getlist("apps"))
    found = comparing.compare(chosen)
    query = search.tidy(request.args.get("q", ""))
    return render_template(
        "catalog/compare.html", found=found, complaints=words.complaints(chosen, found), query=query,
        offered=_offered(query, found.slugs), compare_url=compare_url, origin=current_app.extensions["lumbung"].origin,
    )  # fmt: skip


def compare_url(slugs: Sequence[str], leave: str = "", add: str = "") -> str:
    kept = [slug for slug in slugs if slug != leave] + ([add] if add else [])
    return url_for("choosing.compare") + ("?apps=" + ",".join(kept) if kept else "")


def _offered(query: str, slugs: Sequence[str]) -> list[App]:
    """For a free column: what the words find."""
    if not query or len(slugs) >= choosing.MOST:
        return []
    return [one.app for one in find.search(query).items if one.app.slug not in slugs][:OFFERED]
